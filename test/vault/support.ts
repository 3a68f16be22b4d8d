import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Clock, codeOf, type Paths, pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import { createVault, type KeySource, type Vault } from '../../main/vault/index.ts';

export const ports = { clock: systemClock, log: silentLog };

/** A data folder that does not exist yet, gone after the test. */
export function dataFolder(): Paths {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-vault-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return pathsIn(join(folder, 'data'));
}

/** A credential file: the quickest key source that lasts. */
export function credential(): Extract<KeySource, { kind: 'credential' }> {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-credential-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'key');
  writeFileSync(file, crypto.getRandomValues(new Uint8Array(32)), { mode: 0o400 });
  return { kind: 'credential', file };
}

export async function throwaway(clock: Clock = systemClock): Promise<Vault> {
  const vault = await createVault(dataFolder(), { kind: 'ephemeral' }, { clock, log: silentLog });
  onTestFinished(() => vault.close());
  return vault;
}

/** A clock that a test sets. */
export function testClock(start = Date.UTC(2026, 4, 2, 9)): Clock & { advance(ms: number): void } {
  let now = start;
  return {
    now: () => now,
    monotonicMs: () => now,
    advance: (ms) => {
      now += ms;
    },
  };
}

/** The code of what an act throws; `none` when it does not. */
export async function refusal(act: () => unknown): Promise<string> {
  try {
    await act();
    return 'none';
  } catch (error) {
    return codeOf(error);
  }
}

/** All files below a folder with their bytes. */
export function filesIn(folder: string): ReadonlyMap<string, Buffer> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    names.map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return [file, readFileSync(file)];
    }),
  );
}

/** The files that hold a word, in UTF-8 or UTF-16. */
export function filesWith(word: string, folder: string): readonly string[] {
  const forms = [Buffer.from(word), Buffer.from(word, 'utf16le')];
  return [...filesIn(folder)]
    .filter(([, bytes]) => forms.some((form) => bytes.includes(form)))
    .map(([file]) => file);
}
