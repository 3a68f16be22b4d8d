/**
 * What is not meant for the desk and would be acted on all the same: by the evidence of words, and with the VAD before it.
 * Acted on is whatever the agent answers otherwise than what is outside its grammar ("I cannot help with that"): where
 * nothing was asked its own dialogue tells, under a question every command counts.
 */
import { readFileSync } from 'node:fs';
import { outsideTheGrammar } from '../../main/conversation/understood.ts';
import {
  buildKnowledge,
  type CompiledDesk,
  createDialogue,
  type DialogueAct,
  type Expectation,
  type Knowledge,
  type Understanding,
} from '../../main/dialogue/index.ts';
import { FRAME, freshState, Silero } from '../../main/speech/vad/silero.ts';
import { readWav } from '../../test/speech/sound.ts';
import { dataFile } from '../../test/support/data.ts';
import { spokenFile } from '../spoken/voices.ts';
import { BenchEars } from './decoder.ts';
import { deskOf } from './desk.ts';
import { samplesOf, wavFiles } from './sound.ts';

const RATE = 16_000;
/** Stands for words that no desk knows. */
const NOTHING = 'um';
/** Frames of voice activity on end that make an utterance, as in a conversation. */
const SPEECH_FRAMES = 3;
/** Of 200 sentences outside every scope, so many, evenly, each by the next of these voices. */
const SENTENCES = 24;
const VOICES = ['espeak', 'f3', 'gb'];
const NOISES: Readonly<Record<string, readonly string[]>> = {
  'kitchen noise, 2 s': ['speech', 'intent', 'noise', 'kitchen.wav'],
  'drive-through noise, 2 s': ['sound', 'drive-thru.wav'],
  'office noise (people talk in it), 2 s': ['sound', 'office.wav'],
  'babble behind a speaker, 2 s': ['sound', 'babble-speech-15dB.wav'],
};

/** By name, how each kind of sound is got. */
const SOUNDS: Readonly<Record<string, () => Float32Array[]>> = {
  'orders for coffee': () =>
    wavFiles('speech', 'intent', 'wav')
      .filter((_, at) => at % 8 === 0)
      .map((file) => samplesOf('speech', 'intent', 'wav', file)),
  'out-of-scope sentences (CLINC), eSpeak NG': spokenSentences,
  'LibriSpeech, first 4 s': () => read().map((samples) => samples.subarray(0, 4 * RATE)),
  'LibriSpeech, 2 s of it': () => read().map((samples) => samples.subarray(RATE, 3 * RATE)),
  ...Object.fromEntries(
    Object.entries(NOISES).map(([name, path]) => [name, () => pieces(samplesOf(...path))]),
  ),
};
export const OUTSIDE: readonly string[] = Object.keys(SOUNDS);

export interface ActedOn {
  readonly tried: number;
  readonly byWords: number;
  readonly byBoth: number;
}

/** One kind of sound at one desk, under every kind of expectation in turn. */
export async function actedOn(folder: string, kind: string): Promise<ActedOn> {
  const desk = await deskOf(folder);
  const sounds = SOUNDS[kind]?.() ?? [];
  const acts = actsAt(desk);
  const ears = new BenchEars(false);
  const expected = expectationsOf(desk);
  const counted = { tried: 0, byWords: 0, byBoth: 0 };
  const silero = await Silero.load();
  for (const [at, samples] of sounds.entries()) {
    counted.tried += 1;
    const expectation = expected(at);
    if (!acts(expectation, ears.hear(desk.grammar(expectation), samples))) continue;
    counted.byWords += 1;
    if (await isSpeech(silero, samples)) counted.byBoth += 1;
  }
  ears.free();
  return counted;
}

function spokenSentences(): Float32Array[] {
  const sets: unknown = JSON.parse(readFileSync(dataFile('text', 'clinc150-train-val.json'), 'utf8'));
  const outside = (sets as Record<string, [string, string][]>).oos_train ?? [];
  const step = Math.floor(outside.length / SENTENCES);
  return Array.from({ length: SENTENCES }, (_, at) => {
    const file = spokenFile(outside[at * step]?.[0] ?? '', VOICES[at % VOICES.length] ?? '');
    return file === null ? new Float32Array(0) : readWav(file).samples;
  });
}

function read(): Float32Array[] {
  return wavFiles('speech', 'read')
    .filter((_, at) => at % 2 === 0)
    .map((file) => samplesOf('speech', 'read', file));
}

/** Up to 12 pieces of 2 s, evenly. */
function pieces(sound: Float32Array): Float32Array[] {
  const count = Math.min(12, Math.floor(sound.length / (2 * RATE)));
  return Array.from({ length: count }, (_, at) => {
    const from = Math.floor((at * (sound.length - 2 * RATE)) / Math.max(1, count - 1));
    return sound.subarray(from, from + 2 * RATE);
  });
}

/** Whether something is done about what was heard. */
function actsAt(
  desk: CompiledDesk,
): (expectation: Expectation, heard: { readonly text: string; readonly inGrammar: boolean }) => boolean {
  const knowledge = buildKnowledge(desk.pack.knowledge);
  const refusal = answerTo(desk, knowledge, NOTHING, outsideTheGrammar(NOTHING));
  return (expectation, { text, inGrammar }) => {
    if (expectation.kind !== 'open') {
      const { commands } = desk.understand(text, expectation, 0);
      return inGrammar && commands.some(({ command }) => command !== 'outOfScope');
    }
    const understood = inGrammar ? desk.understand(text, expectation, 0) : outsideTheGrammar(text);
    return answerTo(desk, knowledge, text, understood) !== refusal;
  };
}

/** What a conversation that has just begun says and does to this, and what it expects then. */
function answerTo(
  desk: CompiledDesk,
  knowledge: Knowledge,
  text: string,
  understanding: Understanding,
): string {
  const dialogue = createDialogue({ desk, knowledge, clock: { now: () => 0, monotonicMs: () => 0 } });
  for (const _ of dialogue.begin());
  const done: DialogueAct[] = [];
  for (const act of dialogue.hear({ text, via: 'voice', confidence: 1, understanding })) {
    done.push(act);
    // A tool is asked for: whatever it answers, that is something.
    if (act.act === 'propose') break;
  }
  return JSON.stringify([done, dialogue.expectation, dialogue.snapshot()]);
}

async function isSpeech(silero: Silero, samples: Float32Array): Promise<boolean> {
  const state = freshState();
  let onEnd = 0;
  for (let at = 0; at + FRAME <= samples.length && onEnd < SPEECH_FRAMES; at += FRAME) {
    const probability = await silero.probability(samples.subarray(at, at + FRAME), state);
    onEnd = probability > 0.5 ? onEnd + 1 : 0;
  }
  return onEnd >= SPEECH_FRAMES;
}

/** Anything, a yes or no, a slot: half of the time anything. */
function expectationsOf(desk: CompiledDesk): (at: number) => Expectation {
  const flows = Object.values(desk.pack.flows);
  const slots = flows.flatMap(({ flow, slots }) => Object.keys(slots).map((slot) => ({ flow, slot })));
  return (at) => {
    const [flow, slot] = [flows[at % flows.length], slots[at % slots.length]];
    if (at % 4 === 1 && flow) return { kind: 'yesNo', flow: flow.flow };
    if (at % 4 === 3 && slot) return { kind: 'slot', ...slot };
    return { kind: 'open' };
  };
}
