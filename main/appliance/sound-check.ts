import type { SoundMeasuring } from '../api/index.ts';
import { BoundedQueue, joinSamples, newId, SottoError } from '../base/index.ts';
import {
  acceptWebRtc,
  DeskEar,
  findingsOf,
  type Level,
  levelOf,
  measureDesk,
  Resampler,
  type SoundEndpoint,
  settingsFor,
} from '../media/index.ts';
import type { Speech } from '../speech/index.ts';

const TEST_SENTENCE = 'This is a sound check. If you can hear me, please say something.';
const VOICE = { name: 'en-us', rate: 165 };
const READING_MS = 100;
/** Nobody leaves a sound check open for longer. */
const LONGEST_MS = 5 * 60_000;
const MOST_AT_ONCE = 4;

export type Reading = Level & { readonly speech: boolean };

interface Check {
  readonly endpoint: SoundEndpoint;
  readonly ear: DeskEar;
  /** Aborts when the check ends. */
  readonly ended: AbortController;
  /** Settles when the test sentence was said. */
  readonly greeted: Promise<void>;
  measuring: boolean;
  readonly readings: BoundedQueue<Reading>;
  readonly over: NodeJS.Timeout;
}

/**
 * Sound checks: the agent says a sentence, and the microphone's level comes back; a desk can be measured (noise, echo,
 * voice). Nothing is recognised or kept.
 */
export class SoundChecks {
  readonly #speech: Speech;
  readonly #bindAddress: string;
  readonly #checks = new Map<string, Check>();

  constructor(speech: Speech, bindAddress: string) {
    this.#speech = speech;
    this.#bindAddress = bindAddress;
  }

  /** @throws SottoError `media/bad-offer`, `appliance/busy` */
  async begin(offerSdp: string): Promise<{ readonly id: string; readonly sdp: string }> {
    if (this.#checks.size >= MOST_AT_ONCE) {
      throw new SottoError('appliance/busy', 'Too many sound checks are under way.', {
        remedy: 'End one first.',
      });
    }
    const { endpoint, answerSdp } = await acceptWebRtc({
      offerSdp,
      label: 'sound-check',
      bindAddress: this.#bindAddress,
    });
    const id = newId();
    const over = setTimeout(() => void this.end(id), LONGEST_MS);
    this.#checks.set(id, {
      endpoint,
      ear: new DeskEar(),
      ended: new AbortController(),
      greeted: this.#speak(endpoint),
      measuring: false,
      readings: new BoundedQueue<Reading>(20),
      over,
    });
    void this.#meter(id);
    return { id, sdp: answerSdp };
  }

  /** @throws SottoError `appliance/no-such-check` */
  levels(id: string): AsyncIterable<Reading> {
    return this.#checkOf(id).readings;
  }

  /**
   * Measures the desk, step by step (about 7 s, and as long as the person takes to say a sentence); the sound check goes
   * on afterwards. One at a time for each check. Ends early, without a result, when the check ends.
   * @throws SottoError `appliance/no-such-check`, `appliance/busy`, `media/no-sound`
   */
  async *measure(id: string): AsyncGenerator<SoundMeasuring, void, void> {
    const check = this.#checkOf(id);
    if (check.measuring) {
      throw new SottoError('appliance/busy', 'This desk is being measured already.', {
        remedy: 'Wait for it.',
      });
    }
    check.measuring = true;
    const events = new BoundedQueue<SoundMeasuring>(8);
    const leaving = new AbortController();
    const signal = AbortSignal.any([check.ended.signal, leaving.signal]);
    const done = this.#measureDesk(check, events, signal).finally(() => {
      check.measuring = false;
    });
    try {
      yield* events;
    } finally {
      leaving.abort();
      await done;
    }
  }

  async end(id: string): Promise<void> {
    const check = this.#checks.get(id);
    if (!check) return;
    this.#checks.delete(id);
    clearTimeout(check.over);
    check.ended.abort();
    check.ear.end();
    check.readings.close();
    await check.endpoint.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#checks.keys()].map((id) => this.end(id)));
  }

  async #speak(endpoint: SoundEndpoint): Promise<void> {
    try {
      for await (const { samples, sampleRate } of this.#speech.synthesiser.synthesise(TEST_SENTENCE, VOICE)) {
        await endpoint.playout.write(samples, sampleRate);
      }
    } catch {
      // The person hears nothing, which is what the check is there to find; the doctor names the engine.
    }
  }

  #checkOf(id: string): Check {
    const check = this.#checks.get(id);
    if (!check) throw new SottoError('appliance/no-such-check', 'That sound check is over.');
    return check;
  }

  /** Never rejects: what goes wrong is told where the events are read. */
  async #measureDesk(check: Check, events: BoundedQueue<SoundMeasuring>, signal: AbortSignal): Promise<void> {
    try {
      await check.greeted;
      await check.endpoint.playout.drained(signal);
      const vad = await this.#speech.vad.open();
      try {
        const measured = await measureDesk({
          ear: check.ear,
          playout: check.endpoint.playout,
          vad,
          onStage: (stage) => events.push({ type: 'stage', stage }),
          signal,
        });
        events.push({
          type: 'result',
          measured,
          settings: settingsFor(measured),
          findings: findingsOf(measured),
        });
      } finally {
        await vad.close();
      }
      events.close();
    } catch (error) {
      events.close(signal.aborted ? undefined : error);
    }
  }

  async #meter(id: string): Promise<void> {
    const check = this.#checks.get(id);
    if (!check) return;
    try {
      const vad = await this.#speech.vad.open();
      try {
        for await (const block of readingsOf(check.endpoint, check.ear)) {
          const probabilities = await vad.write(block.at16k);
          check.readings.push({ ...levelOf(block.samples), speech: probabilities.some((one) => one > 0.5) });
        }
      } finally {
        await vad.close();
      }
    } catch (error) {
      check.readings.close(error);
    }
    await this.end(id);
  }
}

/** Tenths of a second, as they came in and at the VAD's rate. */
async function* readingsOf(endpoint: SoundEndpoint, ear: DeskEar) {
  let resampler: Resampler | null = null;
  let blocks: Float32Array[] = [];
  let heldMs = 0;
  for await (const frame of endpoint.frames()) {
    ear.push(frame);
    resampler ??= new Resampler(frame.sampleRate, 16_000);
    blocks.push(frame.samples);
    heldMs += (frame.samples.length / frame.sampleRate) * 1000;
    if (heldMs < READING_MS) continue;
    const samples = joinSamples(blocks);
    yield { samples, at16k: resampler.push(samples) };
    blocks = [];
    heldMs = 0;
  }
}
