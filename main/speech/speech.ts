import { Emitter, type Log, type Unsubscribe, type WorkerCrash, type WorkerTimings } from '../base/index.ts';
import type { PreparingSynthesiser, Speech } from './engines.ts';
import { packEngines, type SpeechPacks } from './neural/packs.ts';
import { recogniser } from './recogniser/recogniser.ts';
import { markForEspeak, synthesiser } from './synthesiser/synthesiser.ts';
import { voiceDoor } from './synthesiser/voice-door.ts';
import { voiceActivityDetector } from './vad/detector.ts';
import { SupervisedWorker } from './workers/supervisor.ts';

export interface SpeechOptions {
  readonly log: Log;
  /** Of supervision; tests hurry it. */
  readonly timings?: Partial<WorkerTimings>;
  /** Packs that the site has chosen, each as `Models.open` gives it. */
  readonly packs?: SpeechPacks;
}

/** Process ids of the engines that run now. */
export interface SpeechPids {
  readonly vad: number | undefined;
  readonly recogniser: number | undefined;
  readonly synthesiser: number | undefined;
  /** Of packs: `neural-recogniser`, … */
  readonly [neural: `neural-${string}`]: number | undefined;
}

/** The engines of an appliance, with what a host and a doctor need to look after them. */
export interface SupervisedSpeech extends Speech {
  readonly synthesiser: PreparingSynthesiser;
  /**
   * Resolves when all engines can serve. A pack's engine that cannot is told to the log, and done without.
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
  const espeak = synthesiser(mouth);
  const grammar = recogniser(mind, (word) => espeak.phonemes(word, { name: 'en-us', rate: 165 }));
  const chosen = packEngines(
    options.packs ?? {},
    { recogniser: grammar, synthesiser: espeak },
    options.log,
    options.timings,
  );
  const builtIn = [ears, mind, mouth];
  const workers = [...builtIn, ...chosen.workers.values()];
  const crashes = new Emitter<WorkerCrash>();
  for (const each of workers) {
    each.onCrash((crash) => crashes.emit(crash));
    each.start().catch(() => {});
  }
  return {
    vad: voiceActivityDetector(ears),
    recogniser: chosen.recogniser,
    // Networks read words; only eSpeak NG reads mnemonics.
    synthesiser: voiceDoor(chosen.synthesiser, options.packs?.synthesiser ? undefined : markForEspeak),
    ...(chosen.denoiser ? { denoiser: chosen.denoiser } : {}),
    ...(chosen.embedder ? { embedder: chosen.embedder } : {}),
    warmUp: async () => {
      await Promise.all([
        ...builtIn.map((each) => each.start()),
        ...[...chosen.workers.values()].map((each) => each.start().catch(() => {})),
      ]);
    },
    pids: () => ({
      vad: ears.pid,
      recogniser: mind.pid,
      synthesiser: mouth.pid,
      ...Object.fromEntries([...chosen.workers].map(([engine, { pid }]) => [engine, pid])),
    }),
    onCrash: (listener) => crashes.on(listener),
    close: async () => {
      await Promise.all(workers.map((each) => each.close()));
    },
  };
}
