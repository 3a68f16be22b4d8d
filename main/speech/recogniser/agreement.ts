/**
 * How far the sounds that a free phone loop heard are from those that the grammar's words are made of. Unlike the
 * difference of scores, this hardly depends on the voice: a synthetic one scores badly as speech whatever it says, and
 * still says the right sounds in the right order.
 */

const VOWELS = 'AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW';
const MANNERS = ['P B T D K G', 'F V TH DH S Z SH ZH HH CH JH', 'M N NG', 'L R W Y'];
/** Phones that the loop, which hears without context, takes for one another. */
const ALIKE = [
  'AA AO AH OW',
  'AE EH AY EY',
  'IH IY EY EH',
  'UH UW OW',
  'AH UH IH EH ER',
  'AW AA OW',
  'OY AO',
  'P B',
  'T D',
  'K G',
  'F V TH',
  'S Z SH ZH',
  'CH JH SH',
  'TH DH V',
  'M N NG',
  'L W OW',
  'R ER',
  'Y IY',
  'D DH',
  'T CH',
  'D JH',
  'G NG',
  'N D',
];
const COST = { alike: 0.4, sameManner: 0.6, other: 0.8, vowelForConsonant: 1.2, missing: 0.7 };

const groupsOf = new Map<string, Set<number>>();
for (const [group, phones] of ALIKE.entries())
  for (const phone of phones.split(' ')) {
    const groups = groupsOf.get(phone) ?? new Set<number>();
    groupsOf.set(phone, groups.add(group));
  }
const mannerOf = new Map(
  [VOWELS, ...MANNERS].flatMap((phones, manner) =>
    phones.split(' ').map((phone) => [phone, manner] as const),
  ),
);

/**
 * The cheapest way to turn what was heard into what was expected, as the cost at each expected phone: 0 where the same
 * phone was heard, 0.7 where one is missing or one too many. What was heard in between counts where it comes before.
 */
export function disagreement(expected: readonly string[], heard: readonly string[]): number[] {
  const perPhone = expected.map(() => 0);
  if (expected.length === 0) return perPhone;
  const at = alignment(expected, heard);
  let [i, j] = [expected.length, heard.length];
  while (i > 0 || j > 0) {
    const swap = i > 0 && j > 0 ? between(expected[i - 1], heard[j - 1]) : Number.POSITIVE_INFINITY;
    const swapped = near(at(i, j), at(i - 1, j - 1) + swap);
    const missed = !swapped && i > 0 && near(at(i, j), at(i - 1, j) + COST.missing);
    if (swapped || missed) i -= 1;
    if (!missed) j -= 1;
    const phone = Math.min(i, expected.length - 1);
    perPhone[phone] = (perPhone[phone] ?? 0) + (swapped ? swap : COST.missing);
  }
  return perPhone;
}

/** The least cost of turning the first `j` phones heard into the first `i` expected. */
function alignment(expected: readonly string[], heard: readonly string[]): (i: number, j: number) => number {
  const width = heard.length + 1;
  const costs = new Float64Array((expected.length + 1) * width);
  const at = (i: number, j: number) => costs[i * width + j] ?? 0;
  for (let i = 0; i <= expected.length; i += 1)
    for (let j = 0; j < width; j += 1)
      costs[i * width + j] =
        i === 0 || j === 0
          ? (i + j) * COST.missing
          : Math.min(
              at(i - 1, j - 1) + between(expected[i - 1], heard[j - 1]),
              at(i - 1, j) + COST.missing,
              at(i, j - 1) + COST.missing,
            );
  return at;
}

function near(a: number, b: number): boolean {
  return Math.abs(a - b) < 1e-9;
}

/** What it costs to take one phone for another. */
function between(expected = '', heard = ''): number {
  if (expected === heard) return 0;
  const groups = groupsOf.get(heard) ?? [];
  for (const group of groups) if (groupsOf.get(expected)?.has(group)) return COST.alike;
  const [mine, theirs] = [mannerOf.get(expected), mannerOf.get(heard)];
  if ((mine === 0) !== (theirs === 0)) return COST.vowelForConsonant;
  return mine === theirs && mine !== 0 ? COST.sameManner : COST.other;
}
