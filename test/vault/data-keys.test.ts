import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { KeyScope } from '../../main/vault/index.ts';
import { createVault, openVault } from '../../main/vault/index.ts';
import { credential, dataFolder, ports, refusal, throwaway } from './support.ts';

const words = Buffer.from('seven hundred and twelve');
const conversation = (): KeyScope => ({ kind: 'conversation', id: randomUUID() });

describe('a data key', () => {
  test('opens what was sealed under it, after the vault was closed too', async () => {
    const paths = dataFolder();
    const source = credential();
    const scope = conversation();
    const made = await createVault(paths, source, ports);
    made.keys.create(scope);
    const sealed = made.keys.seal(scope, words, 'turn/1');
    expect(sealed.includes(words)).toBe(false);
    made.close();
    const opened = await openVault(paths, source, ports);
    expect(opened.keys.open(scope, sealed, 'turn/1')).toEqual(words);
    opened.close();
  });

  test('refuses what was moved elsewhere, changed by one bit, or cut short', async () => {
    const { keys } = await throwaway();
    const [one, other] = [conversation(), conversation()];
    for (const scope of [one, other]) keys.create(scope);
    const sealed = keys.seal(one, words, 'turn/1');
    expect(await refusal(() => keys.open(one, sealed, 'turn/2'))).toBe('vault/damaged');
    expect(await refusal(() => keys.open(other, sealed, 'turn/1'))).toBe('vault/damaged');
    expect(await refusal(() => keys.open(one, sealed.subarray(0, 20), 'turn/1'))).toBe('vault/damaged');
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(await refusal(() => keys.open(one, changed, 'turn/1'))).toBe('vault/damaged');
    }
  });

  test('once destroyed opens nothing, seals nothing and does not come back', async () => {
    const { keys } = await throwaway();
    const scope = conversation();
    keys.create(scope);
    const sealed = keys.seal(scope, words, 'turn/1');
    keys.destroy(scope);
    expect(keys.has(scope)).toBe(false);
    expect(await refusal(() => keys.open(scope, sealed, 'turn/1'))).toBe('vault/key-destroyed');
    expect(await refusal(() => keys.seal(scope, words, 'turn/1'))).toBe('vault/key-destroyed');
    expect(await refusal(() => keys.create(scope))).toBe('vault/key-destroyed');
  });

  test('of a subject takes those of its conversations with it, and of nobody else', async () => {
    const { keys } = await throwaway();
    const subject = randomUUID();
    const [early, late, foreign] = [conversation(), conversation(), conversation()];
    keys.create(early);
    const kept = keys.seal(early, words, 'turn/1');
    keys.moveUnder(subject, early.id);
    keys.create(late, subject);
    keys.create(foreign);
    expect(keys.open(early, kept, 'turn/1')).toEqual(words);
    keys.destroy({ kind: 'subject', id: subject });
    expect([keys.has(early), keys.has(late), keys.has(foreign)]).toEqual([false, false, true]);
    expect(await refusal(() => keys.open(early, kept, 'turn/1'))).toBe('vault/key-destroyed');
  });

  test('is changed while in use: what was resealed opens, the old form does not', async () => {
    const { keys } = await throwaway();
    const scope = conversation();
    keys.create(scope);
    const old = keys.seal(scope, words, 'turn/1');
    let fresh = old;
    keys.rotate(scope, () => {
      fresh = keys.seal(scope, keys.open(scope, old, 'turn/1'), 'turn/1');
    });
    expect(keys.open(scope, fresh, 'turn/1')).toEqual(words);
    expect(await refusal(() => keys.open(scope, old, 'turn/1'))).toBe('vault/damaged');
  });

  test('of a subject is changed under more conversations than are held open', async () => {
    const vault = await throwaway();
    const subject = randomUUID();
    vault.keys.create({ kind: 'subject', id: subject });
    const sealed = Array.from({ length: 300 }, () => {
      const scope = conversation();
      vault.keys.create(scope, subject);
      return { scope, sealed: vault.keys.seal(scope, words, 'turn/1') };
    });
    const before = vault.db.prepare('SELECT wrapped FROM data_keys').pluck().all();
    vault.keys.rotate({ kind: 'subject', id: subject }, () => {});
    const after = vault.db.prepare('SELECT wrapped FROM data_keys').pluck().all();
    expect(after).toHaveLength(before.length);
    for (const each of sealed) expect(vault.keys.open(each.scope, each.sealed, 'turn/1')).toEqual(words);
  });

  test('is not there when the transaction that made it was undone', async () => {
    const vault = await throwaway();
    const scope = conversation();
    const undone = () =>
      vault.transaction(() => {
        vault.keys.create(scope);
        vault.keys.seal(scope, words, 'turn/1');
        throw new Error('undone');
      });
    expect(undone).toThrow('undone');
    expect(vault.keys.has(scope)).toBe(false);
    vault.keys.create(scope);
    expect(vault.keys.open(scope, vault.keys.seal(scope, words, 'x'), 'x')).toEqual(words);
  });
});
