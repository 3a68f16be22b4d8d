import { createHash } from 'node:crypto';
import type { Clock } from '../base/index.ts';
import { type SoundVerdict, type SoundWatch, type SpokenChallenge, spokenChallenge } from '../guard/index.ts';
import type { AudioFrame, SoundEndpoint } from '../media/index.ts';
import type { SpeechGrammar } from '../speech/index.ts';
import type { Utterance } from './ears.ts';

/** Sound before speech was detected that belongs to it: the longest pre-roll and what detection takes. */
const BEFORE_MS = 500;
/** Who has answered a challenge is not asked again at once: a room that holds sound up holds all of it up. */
const BELIEVED_MS = 120_000;
const MOST_TRIES = 2;

export interface SoundGateOptions {
  readonly watch: SoundWatch;
  readonly clock: Clock;
  /** Competition above which what was said is outside a grammar (the pack's). */
  readonly outsideAbove: number;
  /** The person is told; and staff at the screen. */
  notice(code: string, message: string): void;
  /** The agent asks this. */
  ask(text: string): void;
  /** What was said cannot be taken. */
  refuse(code: string): void;
  /** Something else may be said now. */
  expectNow(): void;
}

/** Words with the utterance that they were heard in. */
export interface Heard {
  readonly text: string;
  readonly utterance: Utterance;
}

/** An utterance that waits for its challenge to be answered. */
interface Pending {
  readonly challenge: SpokenChallenge;
  readonly held: Heard;
  readonly tries: number;
}

/**
 * Between the ears and the mind: an utterance passes when the site's policy lets its sound pass. One that is challenged
 * waits until fresh digits are said, and passes then.
 */
export class SoundGate {
  readonly #options: SoundGateOptions;
  #before: AudioFrame[] = [];
  #hearing = false;
  #overAgent = false;
  #pending: Pending | null = null;
  #believedUntil = 0;

  constructor(options: SoundGateOptions) {
    this.#options = options;
  }

  /** The same endpoint, screened as it comes from the carrier: at its own rate, before anything is taken out of it. */
  through(endpoint: SoundEndpoint): SoundEndpoint {
    const take = (frame: AudioFrame) => this.#take(frame);
    return {
      kind: endpoint.kind,
      label: endpoint.label,
      playout: endpoint.playout,
      close: () => endpoint.close(),
      async *frames() {
        for await (const frame of endpoint.frames()) {
          take(frame);
          yield frame;
        }
      },
    };
  }

  /** Somebody begins to speak. @param overAgent while the agent is heard too. */
  begin(overAgent: boolean): void {
    this.#options.watch.begin();
    this.#hearing = true;
    this.#overAgent = overAgent;
    for (const { samples, sampleRate } of this.#before) this.#options.watch.push(samples, sampleRate);
    this.#before = [];
  }

  /** It was no speech, or is lost. */
  forget(): void {
    this.#hearing = false;
    this.#options.watch.begin();
  }

  /** What counts as heard now; null when nothing does. */
  admit(heard: Heard): Heard | null {
    this.#hearing = false;
    const verdict = this.#options.watch.end({ overAgent: this.#overAgent });
    this.#tell(verdict);
    if (verdict.action === 'refuse') return this.#refused('guard/sound-refused');
    if (this.#pending) return this.#answered(this.#pending, heard);
    if (verdict.action !== 'challenge' || this.#options.clock.now() < this.#believedUntil) return heard;
    const challenge = spokenChallenge();
    this.#pending = { challenge, held: heard, tries: 0 };
    this.#ask(challenge);
    return null;
  }

  /** What a challenge lets be said; null where none is open. */
  get grammar(): SpeechGrammar | null {
    if (!this.#pending) return null;
    const { jsgf } = this.#pending.challenge;
    const id = createHash('sha256').update(jsgf).digest('hex');
    return { id, jsgf, pronunciations: {}, outsideAbove: this.#options.outsideAbove };
  }

  #answered(pending: Pending, { text }: Heard): Heard | null {
    if (pending.challenge.answeredBy(text)) {
      this.#pending = null;
      this.#believedUntil = this.#options.clock.now() + BELIEVED_MS;
      this.#options.expectNow();
      return pending.held;
    }
    const tries = pending.tries + 1;
    if (tries >= MOST_TRIES) return this.#refused('guard/sound-challenge-failed');
    // Other digits each time: what was said once may have been recorded.
    const challenge = spokenChallenge();
    this.#pending = { held: pending.held, challenge, tries };
    this.#ask(challenge);
    return null;
  }

  #ask({ prompt }: SpokenChallenge): void {
    this.#options.expectNow();
    this.#options.ask(prompt);
  }

  #refused(code: string): null {
    this.#pending = null;
    this.#options.expectNow();
    this.#options.refuse(code);
    return null;
  }

  #tell({ action, findings }: SoundVerdict): void {
    if (action === 'ignore') return;
    const kinds = findings.map(({ kind }) => kind).join(', ');
    this.#options.notice(`guard/sound-${action}`, `The sound was unusual: ${kinds}.`);
  }

  #take(frame: AudioFrame): void {
    if (this.#hearing) {
      this.#options.watch.push(frame.samples, frame.sampleRate);
      return;
    }
    this.#before.push(frame);
    const from = frame.capturedAt - BEFORE_MS;
    while ((this.#before[0]?.capturedAt ?? frame.capturedAt) < from) this.#before.shift();
  }
}
