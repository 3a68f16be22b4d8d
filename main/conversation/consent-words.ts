import { createHash } from 'node:crypto';
import type { CompiledDesk, SpeechGrammar } from '../dialogue/index.ts';
import { LISTENING, LISTENING_PRONOUNCED } from './word-watch.ts';

/** What an answer to a question of consent means. */
export type ConsentAnswer = 'yes' | 'no' | 'unclear';

const YES = [
  'yes', 'yeah', 'yep', 'yes please', 'yes i do', 'yes you may', 'yes i agree', 'yes that is fine', "yes that's fine", 'i agree',
  'i do', 'i consent', 'sure', 'sure go ahead', 'of course', 'okay', 'ok', 'go ahead', 'that is fine', "that's fine",
  'that is okay', "that's okay", 'fine', 'you may', 'no problem',
]; // biome-ignore format: a list of phrases
const NO = [
  'no', 'nope', 'no thanks', 'no thank you', 'no i do not', "no i don't", 'no you may not', 'i do not', "i don't",
  'i do not agree', "i don't agree", 'i do not consent', "i don't consent", 'i do not want that', "i don't want that",
  'i would rather not', "i'd rather not", 'rather not', 'please do not', "please don't", 'i refuse', 'not now', 'never',
  'do not record me', "don't record me", 'do not record', "don't record", 'no recording',
]; // biome-ignore format: a list of phrases
const STOP_RECORDING = [
  'stop recording', 'stop the recording', 'stop recording me', 'stop recording this', 'please stop recording',
  'please stop the recording', 'do not record me', "don't record me", 'do not record this', "don't record this",
  'delete the recording', 'delete my recording', 'please delete the recording', 'delete what you recorded',
  'delete what you have recorded', 'please delete what you recorded', 'erase the recording', 'erase what you recorded',
  'i do not want to be recorded', "i don't want to be recorded", 'i want you to stop recording',
  'i withdraw my consent to the recording', 'i withdraw my consent to recording',
]; // biome-ignore format: a list of phrases
const WITHDRAW = [
  'i withdraw my consent', 'i take back my consent', 'i want to withdraw my consent', 'i would like to withdraw my consent',
  'i revoke my consent', 'i no longer consent', 'i do not consent', "i don't consent", 'i do not consent to this',
  'delete everything i said', 'delete what i said', 'forget everything i said', 'i do not want this written down',
  "i don't want this written down",
]; // biome-ignore format: a list of phrases

/** A closed list: what is not on it is unclear. */
export function answerOf(text: string): ConsentAnswer {
  const said = plain(text);
  if (YES.includes(said)) return 'yes';
  return NO.includes(said) || withdrawalIn(said) !== null ? 'no' : 'unclear';
}

/** What a sentence withdraws consent to; null when it does not. */
export function withdrawalIn(text: string): 'recording' | 'processing' | null {
  const said = plain(text);
  if (STOP_RECORDING.includes(said)) return 'recording';
  return WITHDRAW.includes(said) ? 'processing' : null;
}

/** What may be said while consent is asked for: yes, no, and their like. */
export function answerGrammar({ pack }: Pick<CompiledDesk, 'pack'>): SpeechGrammar {
  const phrases = [...new Set([...YES, ...NO, ...WITHDRAW, ...STOP_RECORDING])].join(' | ');
  const jsgf = `#JSGF V1.0;\ngrammar consent;\npublic <answer> = [uh | um | well] (${phrases}) [please | thanks | thank you];\n`;
  return { id: idOf(jsgf, ''), jsgf, pronunciations: {}, outsideAbove: pack.desk.outsideAbove };
}

const widened = new Map<string, SpeechGrammar>();
/** Grammars kept widened: a conversation moves between a few. */
const MOST_WIDENED = 64;

/** A grammar of the desk in which consent can be withdrawn too, which is rare, and in which people may just agree. */
export function withAsides(grammar: SpeechGrammar): SpeechGrammar {
  const known = widened.get(grammar.id);
  if (known) return known;
  const phrases = [...STOP_RECORDING, ...WITHDRAW].join(' | ');
  const jsgf = grammar.jsgf.replace(
    /public <(\w+)> = ([^;]*);/,
    (_, name: string, body: string) =>
      `<${name}_said> = ${body};\npublic <${name}> = /0.95/ <${name}_said> | /0.02/ (${phrases}) | /0.03/ (${LISTENING.join(' | ')});`,
  );
  const pronunciations = { ...grammar.pronunciations, ...LISTENING_PRONOUNCED };
  const wide = { ...grammar, jsgf, pronunciations, id: idOf(jsgf, grammar.id) };
  if (widened.size >= MOST_WIDENED) widened.clear();
  widened.set(grammar.id, wide);
  return wide;
}

function plain(text: string): string {
  const words = text
    .toLowerCase()
    .replaceAll('’', "'")
    .replaceAll(/[^a-z' ]+/g, ' ')
    .trim()
    .replace(/^(uh|um|well|oh)\s+/, '')
    .replaceAll(/\s+/g, ' ');
  const polite = words.replace(/\s+(please|thanks|thank you)$/, '');
  return [...YES, ...NO].includes(words) ? words : polite;
}

function idOf(jsgf: string, of: string): string {
  return createHash('sha256')
    .update(JSON.stringify([of, jsgf]))
    .digest('hex')
    .slice(0, 32);
}
