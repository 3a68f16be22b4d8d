import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type AuditLog, proveEntries } from '../../audit/index.ts';
import { SottoError } from '../../base/index.ts';
import type { Vault } from '../../vault/index.ts';
import type { Incident } from './contract.ts';
import { BEFORE_MS } from './evidence.ts';
import { incidentPage } from './page.ts';
import type { Places } from './tables.ts';

/** Writes an incident to a folder that comes to be in one step. */
export async function exportIncident(
  { vault, audit }: { readonly vault: Vault; readonly audit: AuditLog },
  places: Places,
  incident: Incident,
  out: string,
  by: string,
): Promise<{ readonly folder: string }> {
  const folder = resolve(out);
  if (existsSync(folder))
    throw new SottoError('audit/export-exists', 'There is something at that place already.', {
      remedy: 'Name a folder that does not exist yet.',
    });
  const unfinished = await mkdtemp(`${folder}.unfinished-`);
  try {
    const since = Math.max(0, incident.openedAt - BEFORE_MS);
    await audit.export({ out: join(unfinished, 'log'), since, actor: by, via: 'incident' });
    const proof = proveEntries(vault, audit, {
      seqs: [places.firstSeq, ...ownEntries(vault, incident.id), ...foundEntries(incident)],
      earlierSize: places.firstSeq + 1,
    });
    const write = (name: string, text: string) =>
      writeFile(join(unfinished, name), text, { flag: 'wx', mode: 0o600, flush: true });
    await write('incident.json', `${JSON.stringify(incident, null, 2)}\n`);
    const opened = { checkpoint: places.checkpoint, size: places.firstSeq + 1 };
    await write('proof.json', `${JSON.stringify({ opened, ...proof }, null, 2)}\n`);
    await write('incident.html', incidentPage(incident, proof));
    await rename(unfinished, folder);
    return { folder };
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

/** Every act on the incident, by the log itself. */
function ownEntries({ db }: Vault, id: string): readonly number[] {
  return db
    .prepare<[string], number>(
      `SELECT seq FROM audit_entries WHERE json_extract(json, '$.unmapped.target') = ? ORDER BY seq LIMIT 1000`,
    )
    .pluck()
    .all(`incident:${id}`);
}

function foundEntries({ evidence }: Incident): readonly number[] {
  return evidence.flatMap((one) => (one.kind === 'finding' ? [one.seq] : []));
}
