/** Words that ask for the same at any desk. A page's own are in its front matter (`also:`). */
const GROUPS: readonly (readonly string[])[] = `
cost costs price fee fees charge expensive
restroom toilet toilets bathroom washroom
lose lost losing missing
take taken takes
document documents paper papers bring
picture photo
elevator lift
doctor physician
medicine medicines medication medications drug drugs
parking park
buy exchange
send sent mail mailed post
replacement new
arrive arrives arrival take reach
begin start
close closes closed shut
withdraw withdrawing withdrawal
allowed allow permitted
phone telephone
handicapped disabled disability wheelchair
forgot forget
appointment visit
`
  .trim()
  .split('\n')
  .map((line) => line.split(' '));

const byWord = new Map<string, ReadonlySet<string>>();
for (const group of GROUPS)
  for (const word of group) byWord.set(word, new Set([...(byWord.get(word) ?? []), ...group]));

/** The word itself and those that stand for it, itself first. */
export function wordsFor(word: string): readonly string[] {
  return [...new Set([word, ...(byWord.get(word) ?? [])])];
}
