import { createHash } from 'node:crypto';
import type { SpeechGrammar } from '../dialogue/index.ts';
import { maskSensitive, NUMBER_TYPES, type PackType } from '../guard/index.ts';
import type { Recogniser, Recognition, RecognitionStream } from '../speech/index.ts';

const DIGITS = ['zero', 'oh', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const TENS = [
  'ten', 'eleven', 'twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen', 'twenty',
  'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety', 'hundred', 'thousand', 'double', 'triple',
]; // biome-ignore format: a list of words
/** So many digits in a row are a number of somebody. */
const MOST_DIGITS = 2;
const PLAIN_WORD = /^[a-z']+$/;

/** As a desk pack has it by default: digits that free speech explains so much better were none. */
const OUTSIDE_ABOVE = 18;

/**
 * Listens once more to what is about to be kept: whether a number can still be heard in it. Twice: against digits among the
 * very words that were understood, and against digits alone, which must explain the sound better than free speech does.
 */
export class SecondHearing {
  readonly #recogniser: Recogniser;
  readonly #packTypes: readonly PackType[];
  #stream: RecognitionStream | null = null;

  /** @param packTypes what the desk itself keeps out of recordings: looked for beside numbers. */
  constructor(recogniser: Recogniser, packTypes: readonly PackType[] = []) {
    this.#recogniser = recogniser;
    this.#packTypes = packTypes;
  }

  /**
   * @param samples 16 kHz.
   * @param words what was understood of it.
   * @throws SottoError `speech/…` when it cannot be listened to.
   */
  async finds(samples: Float32Array, words: readonly string[]): Promise<boolean> {
    if (samples.every((sample) => sample === 0)) return false;
    const among = amongWords(words);
    if (among && this.#isLeft(await this.#hear(samples, among))) return true;
    const alone = await this.#hear(samples, ALONE);
    return alone.inGrammar && this.#isLeft(alone);
  }

  async close(): Promise<void> {
    await this.#stream?.close();
    this.#stream = null;
  }

  /** Whether a number of somebody, or a type of the desk's own, is among the words. */
  #isLeft({ text, words }: Pick<Recognition, 'text' | 'words'>): boolean {
    let row = 0;
    for (const { text: word } of words) {
      row = SINGLE.has(word) ? row + 1 : 0;
      if (row > MOST_DIGITS) return true;
    }
    const packTypes = this.#packTypes;
    return maskSensitive(text, { packTypes }).spans.some(
      ({ type }) => NUMBER_TYPES.has(type) || packTypes.some((own) => own.type === type),
    );
  }

  async #hear(samples: Float32Array, grammar: SpeechGrammar): Promise<Recognition> {
    if (this.#stream) await this.#stream.setGrammar(grammar);
    this.#stream ??= await this.#recogniser.open(grammar, { whole: true });
    await this.#stream.begin();
    this.#stream.write(samples);
    return await this.#stream.finish();
  }
}

const SINGLE: ReadonlySet<string> = new Set([...DIGITS, 'double', 'triple']);
const ALONE = grammarOf([...SINGLE]);

function amongWords(words: readonly string[]): SpeechGrammar | null {
  const numbers = [...SINGLE, ...TENS];
  const own = words.map((word) => word.toLowerCase()).filter((word) => PLAIN_WORD.test(word));
  const others = [...new Set(own)].filter((word) => !numbers.includes(word)).sort();
  return others.length === 0 ? null : grammarOf([...numbers, ...others]);
}

function grammarOf(words: readonly string[]): SpeechGrammar {
  const jsgf = `#JSGF V1.0;\ngrammar again;\npublic <again> = (${[...new Set(words)].join(' | ')})+;\n`;
  const id = createHash('sha256').update(jsgf).digest('hex').slice(0, 32);
  return { id, jsgf, pronunciations: {}, outsideAbove: OUTSIDE_ABOVE };
}
