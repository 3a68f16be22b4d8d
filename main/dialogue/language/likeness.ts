/** What a sentence that no phrase fits is most like, by the statistics of the desk's phrases. */
import type { Expectation } from '../acts.ts';
import type { CompiledFlow } from './compiled-flow.ts';
import { clarify, type Meant, type Reader, round, setSlots } from './reader.ts';
import type { Sentence } from './slots/slot-type.ts';

const CLASSIFIED = { sure: 0.35, similarity: 0.45, moreOfFew: 0.25 };
/** After "do you want this or that?" a word that tells them apart is enough. */
const CHOSEN = { share: 0.75, together: 0.4, similarity: 0.2 };
/** Under a question, only a clear change of subject counts. */
const DIGRESSION = { sure: 0.75, similarity: 0.6, moreOfFew: 0 };
/**
 * A desk with few flows shares out all likelihood between them, whatever was said: there, likeness must tell what is out
 * of scope. Among many flows a strange sentence is torn, and that tells it.
 */
const FEW_FLOWS = 20;
const MANY_FLOWS = 75;
/** Two flows that share what is likely, neither below this, are asked about. */
const EITHER = { together: 0.6, least: 0.33 };

/** One of the flows that were just asked about, by a word or two of its own. */
export function chosen(reader: Reader, sentence: Sentence, expectation: Expectation): Meant | null {
  if (expectation.kind !== 'open' || !expectation.between) return null;
  const { between } = expectation;
  const result = reader.classify(sentence.text);
  const among = result?.ranking.filter(({ label }) => between.includes(label)) ?? [];
  const [best] = among;
  const whole = among.reduce((sum, { probability }) => sum + probability, 0);
  const flow = best && reader.flows.get(best.label);
  if (!result || !flow || result.similarity < CHOSEN.similarity) return null;
  const share = best.probability / whole;
  return share < CHOSEN.share || whole < CHOSEN.together ? null : started(flow, sentence, round(share));
}

/** What the sentence is most like, where it is like something. */
export function classified(reader: Reader, sentence: Sentence, expectation: Expectation): Meant | null {
  const result = reader.classify(sentence.text);
  const [best, second] = result?.ranking ?? [];
  if (!result || !best) return null;
  const least = expectation.kind === 'open' ? CLASSIFIED : DIGRESSION;
  const few = fewness(result.ranking.length);
  if (result.similarity < least.similarity * few) return null;
  const sure = round(sureOf(best.probability, result.similarity));
  if (second && expectation.kind === 'open' && second.probability > EITHER.least)
    return best.probability + second.probability > EITHER.together
      ? clarify([best.label, second.label], sure)
      : null;
  if (sure < least.sure + least.moreOfFew * few) return null;
  const flow = reader.flows.get(best.label);
  return flow ? started(flow, sentence, sure) : null;
}

function started(flow: CompiledFlow, sentence: Sentence, confidence: number): Meant {
  const slots = scan(flow, sentence);
  const name = flow.declaration.flow;
  return {
    inScope: true,
    flow: name,
    slots,
    confidence,
    complete: false,
    commands: [{ command: 'startFlow', flow: name }, ...setSlots(slots, confidence)],
  };
}

/** Values of a flow's slots found anywhere in a sentence: the longest at each place, each slot once. */
function scan(flow: CompiledFlow, sentence: Sentence): Record<string, string> {
  const found: Record<string, string> = {};
  let at = 0;
  while (at < sentence.words.length) {
    const here = [...flow.slots.values()]
      .filter((slot) => slot.kind !== 'text' && slot.kind !== 'yesNo' && found[slot.name] === undefined)
      .flatMap((slot) =>
        slot.type.match(sentence, at).map((match) => ({
          slot,
          match,
          cued: flow.cues.get(slot.name)?.includes(sentence.words[at - 1] ?? '') ?? false,
        })),
      )
      .sort((a, b) => b.match.end - a.match.end || Number(b.cued) - Number(a.cued))[0];
    if (here && isTelling(here.slot.kind, sentence.words.slice(at, here.match.end)))
      found[here.slot.name] = here.match.value;
    at = here?.match.end ?? at + 1;
  }
  return found;
}

/** "a", "one" and "may" alone are too common to be taken for a letter, a time or a date. */
function isTelling(kind: string, words: readonly string[]): boolean {
  if (words.length > 1 || /\d/.test(words[0] ?? '')) return true;
  return kind === 'choice' || kind === 'date' || kind === 'amount';
}

/** 1 for a desk with few flows, 0 for one with many. */
function fewness(flows: number): number {
  return Math.min(1, Math.max(0, (MANY_FLOWS - flows) / (MANY_FLOWS - FEW_FLOWS)));
}

/**
 * How likely a statistical reading is right, from the classifier's share and the likeness to what it learnt from: a
 * logistic fitted on one half of CLINC150's validation set, out-of-scope questions weighing five times
 * (`npm run bench -- understanding` shows on other data how far it can be believed).
 */
function sureOf(probability: number, similarity: number): number {
  const share = Math.min(0.9999, Math.max(0.0001, probability));
  return 1 / (1 + Math.exp(-(0.853 * Math.log(share / (1 - share)) + 3.753 * similarity - 2.389)));
}
