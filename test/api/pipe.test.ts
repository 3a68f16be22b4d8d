import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import {
  connectPipe,
  createClient,
  newPipe,
  type PipeHandover,
  readHandover,
  servePipe,
} from '../../main/api/index.ts';
import { standIn } from '../support/services.ts';
import { conformance } from './conformance.ts';

conformance('the private pipe', async ({ services }) => {
  const pipe = newPipe();
  const served = await servePipe({ services, ...pipe });
  let token = pipe.token;
  return {
    connect: async () => {
      const { carrier, next } = await connectPipe({ path: pipe.path, token });
      token = next;
      return carrier;
    },
    close: async () => {
      await served.close();
      pipe.remove();
    },
  };
});

describe('the private pipe', () => {
  let pipe: ReturnType<typeof newPipe>;
  let served: { close(): Promise<void> };
  beforeEach(async () => {
    pipe = newPipe();
    served = await servePipe({ services: standIn().services, ...pipe });
  });
  afterEach(async () => {
    await served.close();
    pipe.remove();
  });
  const at = (token: string): PipeHandover => ({ path: pipe.path, token });

  test('lies in a folder that only this user can enter', () => {
    expect(statSync(dirname(pipe.path)).mode & 0o777).toBe(0o700);
  });

  test('is not opened in a folder that others can enter', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sotto-open-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    chmodSync(folder, 0o755);
    const opened = servePipe({ services: standIn().services, path: join(folder, 's'), token: pipe.token });
    await expect(opened).rejects.toMatchObject({ code: 'pipe/folder-not-private' });
  });

  test('refuses a wrong token', async () => {
    await expect(connectPipe(at('A'.repeat(43)))).rejects.toMatchObject({ code: 'pipe/refused' });
  });

  test('takes each token once and hands over the next', async () => {
    const first = await connectPipe(at(pipe.token));
    await expect(connectPipe(at(pipe.token))).rejects.toMatchObject({ code: 'pipe/refused' });
    const second = await connectPipe(at(first.next));
    const client = createClient(second.carrier);
    expect((await client.call('system.status', {})).phase).toBe('ready');
    client.close();
  });

  test('a new connection takes the place of the old', async () => {
    const first = await connectPipe(at(pipe.token));
    const gone = new Promise<void>((resolve) => first.carrier.onClose(resolve));
    await connectPipe(at(first.next));
    await gone;
  });

  test.each([
    ['a length of four gigabytes', Buffer.from([0xff, 0xff, 0xff, 0xff])],
    ['a length of nothing', Buffer.from([0, 0, 0, 0])],
    ['bytes that are not JSON', Buffer.from([0, 0, 0, 2, 0x7b, 0x7b])],
    ['text that is not UTF-8', Buffer.from([0, 0, 0, 3, 0x22, 0xff, 0x22])],
    ['a call before the token', frame({ id: 1, call: 'system.status', input: {} })],
  ])('%s closes the connection', async (_, bytes) => {
    const socket = connect(pipe.path);
    const answer: Buffer[] = [];
    socket.on('data', (chunk) => answer.push(chunk));
    socket.on('error', () => {});
    const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.write(bytes);
    await gone;
    expect(Buffer.concat(answer)).toHaveLength(0);
  });

  test('a message that comes byte by byte is one message', async () => {
    const socket = connect(pipe.path);
    const answered = new Promise<Buffer>((resolve) => socket.once('data', resolve));
    for (const byte of frame({ token: pipe.token })) socket.write(Buffer.from([byte]));
    expect((await answered).subarray(4).toString()).toContain('"welcome":true');
    socket.destroy();
  });
});

describe('the handover on standard input', () => {
  test('is one line of JSON', async () => {
    const input = new PassThrough();
    input.write(`{"path":"/run/x","tok`);
    input.write(`en":"${'A'.repeat(43)}"}\n`);
    expect(await readHandover(input)).toEqual({ path: '/run/x', token: 'A'.repeat(43) });
  });

  test.each(['', 'start\n', '{"path":"/run/x"}\n', `${'x'.repeat(10_000)}`])(
    '%j is refused',
    async (text) => {
      const input = new PassThrough();
      input.end(text);
      await expect(readHandover(input)).rejects.toMatchObject({ code: 'pipe/no-handover' });
    },
  );
});

function frame(message: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(message));
  const header = Buffer.alloc(4);
  header.writeUInt32BE(body.length);
  return Buffer.concat([header, body]);
}
