import { BoundedQueue, newId, SottoError } from '../base/index.ts';
import { acceptWebRtc, type Level, levelOf, Resampler, type SoundEndpoint } from '../media/index.ts';
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
  readonly readings: BoundedQueue<Reading>;
  readonly over: NodeJS.Timeout;
}

/** Sound checks: the agent says a sentence, and the microphone's level comes back. Nothing is recognised or kept. */
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
    this.#checks.set(id, { endpoint, readings: new BoundedQueue<Reading>(20), over });
    void this.#measure(id);
    void this.#speak(endpoint);
    return { id, sdp: answerSdp };
  }

  /** @throws SottoError `appliance/no-such-check` */
  levels(id: string): AsyncIterable<Reading> {
    const check = this.#checks.get(id);
    if (!check) throw new SottoError('appliance/no-such-check', 'That sound check is over.');
    return check.readings;
  }

  async end(id: string): Promise<void> {
    const check = this.#checks.get(id);
    if (!check) return;
    this.#checks.delete(id);
    clearTimeout(check.over);
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

  async #measure(id: string): Promise<void> {
    const check = this.#checks.get(id);
    if (!check) return;
    try {
      const vad = await this.#speech.vad.open();
      try {
        for await (const block of readingsOf(check.endpoint)) {
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
async function* readingsOf(endpoint: SoundEndpoint) {
  let resampler: Resampler | null = null;
  let blocks: Float32Array[] = [];
  let heldMs = 0;
  for await (const frame of endpoint.frames()) {
    resampler ??= new Resampler(frame.sampleRate, 16_000);
    blocks.push(frame.samples);
    heldMs += (frame.samples.length / frame.sampleRate) * 1000;
    if (heldMs < READING_MS) continue;
    const samples = joined(blocks);
    yield { samples, at16k: resampler.push(samples) };
    blocks = [];
    heldMs = 0;
  }
}

function joined(blocks: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(blocks.reduce((length, block) => length + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    whole.set(block, at);
    at += block.length;
  }
  return whole;
}
