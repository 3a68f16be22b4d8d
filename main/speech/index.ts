/**
 * Speech: the engines that hear and speak. Voice activity detection (Silero), recognition against a grammar
 * (PocketSphinx) and synthesis (eSpeak NG), with the networks of model packs beside them where a site has chosen some; each behind one interface and in a supervised process of its own, so
 * that a native crash costs a turn and not the appliance. When to listen and when to speak is conversation's.
 */

export type { WorkerCrash, WorkerTimings } from '../base/index.ts';
export { type SpeechCheck, speechChecks } from './checks.ts';
export type * from './engines.ts';
export type { SpeechPacks } from './neural/packs.ts';
export { secondOpinion } from './neural/second-opinion.ts';
export { type SpeechOptions, type SpeechPids, type SupervisedSpeech, startSpeech } from './speech.ts';
export { spokenForm } from './spoken/spoken.ts';
export { voiceDoor } from './synthesiser/voice-door.ts';
