import { createHash } from 'node:crypto';
import type { SpeechGrammar } from '../dialogue/index.ts';
import { maskSensitive } from '../guard/index.ts';
import type { Recogniser, Recognition, RecognitionStream } from '../speech/index.ts';

const DIGITS = ['zero', 'oh', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const TENS = [
  'ten', 'eleven', 'twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen', 'twenty',
  'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety', 'hundred', 'thousand', 'double', 'triple',
]; // biome-ignore format: a list of words
/** So many digits in a row are a number of somebody. */
const MOST_DIGITS = 2;
/** Number types of the guard that are looked for beside bare digits. */
const NUMBERS: ReadonlySet<string> = new Set(
  'card cvv account routing iban ssn nino nhs npi mbi mrn phone passport licence pin code number'.split(' '),
);
const PLAIN_WORD = /^[a-z']+$/;

/** As a desk pack has it by default: digits that free speech explains so much better were none. */
const OUTSIDE_ABOVE = 18;

/**
 * Listens once more to what is about to be kept: whether a number can still be heard in it. Twice: against digits among the
 * very words that were understood, and against digits alone, which must explain the sound better than free speech does.
 */
export class SecondHearing {
  readonly #recogniser: Recogniser;
  #stream: RecognitionStream | null = null;

  constructor(recogniser: Recogniser) {
    this.#recogniser = recogniser;
  }

  /**
   * @param samples 16 kHz.
   * @param words what was understood of it.
   * @throws SottoError `speech/…` when it cannot be listened to.
   */
  async finds(samples: Float32Array, words: readonly string[]): Promise<boolean> {
    if (samples.every((sample) => sample === 0)) return false;
    const among = amongWords(words);
    if (among && hasNumber(await this.#hear(samples, among))) return true;
    const alone = await this.#hear(samples, ALONE);
    return alone.inGrammar && hasNumber(alone);
  }

  async close(): Promise<void> {
    await this.#stream?.close();
    this.#stream = null;
  }

  async #hear(samples: Float32Array, grammar: SpeechGrammar): Promise<Recognition> {
    if (this.#stream) await this.#stream.setGrammar(grammar);
    this.#stream ??= await this.#recogniser.open(grammar, { whole: true });
    await this.#stream.begin();
    this.#stream.write(samples);
    return await this.#stream.finish();
  }
}

/** Whether a number of somebody is among the words. */
function hasNumber({ text, words }: Pick<Recognition, 'text' | 'words'>): boolean {
  let row = 0;
  for (const { text: word } of words) {
    row = SINGLE.has(word) ? row + 1 : 0;
    if (row > MOST_DIGITS) return true;
  }
  return maskSensitive(text).spans.some(({ type }) => NUMBERS.has(type));
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
