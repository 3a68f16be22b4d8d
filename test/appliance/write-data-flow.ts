// Writes docs/data-flow.md from the inventory: node test/appliance/write-data-flow.ts
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Datum, INVENTORY, type Place } from '../../main/appliance/inventory.ts';
import { DEFAULT_RULES } from '../../main/records/index.ts';

export const PAGE: string = fileURLToPath(new URL('../../docs/data-flow.md', import.meta.url));

const INTRODUCTION = `# Data flow

<!-- Written from main/appliance/inventory.ts by \`node test/appliance/write-data-flow.ts\`: change that, not this. -->

Where each datum is, how it is protected, who can see it and how long it stays. The list is the code's own: a test holds it
to every table and column of a new vault, every file of a running appliance, the roles of the api and the rules of retention.

\`DATA\` is the data folder ([it-guide.md](it-guide.md)). "Vault" is \`DATA/sotto.db\`: one SQLite database, each page
encrypted and authenticated (SQLCipher format) under a random 256-bit key, which lies wrapped in \`DATA/vault.json\`. Nothing
leaves the machine but what the tool servers, model server, collector and mail relay that the site named are sent and, when an
address is served, the encrypted connection to the browser. What stays a number of days is let go by the sweep after them: it
runs once a day, and shortly after each start.
`;

/** The page as the code has it. */
export function dataFlowPage(): string {
  const sections = INVENTORY.map(({ title, note, data }) =>
    [
      `\n## ${title}\n`,
      ...(note === undefined ? [] : [`${note}\n`]),
      '| datum | where | protection | who sees it | how long |',
      '|---|---|---|---|---|',
      ...data.map((datum) => `| ${cells(datum).join(' | ')} |`),
      '',
    ].join('\n'),
  );
  return `${INTRODUCTION}${sections.join('')}`;
}

function cells({ what, where, protection, seenBy, keeps }: Datum): readonly string[] {
  const { words, through, roles } = seenBy;
  const shown = through === undefined ? [] : [`(\`${through}\`${roles ? `: ${roles.join(', ')}` : ''})`];
  return [what, where.map(placeInWords).join('; '), protection, [words, ...shown].join(' '), time(keeps)];
}

function placeInWords(place: Place): string {
  if ('elsewhere' in place) return place.elsewhere;
  if ('file' in place) return `\`DATA/${place.file}\``;
  if (place.rows !== undefined)
    return `vault, \`${place.table}\`: ${place.rows.map((row) => `\`${row}\``).join(', ')}`;
  return `vault, \`${place.table}\` (${place.columns.join(', ')})`;
}

function time(keeps: Datum['keeps']): string {
  if ('words' in keeps) return keeps.words;
  const days = DEFAULT_RULES.filter(({ dataClass }) => dataClass === keeps.rule).map(
    ({ keepDays }) => keepDays,
  );
  return `${Math.min(...days)} days after the conversation ended, if the site has not set less or more (rule \`${keeps.rule}\`); longer under a legal hold; no longer than its subject is not erased`;
}

if (import.meta.main) writeFileSync(PAGE, dataFlowPage());
