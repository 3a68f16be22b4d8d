import { createHash } from 'node:crypto';
import type { SpeechGrammar } from '../dialogue/index.ts';
import { maskSensitive } from '../guard/index.ts';
import type { Recogniser, Recognition, RecognitionStream } from '../speech/index.ts';

const DIGITS = ['zero', 'oh', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const TENS = [
  'ten', 'eleven', 'twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen', 'twenty',
  'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety', 'hundred', 'thousand', 'double', 'triple',
]; // biome-ignore format: a list of words
/** Words that stand for all that is not a number, so that a number is not heard in everything. */
const OTHERS = [
  'a', 'about', 'account', 'again', 'all', 'am', 'an', 'and', 'appointment', 'are', 'at', 'balance', 'bank', 'be', 'been',
  'block', 'can', 'card', 'checking', 'could', 'customer', 'date', 'day', 'do', 'doctor', 'dollars', 'for', 'from', 'get',
  'give', 'good', 'have', 'hello', 'help', 'here', 'hours', 'how', 'i', 'if', 'in', 'is', 'it', 'know', 'like', 'lost',
  'make', 'me', 'money', 'my', 'name', 'need', 'no', 'not', 'number', 'of', 'on', 'open', 'or', 'pay', 'phone', 'please',
  'savings', 'security', 'see', 'social', 'some', 'that', 'the', 'then', 'there', 'this', 'time', 'to', 'today', 'tomorrow',
  'transfer', 'want', 'was', 'we', 'what', 'when', 'where', 'which', 'will', 'with', 'would', 'yes', 'you', 'your', 'code',
]; // biome-ignore format: a list of words
/** So many digits in a row are a number of somebody. */
const MOST_DIGITS = 2;
/** Number types of the guard that are looked for beside bare digits. */
const NUMBERS: ReadonlySet<string> = new Set(
  'card cvv account routing iban ssn nino nhs npi mbi mrn phone passport licence pin code number'.split(' '),
);
const PLAIN_WORD = /^[a-z']+$/;

/**
 * Listens once more to what is about to be kept, against an open grammar of digits among other words: whether a number
 * can still be heard in it.
 */
export class SecondHearing {
  readonly #recogniser: Recogniser;
  #stream: RecognitionStream | null = null;

  constructor(recogniser: Recogniser) {
    this.#recogniser = recogniser;
  }

  /**
   * @param samples 16 kHz.
   * @param words what was understood of it: it explains the rest of the sound better than common words.
   * @throws SottoError `speech/…` when it cannot be listened to.
   */
  async finds(samples: Float32Array, words: readonly string[]): Promise<boolean> {
    if (samples.every((sample) => sample === 0)) return false;
    const heard = await this.hear(samples, words);
    return hasNumber(heard);
  }

  async hear(samples: Float32Array, words: readonly string[]): Promise<Recognition> {
    const grammar = openGrammar(words);
    if (this.#stream) await this.#stream.setGrammar(grammar);
    this.#stream ??= await this.#recogniser.open(grammar, { whole: true });
    await this.#stream.begin();
    this.#stream.write(samples);
    return await this.#stream.finish();
  }

  async close(): Promise<void> {
    await this.#stream?.close();
    this.#stream = null;
  }
}

/** Whether a number of somebody is among the words. */
export function hasNumber({ text, words }: Pick<Recognition, 'text' | 'words'>): boolean {
  let row = 0;
  for (const { text: word } of words) {
    row = DIGITS.includes(word) || word === 'double' || word === 'triple' ? row + 1 : 0;
    if (row > MOST_DIGITS) return true;
  }
  return maskSensitive(text).spans.some(({ type }) => NUMBERS.has(type));
}

function openGrammar(words: readonly string[]): SpeechGrammar {
  const own = words.map((word) => word.toLowerCase()).filter((word) => PLAIN_WORD.test(word));
  const numbers = new Set([...DIGITS, ...TENS]);
  const others = [...new Set([...OTHERS, ...own])].filter((word) => !numbers.has(word)).sort();
  // A row of digits is likely where there is anything like one: a word too many is dropped, no number is kept.
  const rules = [
    '#JSGF V1.0;',
    'grammar again;',
    `<digit> = ${[...DIGITS, 'double', 'triple'].join(' | ')};`,
    '<row> = <digit> <digit> <digit>+;',
    `<word> = ${[...numbers, ...others].join(' | ')};`,
    'public <again> = (/0.5/ <row> | /0.5/ <word>)+;',
  ];
  const jsgf = `${rules.join('\n')}\n`;
  const id = createHash('sha256').update(jsgf).digest('hex').slice(0, 32);
  return { id, jsgf, pronunciations: {}, outsideAbove: 40 };
}
