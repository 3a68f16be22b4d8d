import { type Clock, codeOf, type Log, logId } from '../base/index.ts';
import { maskSensitive, type PackType } from '../guard/index.ts';
import { type Playout, Resampler } from '../media/index.ts';
import type { ConversationWriter, SoundRecorder, Span } from '../records/index.ts';
import type { Recognition, Speech } from '../speech/index.ts';
import { SecondHearing } from './recording-check.ts';

const RATE = 16_000;
/** Sound around words that are not kept goes with them; as the recorder has it. */
const PAD_MS = 250;
/** More in one utterance cannot be listened to again: it is not kept. */
const LONGEST_STRETCH_MS = 60_000;
/** A hole in the sound (a carrier that was silent) shorter than this is not worth being filled. */
const LEAST_GAP_MS = 300;
/** Quiet is let through so often, so that little of it waits. */
const SCREEN_EVERY_MS = 5_000;
/** Muted spans are kept in mind for as long as a segment can wait that they reach into. */
const REMEMBERED_MS = 120_000;

/** What the ears tell of the sound they hear: all of it, in order. */
export interface SoundTap {
  /** Sound that no utterance has to do with. */
  quiet(samples: Float32Array, endAt: number): void;
  /** An utterance begins with the next sound. */
  begin(): void;
  spoken(samples: Float32Array, endAt: number): void;
}

/** The sound of one utterance, on its way into the record. */
export interface Stretch {
  readonly startMs: number;
  endMs: number;
  readonly recognition: Recognition | null;
}

interface Held extends Stretch {
  recognition: Recognition | null;
  sound: Float32Array[];
  /** Nobody can tell what is in it: it was too long, or no words were made of it. */
  lost: boolean;
  settled: boolean;
}

export interface RecordingOptions {
  readonly writer: ConversationWriter;
  readonly speech: Speech;
  readonly playout: Playout;
  /** What the desk keeps out of its records, beside what everybody does. */
  readonly packTypes: readonly PackType[];
  /** Epoch ms. */
  readonly startedAt: number;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The recording of one conversation, once it is allowed. Of the person it keeps what was understood, an utterance at a
 * time, and silence between; of the agent what was played. What must not be kept is silence too. An utterance is shown to
 * nobody before it was listened to once more and nothing was found in it.
 */
export class Recording {
  readonly #options: RecordingOptions;
  readonly #check: SecondHearing;
  #person: SoundRecorder | null = null;
  #agent: SoundRecorder | null = null;
  #agentDeaf: (() => void) | null = null;
  #state: 'waiting' | 'on' | 'over' = 'waiting';
  #paused = false;
  #stretches: Held[] = [];
  #open: Held | null = null;
  #mutes: Span[] = [];
  #screenedMs = 0;
  #agentScreenedMs = 0;
  #checks: Promise<void> = Promise.resolve();
  /** Until where on the playout's clock something is said that must not be kept; null: until the next sentence. */
  #agentMutedUntil: number | null = 0;

  constructor(options: RecordingOptions) {
    this.#options = options;
    this.#check = new SecondHearing(options.speech.recogniser, options.packTypes);
  }

  get on(): boolean {
    return this.#state === 'on';
  }

  /** Consent was given, or is withdrawn: then it is over for good. */
  allow(allowed: boolean): void {
    if (allowed && this.#state === 'waiting') this.#safely(() => this.#start());
    if (!allowed && this.#state === 'on') this.#stop();
  }

  /** Silence in the place of all sound, while payment data is asked for. */
  pause(paused: boolean): void {
    if (paused === this.#paused) return;
    this.#paused = paused;
    for (const recorder of [this.#person, this.#agent]) {
      if (paused) recorder?.pause();
      else recorder?.resume();
    }
  }

  /** For the ears. */
  readonly tap: SoundTap = {
    quiet: (samples, endAt) => this.#safely(() => this.#quiet(samples.length, endAt)),
    begin: () => this.#safely(() => this.#begin()),
    spoken: (samples, endAt) => this.#safely(() => this.#spoken(samples, endAt)),
  };

  /** The utterance that ended just now was this; null when nothing of it is recorded. */
  claim(recognition: Recognition): Stretch | null {
    const held = this.#open;
    if (!held || !this.#person) return null;
    this.#open = null;
    held.recognition = recognition;
    held.endMs = this.#person.positionMs;
    return held;
  }

  /** What was being heard was no utterance, or is lost. */
  discard(): void {
    const held = this.#open;
    this.#open = null;
    if (held && this.#person) {
      held.endMs = this.#person.positionMs;
      this.settle(held, null);
    }
  }

  /** An utterance has been understood: `mute` is what must not be kept, from its beginning; null: all of it. */
  settle(stretch: Stretch | null, mute: readonly Span[] | null): void {
    const held = this.#stretches.find((one) => one === stretch);
    if (!held) return;
    this.#checks = this.#checks
      .then(() => this.#settle(held, mute))
      .catch((error: unknown) => this.#failed(error));
  }

  /** The agent is about to say this, from here on the playout's clock. `fixed`: the pack's own words, nobody's data. */
  speaking(text: string, fixed: boolean, startMs: number): void {
    const { packTypes } = this.#options;
    const secret = !fixed && maskSensitive(text, { packTypes }).spans.length > 0;
    if (secret) this.#agentMutedUntil = null;
    else this.#agentMutedUntil ??= startMs;
  }

  /** Settles what can be settled; the rest is not kept. */
  async close(): Promise<void> {
    this.discard();
    await this.#checks;
    this.#checks = Promise.resolve();
    if (this.#state === 'on')
      this.#safely(() => {
        for (const held of this.#stretches) this.#drop(held, 'recording/not-understood');
        this.#screen();
        this.#screenAgent();
      });
    this.#stop();
    await this.#check.close();
  }

  // Person ------------------------------------------------------------------------------------------------------

  #start(): void {
    const { writer, playout, clock, startedAt } = this.#options;
    const nowMs = clock.now() - startedAt;
    this.#state = 'on';
    this.#person = writer.record('person', RATE, nowMs);
    if (playout.tap) {
      this.#agent = writer.record('agent', RATE, nowMs);
      this.#agentScreenedMs = nowMs;
      let resampler: Resampler | null = null;
      this.#agentDeaf = playout.tap((samples, rate) =>
        this.#safely(() => {
          if (rate !== RATE && resampler?.fromRate !== rate) resampler = new Resampler(rate, RATE);
          this.#played(rate === RATE ? samples : (resampler?.push(samples) ?? samples));
        }),
      );
    }
    this.#screenedMs = nowMs;
    if (this.#paused) {
      this.#person.pause();
      this.#agent?.pause();
    }
  }

  #quiet(samples: number, endAt: number): void {
    if (!this.#person) return;
    const { startedAt } = this.#options;
    const gapMs = endAt - startedAt - (samples / RATE) * 1000 - this.#person.positionMs;
    const gap = gapMs > LEAST_GAP_MS ? Math.round((gapMs / 1000) * RATE) : 0;
    this.#person.write(new Float32Array(samples + gap));
    if (this.#stretches.length === 0 && this.#person.positionMs - this.#screenedMs > SCREEN_EVERY_MS)
      this.#screen();
  }

  #begin(): void {
    if (!this.#person) return;
    this.discard();
    const startMs = this.#person.positionMs;
    const lost = this.#paused;
    this.#open = { startMs, endMs: startMs, recognition: null, sound: [], lost, settled: false };
    this.#stretches.push(this.#open);
  }

  #spoken(samples: Float32Array, endAt: number): void {
    if (!this.#person) return;
    const held = this.#open;
    // What was being said when the recording began is not in it.
    if (!held) {
      this.#quiet(samples.length, endAt);
      return;
    }
    this.#person.write(samples);
    if (this.#paused || this.#person.positionMs - held.startMs > LONGEST_STRETCH_MS) held.lost = true;
    if (held.lost) held.sound = [];
    else held.sound.push(samples.slice());
  }

  /** Nothing of it may be kept that was not proved clean: what cannot be told apart is dropped. */
  async #settle(held: Held, mute: readonly Span[] | null): Promise<void> {
    if (this.#state !== 'on') return;
    const { recognition } = held;
    if (mute === null || held.lost || !recognition?.inGrammar) return this.#dropAndScreen(held, null);
    const spans = mute.map(({ startMs, endMs }) => ({
      startMs: held.startMs + startMs,
      endMs: held.startMs + endMs,
    }));
    const left = await this.#check.finds(
      silenced(held, mute),
      recognition.words.map(({ text }) => text),
    );
    if (this.#state !== 'on') return;
    if (left) return this.#dropAndScreen(held, 'recording/left-after-muting');
    this.#mutes.push(...spans);
    this.#done(held);
    this.#screen();
  }

  #dropAndScreen(held: Held, finding: string | null): void {
    this.#safely(() => {
      this.#drop(held, finding);
      this.#screen();
    });
  }

  #drop(held: Held, finding: string | null): void {
    this.#person?.dropFrom(held.startMs, held.endMs);
    if (finding) this.#options.writer.finding(finding, { ms: Math.round(held.endMs - held.startMs) });
    this.#done(held);
  }

  #done(held: Held): void {
    held.settled = true;
    held.sound = [];
    this.#stretches = this.#stretches.filter((one) => one !== held);
  }

  /** Everything up to the first utterance that is not settled may be shown. */
  #screen(): void {
    if (!this.#person) return;
    const untilMs = this.#stretches[0]?.startMs ?? this.#person.positionMs;
    // The recorder looks a little ahead of what it is told; what is not settled must stay behind that.
    this.#person.screen(this.#stretches.length > 0 ? untilMs - PAD_MS : untilMs, this.#mutes);
    this.#screenedMs = untilMs;
    this.#mutes = this.#mutes.filter(({ endMs }) => endMs > untilMs - REMEMBERED_MS);
  }

  // Agent -------------------------------------------------------------------------------------------------------

  #played(samples: Float32Array): void {
    if (!this.#agent) return;
    const { playout } = this.#options;
    const until = this.#agentMutedUntil;
    const muted = until === null || playout.heardMs < until + PAD_MS;
    this.#agent.write(muted && until !== 0 ? new Float32Array(samples.length) : samples);
    // Once all that was written has been heard, the sentence is over though no other follows.
    if (until === null && playout.heardMs >= playout.writtenMs) this.#agentMutedUntil = playout.writtenMs;
    if (this.#agent.positionMs - this.#agentScreenedMs > SCREEN_EVERY_MS) this.#screenAgent();
  }

  #screenAgent(): void {
    if (!this.#agent) return;
    this.#agentScreenedMs = this.#agent.positionMs;
    this.#agent.screen(this.#agentScreenedMs, []);
  }

  // End ---------------------------------------------------------------------------------------------------------

  #stop(): void {
    this.#state = 'over';
    this.#agentDeaf?.();
    const recorders = [this.#person, this.#agent];
    this.#person = this.#agent = this.#open = null;
    this.#stretches = [];
    for (const recorder of recorders) this.#safely(() => recorder?.close());
  }

  /** The conversation does not break off because its sound cannot be kept: it is not kept any more. */
  #safely(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    this.#options.log.warn('conversation.recordingFailed', { code: logId(codeOf(error)) });
    if (this.#state === 'on') this.#stop();
  }
}

/** The sound of an utterance as it will be kept. */
function silenced({ sound }: Held, mute: readonly Span[]): Float32Array {
  const whole = new Float32Array(sound.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of sound) {
    whole.set(part, at);
    at += part.length;
  }
  const sample = (ms: number) => Math.max(0, Math.round((ms / 1000) * RATE));
  for (const { startMs, endMs } of mute) whole.fill(0, sample(startMs - PAD_MS), sample(endMs + PAD_MS));
  return whole;
}
