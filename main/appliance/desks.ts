import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { DeskSummary } from '../api/index.ts';
import { installRoot, type Paths, SottoError } from '../base/index.ts';
import { checkDeskPack, type DeskPack } from '../dialogue/index.ts';
import { readSetting, type Vault } from '../vault/index.ts';

const siteSchema = z.strictObject({ siteName: z.string(), deskId: z.string() });
const FIRST_DESK = 'bank-branch';

/** Where desk packs lie: the site's own first, then the samples that come with Sotto. */
export function deskRoots(paths: Paths): readonly string[] {
  return [join(paths.data, 'packs'), join(installRoot, 'desks')];
}

/** All valid packs, a site's pack hiding a sample of the same id. */
export async function findDesks(paths: Paths): Promise<readonly DeskPack[]> {
  const found = new Map<string, DeskPack>();
  for (const root of deskRoots(paths)) {
    for (const folder of await foldersIn(root)) {
      const { pack } = await checkDeskPack(folder);
      if (pack && !found.has(pack.desk.id)) found.set(pack.desk.id, pack);
    }
  }
  return [...found.values()];
}

/** @throws SottoError `desk/not-found` */
export async function deskFolder(paths: Paths, id: string): Promise<string> {
  const pack = (await findDesks(paths)).find(({ desk }) => desk.id === id);
  if (pack) return pack.folder;
  throw new SottoError('desk/not-found', `No desk pack with the id ${id} is installed, or it has errors.`, {
    remedy: `Put it under ${join(paths.data, 'packs')} and run: sotto desk check DIR`,
  });
}

/** The site's name and desk as they were chosen at set-up; null before. */
export function siteChoice(vault: Vault): z.infer<typeof siteSchema> | null {
  return readSetting(vault, 'site', siteSchema);
}

/** The pack of the desk that the site has chosen. @throws SottoError `desk/not-found` */
export async function siteDeskFolder(vault: Vault, paths: Paths): Promise<string> {
  return await deskFolder(paths, siteChoice(vault)?.deskId ?? FIRST_DESK);
}

/** What a screen shows of a desk. */
export function summaryOf({ desk, flows }: DeskPack): DeskSummary {
  return {
    id: desk.id,
    name: desk.name,
    version: desk.version,
    agentName: desk.agent.name,
    handOffTo: desk.handOff.to,
    disclosures: desk.disclosures.map(({ id, say, show }) => ({ id, show: show ?? say })),
    abilities: Object.values(flows)
      .filter(({ inHelp }) => inHelp)
      .map(({ description }) => description),
  };
}

async function foldersIn(root: string): Promise<readonly string[]> {
  if (!existsSync(root)) return [];
  const entries = await readdir(root, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, 'desk.yaml')))
    .map((entry) => join(root, entry.name))
    .sort();
}
