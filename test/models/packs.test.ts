import { readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Json, SottoError } from '../../main/base/index.ts';
import { LIMITS, signPack, verifyPack } from '../../main/models/index.ts';
import {
  actions,
  container,
  DESCRIPTION,
  FILES,
  folderOf,
  forged,
  pack,
  refusal,
  type Signer,
  scratch,
  signer,
  site,
} from './support.ts';

const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const TINY = {
  format: 'sotto-model-pack-1',
  ...DESCRIPTION,
  engine: { ...DESCRIPTION.engine, threads: 1, naturalRate: 165 },
  files: [
    { path: 'model.onnx', size: 0, sha256: EMPTY },
    { path: 'tokens.txt', size: 0, sha256: EMPTY },
  ],
} satisfies Json;
const withFiles = (...paths: string[]) => ({
  ...TINY,
  files: [...TINY.files, ...paths.map((path) => ({ path, size: 0, sha256: EMPTY }))],
});
/** In the order that a manifest must have. */
const sorted = (manifest: typeof TINY) => ({
  ...manifest,
  files: manifest.files.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
});

async function verifyBytes(bytes: Uint8Array, by: Signer) {
  const path = join(scratch(), 'some.sottopack');
  writeFileSync(path, bytes);
  return await verifyPack(path, [by.publicKey]);
}

describe('a signed pack', () => {
  test.each([false, true])(
    'is installed, listed, opened and removed, each in the log (folder: %s)',
    async (folder) => {
      const by = signer();
      const { models, audit, folder: root } = await site();
      models.trust(by.publicKey, { name: 'IT of the bank' }, 'system');
      const seen: number[] = [];
      const installed = await models.install(await pack(by, {}, { folder }), {
        actor: 'system',
        onProgress: ({ bytes }) => seen.push(bytes),
      });
      expect(installed).toMatchObject({
        id: 'tiny-voice',
        version: '1.2.0',
        signer: by.publicKey.fingerprint,
      });
      expect(seen.at(-1)).toBe(Object.values(FILES).join('').length);
      expect(models.installed()).toEqual([installed]);
      const opened = await models.open('tiny-voice');
      expect(readFileSync(opened.path('tokens.txt'), 'utf8')).toBe('_ 0\n');
      await models.remove('tiny-voice', 'system');
      expect(models.installed()).toEqual([]);
      expect(readdirSync(root)).toEqual([]);
      expect(actions(audit).slice(0, 3)).toEqual(['model.remove ok', 'model.install ok', 'model.trust ok']);
      expect(audit.verify().ok).toBe(true);
    },
  );

  test('that was forged byte by byte to the letter of the format is the same as a built one', async () => {
    const by = signer();
    await expect(verifyBytes(forged(by, TINY), by)).resolves.toMatchObject({
      manifest: { id: 'tiny-voice' },
    });
  });

  test('built from the same files twice is the same pack', async () => {
    const by = signer();
    const [one, two] = await Promise.all([pack(by), pack(by)]);
    expect(readFileSync(one).equals(readFileSync(two))).toBe(true);
  });

  test('can be signed after it was built, and again by another key', async () => {
    const [first, second] = [signer(), signer()];
    for (const folder of [false, true]) {
      const path = await pack(undefined, {}, { folder });
      expect(await refusal(() => verifyPack(path, [first.publicKey]))).toBe('models/unsigned');
      await signPack(path, first.key);
      expect((await verifyPack(path, [first.publicKey])).signer).toBe(first.publicKey.fingerprint);
      await signPack(path, second.key);
      expect(await refusal(() => verifyPack(path, [first.publicKey]))).toBe('models/untrusted-key');
    }
  });

  test('carries DSSE over its manifest, which is verified without our code', async () => {
    const by = signer();
    const path = await pack(by, {}, { folder: true });
    const manifest = readFileSync(join(path, 'manifest.json'));
    const { payloadType, signatures } = JSON.parse(readFileSync(join(path, 'manifest.sig.json'), 'utf8'));
    const { verify } = await import('node:crypto');
    const message = Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${manifest.length} ${manifest}`);
    expect(verify(null, message, by.publicKey.pem, Buffer.from(signatures[0].sig, 'base64'))).toBe(true);
  });
});

describe('refused', () => {
  test('is every pack with one byte changed, wherever it is', async () => {
    const by = signer();
    const good = readFileSync(await pack(by));
    const path = join(scratch(), 'changed.sottopack');
    for (let at = 0; at < good.length; at += 1) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ (1 << (at % 8));
      writeFileSync(path, bad);
      expect(await refusal(() => verifyPack(path, [by.publicKey])), `byte ${at}`).toMatch(/^models\//);
    }
  });

  test('is every pack that ends too early, or goes on', async () => {
    const by = signer();
    const good = readFileSync(await pack(by));
    const path = join(scratch(), 'cut.sottopack');
    for (let length = 0; length < good.length; length += 1) {
      writeFileSync(path, good.subarray(0, length));
      const code = await refusal(() => verifyPack(path, [by.publicKey]));
      expect(code, `${length} bytes`).toMatch(length < 9 ? /not-a-pack/ : /truncated/);
    }
    writeFileSync(path, Buffer.concat([good, Buffer.from([0])]));
    expect(await refusal(() => verifyPack(path, [by.publicKey]))).toBe('models/trailing-bytes');
  });

  test.each<[string, Json, string]>([
    ['a path out of its folder', withFiles('../evil'), 'models/unsafe-path'],
    ['a path out of its folder further down', withFiles('a/../../evil'), 'models/unsafe-path'],
    ['an absolute path', withFiles('/etc/cron.d/evil'), 'models/unsafe-path'],
    ['a Windows drive', withFiles('C:/evil'), 'models/unsafe-path'],
    ['a backslash', withFiles('a\\..\\evil'), 'models/unsafe-path'],
    ['a NUL', withFiles('a\u0000.txt'), 'models/unsafe-path'],
    ['an alternate stream', withFiles('a.txt:evil'), 'models/unsafe-path'],
    ['a name of a Windows device', withFiles('data/con.txt'), 'models/unsafe-path'],
    ['a name ending in a dot', withFiles('data./x'), 'models/unsafe-path'],
    ['a letter that is not the same everywhere', withFiles('é.txt'), 'models/unsafe-path'],
    ['an empty part', withFiles('a//b'), 'models/unsafe-path'],
    ['names that differ by case', sorted(withFiles('Model.onnx')), 'models/unsafe-path'],
    ['folders that differ by case', sorted(withFiles('Data/a', 'data/b')), 'models/unsafe-path'],
    ['a file that is also a folder', sorted(withFiles('tokens.txt/x')), 'models/unsafe-path'],
    ['one file twice', withFiles('tokens.txt'), 'models/unsafe-path'],
    ['files out of order', { ...TINY, files: TINY.files.toReversed() }, 'models/bad-manifest'],
    ['an unknown kind', { ...TINY, kind: 'oracle' }, 'models/unknown-kind'],
    ['an unknown engine', { ...TINY, engine: { family: 'tarot' } }, 'models/unknown-engine'],
    ['a newer format', { ...TINY, format: 'sotto-model-pack-2' }, 'models/newer-format'],
    ['an engine of another kind', { ...TINY, kind: 'recogniser' }, 'models/bad-manifest'],
    ['an id with a path in it', { ...TINY, id: '../x' }, 'models/bad-manifest'],
    ['a field that nobody declared', { ...TINY, postInstall: 'sh evil.sh' }, 'models/bad-manifest'],
    [
      'a setting that the engine does not have',
      { ...TINY, engine: { ...TINY.engine, provider: 'cuda' } },
      'models/bad-manifest',
    ],
    [
      'a file for the engine that is not in the pack',
      { ...TINY, engine: { ...TINY.engine, files: { model: '../../etc/passwd', tokens: 'tokens.txt' } } },
      'models/bad-manifest',
    ],
    [
      'more files than may be',
      {
        ...TINY,
        files: Array.from({ length: LIMITS.files + 1 }, (_, i) => ({
          path: `f${i}`,
          size: 0,
          sha256: EMPTY,
        })),
      },
      'models/too-many-files',
    ],
    [
      'a file larger than may be',
      {
        ...TINY,
        files: [TINY.files[0], { path: 'tokens.txt', size: LIMITS.fileBytes + 1, sha256: EMPTY }],
      } as Json,
      'models/too-large',
    ],
    [
      'a size that is none',
      { ...TINY, files: [TINY.files[0], { path: 'tokens.txt', size: -1, sha256: EMPTY }] } as Json,
      'models/bad-manifest',
    ],
  ])('is %s, though a trusted key signed it', async (_, manifest, code) => {
    const by = signer();
    expect(await refusal(() => verifyBytes(forged(by, manifest), by))).toBe(code);
  });

  test('is a manifest in another spelling than the canonical one', async () => {
    const by = signer();
    const spaced = container(Buffer.from(JSON.stringify(TINY, null, 1)), by, Buffer.alloc(0));
    expect(await refusal(() => verifyBytes(spaced, by))).toBe('models/bad-manifest');
  });

  test('is a head that declares more than may be, before it is read', async () => {
    const huge = Buffer.concat([Buffer.from('SOTTOPACK\x01\r\n\x1a\n\0\0', 'latin1'), Buffer.alloc(8, 0xff)]);
    expect(await refusal(() => verifyBytes(huge, signer()))).toBe('models/too-large');
  });

  test('is a signature of a trusted key over another pack', async () => {
    const by = signer();
    const [one, two] = [
      await pack(by, {}, { folder: true }),
      await pack(by, { version: '1.2.1' }, { folder: true }),
    ];
    rmSync(join(two, 'manifest.sig.json'));
    renameSync(join(one, 'manifest.sig.json'), join(two, 'manifest.sig.json'));
    expect(await refusal(() => verifyPack(two, [by.publicKey]))).toBe('models/bad-signature');
  });

  test.each<[string, (folder: string) => void, string]>([
    ['a file more', (folder) => writeFileSync(join(folder, 'files', 'more'), ''), 'models/unlisted-file'],
    [
      'a file more beside the manifest',
      (folder) => writeFileSync(join(folder, 'x'), ''),
      'models/unlisted-file',
    ],
    ['a file less', (folder) => rmSync(join(folder, 'files/LICENSE')), 'models/missing-file'],
    ['a longer file', (folder) => append(join(folder, 'files/tokens.txt')), 'models/tampered'],
    [
      'another file of the same length',
      (folder) => replace(join(folder, 'files/tokens.txt'), '_ 1\n'),
      'models/tampered',
    ],
    ['a link in place of a file', (folder) => toLink(join(folder, 'files/tokens.txt')), 'models/link'],
    ['a link to a folder', (folder) => symlinkSync('/etc', join(folder, 'files', 'etc')), 'models/link'],
    ['a link in place of the manifest', (folder) => toLink(join(folder, 'manifest.json')), 'models/link'],
  ])('is a folder with %s', async (_, change, code) => {
    const by = signer();
    const folder = await pack(by, {}, { folder: true });
    change(folder);
    expect(await refusal(() => verifyPack(folder, [by.publicKey]))).toBe(code);
  });

  test('is a link to a pack, and what is no pack at all', async () => {
    const by = signer();
    const link = join(scratch(), 'link.sottopack');
    symlinkSync(await pack(by), link);
    expect(await refusal(() => verifyPack(link, [by.publicKey]))).toBe('models/not-a-pack');
    expect(await refusal(() => verifyPack(folderOf(FILES), [by.publicKey]))).toBe('models/not-a-pack');
    expect(await refusal(() => verifyPack('/dev/zero', [by.publicKey]))).toBe('models/not-a-pack');
    expect(await refusal(() => verifyPack('/nowhere', [by.publicKey]))).toBe('models/no-such-pack');
  });

  test('is to build from a folder with links in it, or with another file than expected', async () => {
    const linked = folderOf(FILES);
    symlinkSync('/etc/passwd', join(linked, 'passwd'));
    const { buildPack, describedPack } = await import('../../main/models/index.ts');
    const out = join(scratch(), 'x.sottopack');
    const description = describedPack({ ...DESCRIPTION, expected: { LICENSE: EMPTY } });
    expect(await refusal(() => buildPack({ from: linked, description, out }))).toBe('models/link');
    expect(await refusal(() => buildPack({ from: folderOf(FILES), description, out }))).toBe(
      'models/unexpected-file',
    );
    expect(() => describedPack({ ...DESCRIPTION, kind: 'x' })).toThrow(SottoError);
  });
});

test('whatever bytes a pack is made of, it is refused with a reason and nothing else happens (seeded)', async () => {
  const by = signer();
  const good = readFileSync(await pack(by));
  const path = join(scratch(), 'fuzz.sottopack');
  const edit = fc.record({
    at: fc.nat(good.length),
    remove: fc.nat(40),
    insert: fc.uint8Array({ maxLength: 40 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
      let bytes = good;
      for (const { at, remove, insert } of edits)
        bytes = Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]);
      fc.pre(!bytes.equals(good));
      writeFileSync(path, bytes);
      expect(await refusal(() => verifyPack(path, [by.publicKey]))).toMatch(/^models\//);
    }),
    { seed: 20_261_121, numRuns: 1000 },
  );
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      writeFileSync(path, Buffer.concat([good.subarray(0, 16), bytes]));
      expect(await refusal(() => verifyPack(path, [by.publicKey]))).toMatch(/^models\//);
    }),
    { seed: 20_261_122, numRuns: 300 },
  );
});

function append(file: string): void {
  replace(file, `${readFileSync(file, 'utf8')}x`);
}

function replace(file: string, content: string): void {
  rmSync(file);
  writeFileSync(file, content);
}

function toLink(file: string): void {
  const elsewhere = join(scratch(), 'the file');
  renameSync(file, elsewhere);
  symlinkSync(elsewhere, file);
}
