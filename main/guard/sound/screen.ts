import { Collector } from './collector.ts';
import type { SoundFinding } from './contract.ts';
import { findingsIn, repeatFinding, strongestOfEach, syntheticFinding, traceFindings } from './findings.ts';
import type { SoundFrame } from './frames.ts';
import type { SoundMeasures } from './measures.ts';
import { printsOf, type RepeatMemory } from './repeats.ts';
import { SyntheticListener, type SyntheticVoices } from './synthetic/listener.ts';
import type { TraceMeasure } from './trace.ts';

const MIN_RATE = 8_000;
const MAX_RATE = 192_000;
/** A client's measure that is older than this is of another utterance. */
const CLIENT_FRESH_MS = 6_000;

/** What one utterance showed. */
export interface ScreenedSound {
  readonly findings: readonly SoundFinding[];
  readonly measures: SoundMeasures;
}

/**
 * Screens one stream, utterance by utterance: `push` all its sound, `begin` where an utterance begins, `end` for what it
 * showed. Constant memory; nothing that could be heard again is kept.
 */
export class SoundScreen {
  readonly #memory: RepeatMemory;
  readonly #synthetic: SyntheticListener | null;
  #collector: Collector | null = null;
  #client: { readonly findings: readonly SoundFinding[]; readonly at: number } | null = null;

  /** @param voices what tells synthetic voices, where there is a model for it. */
  constructor(memory: RepeatMemory, voices: SyntheticVoices | null = null) {
    this.#memory = memory;
    this.#synthetic = voices && new SyntheticListener(voices);
  }

  /** Forgets what was pushed of the last utterance. */
  begin(): void {
    this.#collector = null;
    this.#synthetic?.begin();
  }

  /** Sound of a rate that makes no sense is not measured: whoever decodes it judges it. */
  push(samples: Float32Array, sampleRate: number): void {
    if (!(sampleRate >= MIN_RATE && sampleRate <= MAX_RATE)) return;
    if (this.#collector?.sampleRate !== sampleRate) this.#collector = new Collector(sampleRate);
    this.#collector.push(samples);
    this.#synthetic?.push(samples, sampleRate);
  }

  /** What a client measured before its codec. @param now epoch ms. */
  client(trace: TraceMeasure, now: number): void {
    this.#client = { findings: traceFindings(trace, 'client'), at: now };
  }

  /**
   * The utterance is over. @param remember whether it counts as heard: what repeats it later is a replay.
   * @param now epoch ms.
   */
  end(now: number, remember = true): ScreenedSound | null {
    const collector = this.#collector;
    this.#collector = null;
    if (!collector || collector.frames.length === 0) return null;
    const measures = collector.measures;
    const findings = [...findingsIn(measures), ...this.#repeats(collector.frames, now, remember)];
    if (this.#client && now - this.#client.at < CLIENT_FRESH_MS) findings.push(...this.#client.findings);
    this.#client = null;
    findings.push(...this.#voiceFindings());
    return { findings: strongestOfEach(findings), measures };
  }

  #voiceFindings(): SoundFinding[] {
    const likely = this.#synthetic?.take() ?? null;
    const found = likely === null ? null : syntheticFinding(likely, this.#synthetic?.limit ?? 1);
    return found ? [found] : [];
  }

  #repeats(frames: readonly SoundFrame[], now: number, remember: boolean): SoundFinding[] {
    const prints = printsOf(frames);
    const nearest = this.#memory.nearest(prints, now);
    const found = nearest && repeatFinding(nearest);
    // A repeat is as it was; what repeats it again is found by the first.
    if (remember && !found) this.#memory.remember(prints, now);
    return found ? [found] : [];
  }
}
