import { HASH_BYTES } from '../merkle.ts';
import { TILE_WIDTH, tilePath, tileWidth } from '../tiles.ts';
import { FILES, fileStem, SSH_NAMESPACE } from './names.ts';
import type { ExportFacts } from './summary-page.ts';

/** How to verify an export with tools that are not ours: `ssh-keygen`, `sha256sum`, any transparency-log client. */
export function verifyPage(facts: ExportFacts): string {
  const { origin, size, root, signer, verifierKey } = facts;
  const stem = fileStem(origin);
  return `# How to verify this export

Audit log \`${origin}\`: ${size} entries in the log, of which this export shows ${shown(facts)}.
You need \`ssh-keygen\` (OpenSSH 8.1 or later), \`sha256sum\`, and for step 4 any client of transparency logs. Nothing of ours. Run the commands in this folder.

## 1. The keys are the site's

A forger would put other keys here. So first compare these two lines with what you wrote down when the appliance was set up, or with an export that you trust:

    ${verifierKey}
    ${signer}

The first is the key of the log (\`${stem}.vkey\`), the second the key that signs exports.

## 2. The list of files is signed

    ssh-keygen -Y verify -f ${FILES.signers} -I ${stem} -n ${SSH_NAMESPACE} -s ${FILES.signature} < ${FILES.sums}

It must say

    Good "${SSH_NAMESPACE}" signature for ${stem} with ED25519 key ${signer}

## 3. The files are those listed

    sha256sum --check --strict --quiet ${FILES.sums}

It must say nothing and exit with 0. A file that is not listed is no part of this export.

## 4. The entries are those that the log signed

\`${FILES.checkpoint}\` is a signed note (C2SP signed-note and tlog-checkpoint), \`tile/\` the tree under it (C2SP tlog-tiles, RFC 6962). Any client that reads them will do, for instance Go's \`golang.org/x/mod/sumdb/note\` and \`…/tlog\` (0.40 or later: earlier ones take some tiles on trust, CVE-2026-56865); one that wants a URL gets one from \`python3 -m http.server --bind 127.0.0.1\`. It must find

- the signature of the checkpoint good under the key of step 1,
- ${size} leaves under the root \`${root}\`,
- each line of \`${FILES.lines}\`, without its line end, to be the leaf that its \`metadata.sequence\` says.
${byHand(facts)}
\`${FILES.entry}\` is the entry that records this export: leaf ${size - 1}, the last. It says who made it, for which times, from which entry (\`first\`) up to which (\`end\`; null: to the last), and with which key it is signed.

## 5. The log only grows

Keep the checkpoint of every export, best on another machine. The next one must be consistent with it (RFC 6962, section 2.1.2): a transparency-log client proves it from the tiles, and so does

    sotto audit witness --store FOLDER --pin ${stem}.vkey EXPORT

which names a log that was rewritten, cut or forked since.

## What is shown and what is not

The tiles of hashes cover the whole log. The entries themselves are those from number ${facts.first} up to, not including, number ${facts.end}; all others are here as hashes alone, and remain as provable as these. \`tile/entries/\` holds the bundles of ${TILE_WIDTH} that lie wholly in that range; \`${FILES.lines}\` holds every entry of it. \`${FILES.table}\` is made from the same entries for reading: where a cell could be taken for a formula, an apostrophe stands before it. Entries hold no personal data in clear: people are ids, what they typed is a keyed hash.
`;
}

function shown({ first, end }: ExportFacts): string {
  return end > first ? `numbers ${first} to ${end - 1}` : 'none';
}

/** One entry proved with nothing but a shell; left out when there is none. */
function byHand({ first, end, size }: ExportFacts): string {
  if (first === end) return '';
  const index = Math.floor(first / TILE_WIDTH);
  const place = first % TILE_WIDTH;
  const tile = tilePath(0, index, tileWidth(0, index, size));
  return `
By hand, the first line of \`${FILES.lines}\` is entry ${first}, and these two commands print the same hash:

    { printf '\\0'; head -n 1 ${FILES.lines} | tr -d '\\n'; } | sha256sum
    tail -c +${place * HASH_BYTES + 1} ${tile} | head -c ${HASH_BYTES} | od -An -v -tx1 | tr -d ' \\n'
`;
}
