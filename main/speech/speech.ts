import { Emitter, type Log, type Unsubscribe, type WorkerCrash, type WorkerTimings } from '../base/index.ts';
import type { PreparingSynthesiser, Speech } from './engines.ts';
import { recogniser } from './recogniser/recogniser.ts';
import { markForEspeak, synthesiser } from './synthesiser/synthesiser.ts';
import { voiceDoor } from './synthesiser/voice-door.ts';
import { voiceActivityDetector } from './vad/detector.ts';
import { SupervisedWorker } from './workers/supervisor.ts';

export interface SpeechOptions {
  readonly log: Log;
  /** Of supervision; tests hurry it. */
  readonly timings?: Partial<WorkerTimings>;
}

/** Process ids of the engines that run now. */
export interface SpeechPids {
  readonly vad: number | undefined;
  readonly recogniser: number | undefined;
  readonly synthesiser: number | undefined;
}

/** The engines of an appliance, with what a host and a doctor need to look after them. */
export interface SupervisedSpeech extends Speech {
  readonly synthesiser: PreparingSynthesiser;
  /**
   * Resolves when all engines can serve.
   * @throws SottoError `speech/engine-unavailable` naming the first that cannot.
   */
  warmUp(): Promise<void>;
  pids(): SpeechPids;
  /** An engine's process ended unasked; a fresh one is being started. */
  onCrash(listener: (crash: WorkerCrash) => void): Unsubscribe;
}

/**
 * Starts all engines, each in its own process, without waiting for them: a call waits until its engine is ready,
 * and tells `speech/engine-unavailable` where it cannot be.
 */
export async function startSpeech(options: SpeechOptions): Promise<SupervisedSpeech> {
  const worker = (engine: string, entry: string) =>
    new SupervisedWorker(engine, new URL(entry, import.meta.url), options.log, options.timings);
  const ears = worker('vad', './vad/worker.ts');
  const mind = worker('recogniser', './recogniser/worker.ts');
  const mouth = worker('synthesiser', './synthesiser/worker.ts');
  const workers = [ears, mind, mouth];
  const crashes = new Emitter<WorkerCrash>();
  for (const each of workers) {
    each.onCrash((crash) => crashes.emit(crash));
    each.start().catch(() => {});
  }
  const voice = voiceDoor(synthesiser(mouth), markForEspeak);
  return {
    vad: voiceActivityDetector(ears),
    recogniser: recogniser(mind, (word) => voice.phonemes(word, { name: 'en-us', rate: 165 })),
    synthesiser: voice,
    warmUp: async () => {
      await Promise.all(workers.map((each) => each.start()));
    },
    pids: () => ({ vad: ears.pid, recogniser: mind.pid, synthesiser: mouth.pid }),
    onCrash: (listener) => crashes.on(listener),
    close: async () => {
      await Promise.all(workers.map((each) => each.close()));
    },
  };
}
