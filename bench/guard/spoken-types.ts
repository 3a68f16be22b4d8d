import { createMasker, maskSensitive } from '../../main/guard/index.ts';
import { carriersOf, DIGIT_TYPES, isAllGone, isGone, madeValue } from '../../test/guard/said-values.ts';
import { seeded } from '../../test/guard/spoken-forms.ts';
import { table } from '../machine.ts';

const A_TYPE = 400;

/**
 * Values of every digit type, made by their rules, in the sentences in which people tell them: written, spoken, and spoken in
 * two turns after the question. Other values than those that the recognisers were mended with (another seed).
 */
export function spokenTypesTable(seed = 9_127): string {
  const sums = { written: 0, spoken: 0, turns: 0, named: 0 };
  const rows = DIGIT_TYPES.map((type) => {
    const found = countsOf(type, seed);
    for (const each of ['written', 'spoken', 'turns', 'named'] as const) sums[each] += found[each];
    return [type, A_TYPE, ...shares(found, A_TYPE)];
  });
  const all = A_TYPE * DIGIT_TYPES.length;
  rows.push(['**all**', all, ...shares(sums, all)]);
  return table(
    ['type', 'values', 'written', 'spoken', 'spoken over two turns', 'named right (spoken)'],
    rows,
  );
}

type Counts = Record<'written' | 'spoken' | 'turns' | 'named', number>;

function countsOf(type: string, seed: number): Counts {
  const random = seeded(seed + type.length * 31 + type.charCodeAt(0));
  const found: Counts = { written: 0, spoken: 0, turns: 0, named: 0 };
  const carriers = carriersOf(type);
  for (let at = 0; at < A_TYPE; at += 1) {
    const value = madeValue(type, random);
    const carrier = carriers[at % carriers.length] ?? '#';
    const tell = (form: string) => maskSensitive(carrier.replace('#', form));
    if (isGone(tell(value.written).masked, carrier)) found.written += 1;
    const spoken = tell(value.spoken);
    if (isGone(spoken.masked, carrier)) found.spoken += 1;
    if (spoken.spans.some((span) => span.type === type)) found.named += 1;
    if (overTurns(type, value.spoken)) found.turns += 1;
  }
  return found;
}

/** The first half in one turn, the second in the next. */
function overTurns(type: string, spoken: string): boolean {
  const masker = createMasker();
  masker.mask(`What is your ${type === 'cvv' ? 'security code' : type} number?`, 'agent');
  const words = spoken.split(' ');
  const half = Math.ceil(words.length / 2);
  return [words.slice(0, half), words.slice(half)]
    .map((part) => part.join(' ').replace(/^,|,$/g, '').trim())
    .filter((part) => part !== '')
    .every((part) => isAllGone(masker.mask(part, 'person').masked));
}

function shares({ written, spoken, turns, named }: Counts, of: number): string[] {
  return [written, spoken, turns, named].map((count) => (count / of).toFixed(3));
}
