import { TraceMeter } from '../../main/guard/sound/trace.ts';

/** How often what was measured is told: seconds. Long enough for what is below 50 Hz. */
const TELL_EVERY_S = 4;

/** Of the AudioWorklet's own scope, which TypeScript's DOM library leaves out (W3C Web Audio, 1.32). */
declare const sampleRate: number;
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}

/** Measures the microphone before any codec, and tells a few numbers of it every four seconds; sound never leaves it. */
class Screening extends AudioWorkletProcessor {
  readonly #meter = new TraceMeter(sampleRate);
  #samples = 0;

  process(inputs: Float32Array[][]): boolean {
    const samples = inputs[0]?.[0];
    if (!samples) return true;
    this.#meter.push(samples);
    this.#samples += samples.length;
    if (this.#samples < TELL_EVERY_S * sampleRate) return true;
    this.#samples = 0;
    const trace = this.#meter.read();
    this.#meter.forget();
    if (trace) this.port.postMessage(trace);
    return true;
  }
}

registerProcessor('screening', Screening);
