import { BLOCK, EchoPath, energyOf, PARTS, Played } from './echo-path.ts';

/** Energy of a block of -62 dBFS: quieter playing leaves no echo worth a thought. */
const PLAYING = BLOCK * 10 ** -6.2;
/** How long after it was played sound may still come back, blocks. */
const LINGERS = PARTS + 6;
/** Blocks of playing after which it must be clear whether anything comes back (1.3 s). */
const DOUBT_BLOCKS = 80;
/** Blocks of playing after which a silent microphone proves that nothing comes back (0.3 s). */
const SILENT_BLOCKS = 20;
/** A microphone so much above its own noise hears something. */
const ABOVE_NOISE = 4;
/** Until the filter leaves no more than this share of an echo that was found, or for 4 s of playing, it only learns. */
const WELL = 0.12;
const LEARNING_BLOCKS = 250;
/** A filter counts as better when it leaves so much less, for so many blocks. */
const BETTER = 0.8;
const BETTER_BLOCKS = 4;
/** A filter that leaves more than this share of the microphone's sound has not found an echo. */
const FOUND = 0.3;
const SLOWLY = 0.8;
/** One that was found before must explain so much of what is heard to be bettered. */
const EXPLAINS = 0.5;
/** What is left must exceed what the echo is likely to leave by this factor, to be a person (6 dB). */
const PERSON_ABOVE = 4;
const SMOOTH = 0.75;
/** How much of an echo is left in the room a block later, at most. */
const RINGS = 0.85;

/** What is known of the way back into the microphone. */
export interface EchoState {
  /** `unknown` until enough was played; `free`: nothing comes back; `found`: it comes back and is taken out. */
  readonly kind: 'unknown' | 'free' | 'found';
  /** How much of the microphone's sound is taken out while only the agent speaks, dB. */
  readonly removedDb: number;
  /** From the frame handed to the carrier to its loudest return, milliseconds. */
  readonly delayMs: number;
}

/**
 * Takes the agent's own voice out of the microphone. Two filters: one learns all the time, the other does the work and
 * takes over what was learnt only where it is better, so that a person speaking over the agent spoils nothing (Ochiai,
 * Araseki and Ogihara, "Echo canceler with two echo path models", 1977). What the filter leaves is silenced unless it
 * is more than an echo leaves. Until it is clear whether anything comes back, and how, the microphone is closed while
 * the agent speaks: one to four seconds of its first words, once.
 */
export class EchoCanceller {
  readonly #played = new Played();
  readonly #learning = new EchoPath();
  readonly #working = new EchoPath();
  #kind: EchoState['kind'];
  #sincePlayed = Number.POSITIVE_INFINITY;
  #playedBlocks = 0;
  #loudBlocks = 0;
  #noise = BLOCK * 10 ** -7;
  #energies = { microphone: 0, learning: 0, working: 0 };
  #better = 0;
  #worse = 0;
  /** Share of the predicted echo that is left. */
  #left = 1;
  #gain = 1;
  /** Energy of the predicted echo, ringing out. */
  #echo = 0;

  /** @param speaker false where no speaker stands beside the microphone: it is not closed before an echo was found. */
  constructor(speaker: boolean) {
    this.#kind = speaker ? 'unknown' : 'free';
  }

  get state(): EchoState {
    return {
      kind: this.#kind,
      removedDb: this.#kind === 'found' ? -10 * Math.log10(Math.max(1e-6, this.#left)) : 0,
      delayMs: this.#kind === 'found' ? this.#working.strongestPart * 16 : 0,
    };
  }

  /** One block of 256 samples at 16 kHz of each; `played` stands where the microphone's block does. */
  process(microphone: Float32Array, played: Float32Array): Float32Array {
    this.#sincePlayed = energyOf(played) > PLAYING ? 0 : this.#sincePlayed + 1;
    if (this.#sincePlayed > LINGERS) {
      this.#learnNoise(energyOf(microphone));
      this.#gain = 1;
      return microphone;
    }
    this.#played.push(played);
    this.#playedBlocks += 1;
    const echo = this.#working.predict(this.#played);
    const rest = minus(microphone, echo);
    const missed = minus(microphone, this.#learning.predict(this.#played));
    this.#weigh(energyOf(microphone), energyOf(missed), energyOf(rest));
    this.#learning.learn(this.#played, missed);
    this.#judge();
    return this.#speak(microphone, rest, energyOf(echo));
  }

  /** A microphone's own noise, while nothing is played: follows down at once, up slowly. */
  #learnNoise(energy: number): void {
    this.#noise = energy < this.#noise ? 0.7 * this.#noise + 0.3 * energy : this.#noise * 1.03;
  }

  #weigh(microphone: number, learning: number, working: number): void {
    const smooth = (before: number, now: number) => SMOOTH * before + (1 - SMOOTH) * now;
    const before = this.#energies;
    this.#energies = {
      microphone: smooth(before.microphone, microphone),
      learning: smooth(before.learning, learning),
      working: smooth(before.working, working),
    };
    if (microphone > ABOVE_NOISE * this.#noise) this.#loudBlocks += 1;
  }

  /** Which filter is better, and what that says about the way back. */
  #judge(): void {
    const { microphone, learning, working } = this.#energies;
    const heard = microphone > ABOVE_NOISE * this.#noise;
    // While a person speaks no filter leaves little: then what was learnt proves nothing.
    const explains = learning < (this.#kind === 'found' ? EXPLAINS : 1) * microphone;
    this.#better = heard && explains && learning < BETTER * working ? this.#better + 1 : 0;
    this.#worse = learning > 2 * working ? this.#worse + 1 : 0;
    if (this.#better >= BETTER_BLOCKS) {
      this.#working.become(this.#learning);
      this.#better = 0;
      if (learning < FOUND * microphone) this.#find(learning / microphone);
    }
    if (this.#worse >= 2 * BETTER_BLOCKS) {
      this.#learning.become(this.#working);
      this.#worse = 0;
    }
    if (this.#kind !== 'unknown') return;
    if (this.#playedBlocks >= SILENT_BLOCKS && this.#loudBlocks < SILENT_BLOCKS / 4) this.#kind = 'free';
    else if (this.#playedBlocks >= DOUBT_BLOCKS) {
      // It is learning something, only slowly: then there is something to learn.
      if (learning < SLOWLY * microphone) this.#find(learning / microphone);
      else this.#kind = 'free';
    }
  }

  #find(left: number): void {
    if (this.#kind !== 'found') this.#left = Math.min(1, left);
    this.#kind = 'found';
  }

  #speak(microphone: Float32Array, rest: Float32Array, echo: number): Float32Array {
    if (this.#kind === 'unknown') return new Float32Array(BLOCK);
    if (this.#kind === 'free') return microphone;
    const left = energyOf(rest);
    this.#echo = Math.max(echo, RINGS * this.#echo);
    const likely = PERSON_ABOVE * (this.#left * this.#echo + this.#noise);
    const person = left > likely;
    if (echo > this.#noise) this.#learnLeft(left / echo, person);
    const learning = this.#left > WELL && this.#playedBlocks < LEARNING_BLOCKS;
    const wanted = person && !learning ? 1 : 0;
    // Opens at once and closes over a few blocks, so that the soft ends of words stay.
    this.#gain = wanted > this.#gain ? wanted : Math.max(wanted, this.#gain - 0.2);
    const gain = this.#gain;
    return rest.map((sample) => sample * gain);
  }

  /** Follows down quickly: only the agent is heard. Up slowly, and hardly while it may be a person. */
  #learnLeft(share: number, person: boolean): void {
    const up = person ? 0.0005 : 0.01;
    const rate = share < this.#left ? 0.1 : up;
    this.#left = Math.min(1, this.#left + rate * (Math.min(share, 4) - this.#left));
  }
}

function minus(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((sample, i) => sample - (b[i] ?? 0));
}
