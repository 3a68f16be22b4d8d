import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Carrier, type ClientMessage, createClient } from '../../main/api/index.ts';
import { silentLog } from '../../main/base/index.ts';
import { ApplianceChild, CONNECT_CHANNEL, findNode, type Shell, startShell } from '../../main/shell/index.ts';
import { eventually } from '../support/eventually.ts';
import { PASSPHRASE } from '../support/services.ts';
import { ElectronStandIn, type PortStandIn, portPair, type WindowStandIn } from './electron-stand-in.ts';

const CHILD = join(import.meta.dirname, 'child.ts');

describe('the desktop shell', () => {
  let folder: string;
  let electron: ElectronStandIn;
  let shell: Shell;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sotto-shell-'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Sotto</title>');
    electron = new ElectronStandIn();
    shell = start([process.execPath, CHILD]);
    await eventually(() => expect(electron.windows).toHaveLength(1));
  });
  afterEach(async () => {
    await shell.child.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function start(command: readonly [string, ...string[]]): Shell {
    const started = startShell(electron.port, {
      command,
      rendererFolder: folder,
      shellFolder: folder,
      log: silentLog,
      firstBackoffMs: 20,
    });
    if (started === null) throw new Error('the shell did not start');
    return started;
  }
  const window = (): WindowStandIn => electron.windows[0] as WindowStandIn;
  /** Plays the preload: opens a port and speaks the contract over it. */
  const connect = () => {
    const { page, main } = portPair();
    const contents = window().webContents;
    electron.sends(CONNECT_CHANNEL, { sender: contents, senderFrame: contents.mainFrame, ports: [main] });
    return createClient(overPort(page));
  };
  const childPid = async (client: ReturnType<typeof connect>) =>
    Number((await client.call('system.status', {})).version);

  test('opens one sandboxed window on its own scheme, with the page served under its policy', async () => {
    expect(electron.sandboxed).toBe(true);
    expect(window().url).toBe('sotto://app/');
    expect(electron.schemes).toMatchObject([
      { scheme: 'sotto', privileges: { secure: true, standard: true } },
    ]);
    expect(electron.schemes[0]?.privileges).not.toHaveProperty('bypassCSP');
    const response = await electron.handled.get('sotto')?.(new Request('sotto://app/'));
    expect(await response?.text()).toContain('<title>Sotto</title>');
    expect(response?.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
  });

  test('locks the window that it opens', async () => {
    const contents = window().webContents;
    expect(contents.navigates('will-frame-navigate', { url: 'https://a.example/', isMainFrame: true })).toBe(
      false,
    );
    expect(await electron.theSession.asks('geolocation', {})).toBe(false);
    expect(await electron.theSession.loads('https://a.example/')).toBe(false);
  });

  test('carries a whole session from the window to the appliance in its own process', async () => {
    const client = connect();
    expect(await childPid(client)).not.toBe(process.pid);
    await client.call('session.signIn', { username: 'staff', passphrase: PASSPHRASE });
    const { conversationId } = await client.call('conversation.start', { sdp: null, mode: 'handsFree' });
    const types: string[] = [];
    for await (const event of client.listen('conversation.events', { conversationId })) {
      types.push(event.type);
      if (event.type === 'state') await client.call('conversation.type', { conversationId, text: 'hello' });
      if (event.type === 'reply') await client.call('conversation.end', { conversationId });
    }
    expect(types).toEqual(['state', 'final', 'reply', 'ended']);
  });

  test('a reloaded page connects anew', async () => {
    const first = connect();
    const pid = await childPid(first);
    first.close();
    expect(await childPid(connect())).toBe(pid);
  });

  test.each(['a frame inside the page', 'another window', 'no frame at all'])(
    'a port from %s is closed',
    (who) => {
      const { page, main } = portPair();
      const contents = window().webContents;
      const sender = who === 'another window' ? {} : contents;
      const senderFrame = who === 'a frame inside the page' ? { url: 'sotto://app/' } : null;
      electron.sends(CONNECT_CHANNEL, { sender, senderFrame, ports: [main] });
      expect(page.closed).toBe(true);
    },
  );

  test('when the appliance is killed the window is told, and the next connection reaches its successor', async () => {
    const client = connect();
    const pid = await childPid(client);
    const told = new Promise<void>((resolve) => client.onClose(resolve));
    process.kill(pid, 'SIGKILL');
    await told;
    const next = await childPid(connect());
    expect(next).not.toBe(pid);
  });

  test('what cannot be a message closes the port and not the shell', async () => {
    const { page, main } = portPair();
    const contents = window().webContents;
    electron.sends(CONNECT_CHANNEL, { sender: contents, senderFrame: contents.mainFrame, ports: [main] });
    page.postMessage({ id: 1, call: 'x'.repeat(100_000), input: 1n });
    await eventually(() => expect(page.closed).toBe(true), 10_000);
    expect(await childPid(connect())).toBeGreaterThan(0);
  });

  test('closing the window ends the appliance, then the shell', async () => {
    const pid = await childPid(connect());
    electron.emitted.events.emit('window-all-closed');
    await eventually(() => expect(electron.quits).toBe(1), 10_000);
    expect(() => process.kill(pid, 0)).toThrow();
  });

  test('a second Sotto brings the first to the front and ends', () => {
    electron.emitted.events.emit('second-instance');
    expect(window().focused).toBe(1);
    const second = new ElectronStandIn();
    second.first = false;
    const options = { command: ['x'] as const, rendererFolder: '', shellFolder: '', log: silentLog };
    expect(startShell(second.port, options)).toBeNull();
    expect(second.quits).toBe(1);
  });
});

describe('an appliance that keeps dying', () => {
  test('is given up, and the person is asked', async () => {
    const electron = new ElectronStandIn();
    electron.answer = 1;
    const shell = startShell(electron.port, {
      command: [process.execPath, '-e', 'process.exit(1)'],
      rendererFolder: '/nowhere',
      shellFolder: '/nowhere',
      log: silentLog,
      firstBackoffMs: 1,
    });
    await eventually(() => expect(electron.dialogs).toHaveLength(1), 20_000);
    expect(electron.dialogs[0]?.buttons).toEqual(['Start again', 'Quit']);
    await eventually(() => expect(electron.quits).toBe(1));
    await expect(shell?.child.connect()).rejects.toMatchObject({ code: 'shell/appliance-down' });
  });
});

describe('the appliance as a child', () => {
  test('ends by itself when the shell is gone', async () => {
    const child = new ApplianceChild({ command: [process.execPath, CHILD] });
    child.start();
    const client = createClient(await child.connect());
    const pid = Number((await client.call('system.status', {})).version);
    await child.stop();
    expect(() => process.kill(pid, 0)).toThrow();
  });

  test('a Node that is missing is said so', () => {
    expect(() => findNode({ resources: null, root: '/nowhere' })).toThrow(/Node binary/);
  });

  test('the Node that npm installed is found', () => {
    expect(findNode({ resources: null, root: process.cwd() })).toMatch(/node_modules/);
  });
});

/** The page's end of a port, as the preload holds it. */
function overPort(port: PortStandIn): Carrier<ClientMessage> {
  return {
    send: async (message) => port.postMessage(message),
    onMessage: (listener) => port.on('message', (event: { data: unknown }) => listener(event.data)),
    onClose: (listener) => (port.closed ? listener() : void port.on('close', listener)),
    close: () => port.close(),
  };
}
