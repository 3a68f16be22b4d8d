import { expect, test, vi } from 'vitest';
import { CONNECT_CHANNEL } from '../../main/shell/index.ts';
import type { ShellConnection } from '../../main/shell/preload.ts';
import { eventually } from '../support/eventually.ts';

/** The preload loads `electron` itself, so here the module is what is stood in for. */
const { exposed, posted } = vi.hoisted(() => ({
  exposed: new Map<string, { readonly connect: () => unknown }>(),
  posted: [] as { channel: string; ports: MessagePort[] }[],
}));
vi.mock('electron', () => ({
  contextBridge: {
    exposeInMainWorld: (name: string, api: { readonly connect: () => unknown }) => exposed.set(name, api),
  },
  ipcRenderer: {
    postMessage: (channel: string, _: unknown, ports: MessagePort[]) => posted.push({ channel, ports }),
  },
}));
await import('../../main/shell/preload.ts');

const connect = (): { readonly connection: ShellConnection; readonly port: MessagePort } => {
  const connection = exposed.get('sotto')?.connect() as ShellConnection;
  return { connection, port: posted.at(-1)?.ports[0] as MessagePort };
};

test('the page is given one function under one name', () => {
  expect([...exposed.keys()]).toEqual(['sotto']);
  expect(Object.keys(exposed.get('sotto') ?? {})).toEqual(['connect']);
});

test('each connection is one port on the one channel, both ways', async () => {
  const { connection, port } = connect();
  expect(posted.at(-1)).toMatchObject({ channel: CONNECT_CHANNEL, ports: [port] });
  const toShell: unknown[] = [];
  const toPage: unknown[] = [];
  port.onmessage = (event) => toShell.push(event.data);
  connection.onMessage((message) => toPage.push(message));
  connection.send({ id: 1, call: 'system.status', input: {} });
  port.postMessage({ id: 1, ok: {} });
  await eventually(() => expect(toShell).toEqual([{ id: 1, call: 'system.status', input: {} }]));
  await eventually(() => expect(toPage).toEqual([{ id: 1, ok: {} }]));
  connection.close();
});

test('the page is told once when the shell closes the port', async () => {
  const { connection, port } = connect();
  let told = 0;
  connection.onClose(() => {
    told += 1;
  });
  port.close();
  await eventually(() => expect(told).toBe(1));
  connection.close();
  expect(told).toBe(1);
});
