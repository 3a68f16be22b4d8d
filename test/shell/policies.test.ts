import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  CONNECT_CHANNEL,
  fuses,
  isOurs,
  isTrustedSender,
  lockContents,
  lockNetwork,
  lockPermissions,
  windowOptions,
} from '../../main/shell/index.ts';
import { ContentsStandIn, SessionStandIn } from './electron-stand-in.ts';

describe('our own address', () => {
  test.each(['sotto://app/', 'sotto://app/desk', 'sotto://app/assets/main.js'])('%s is ours', (url) =>
    expect(isOurs(url)).toBe(true),
  );
  test.each([
    'sotto://app.evil/',
    'sotto://evil@app/',
    'sotto://evil/app/',
    'https://app/',
    'file:///etc/passwd',
    'about:blank',
    '',
    undefined,
  ])('%s is not', (url) => expect(isOurs(url)).toBe(false));
});

describe('permissions', () => {
  const session = new SessionStandIn();
  lockPermissions(session);

  test('the microphone is granted to our page', async () => {
    expect(await session.asks('media', { mediaTypes: ['audio'] })).toBe(true);
  });

  test.each([
    ['the camera', 'media', { mediaTypes: ['video'] }],
    ['microphone and camera together', 'media', { mediaTypes: ['audio', 'video'] }],
    ['media of no kind', 'media', { mediaTypes: [] }],
    ['the screen', 'display-capture', { mediaTypes: ['audio'] }],
    [
      "a foreign page's microphone",
      'media',
      { mediaTypes: ['audio'], requestingUrl: 'https://evil.example/' },
    ],
    ["a sub-frame's microphone", 'media', { mediaTypes: ['audio'], isMainFrame: false }],
    ['notifications', 'notifications', {}],
    ['opening other programs', 'openExternal', {}],
    ['the clipboard', 'clipboard-read', {}],
  ])('%s: refused', async (_, permission, details) => {
    expect(await session.asks(permission, details)).toBe(false);
  });

  test('the check agrees with the request', () => {
    const check = (permission: string, origin: string, mediaType: string, isMainFrame = true) =>
      session.permissionCheck?.(null, permission as never, origin, {
        isMainFrame,
        mediaType: mediaType as 'audio',
      });
    expect(check('media', 'sotto://app/', 'audio')).toBe(true);
    expect(check('media', 'sotto://app/', 'video')).toBe(false);
    expect(check('media', 'https://evil.example', 'audio')).toBe(false);
    expect(check('media', 'sotto://app/', 'audio', false)).toBe(false);
    expect(check('usb', 'sotto://app/', 'audio')).toBe(false);
  });

  test('no device is handed out', () => {
    expect(session.device?.({} as never)).toBe(false);
  });
});

describe('the network', () => {
  const session = new SessionStandIn();
  lockNetwork(session);

  test('our own files load', async () => {
    expect(await session.loads('sotto://app/assets/main.js')).toBe(true);
    expect(await session.loads('blob:sotto://app/0a1b')).toBe(true);
  });

  test.each([
    'https://example.com/',
    'http://127.0.0.1:7443/',
    'ws://127.0.0.1/',
    'file:///etc/passwd',
    'blob:https://example.com/0a1b',
    'devtools://devtools/',
  ])('%s does not', async (url) => {
    expect(await session.loads(url)).toBe(false);
  });

  test('the spell checker, which would fetch dictionaries, is off', () => {
    expect(session.spellChecker).toBe(false);
  });
});

describe('the page', () => {
  const contents = new ContentsStandIn();
  lockContents(contents);

  test('may reload', () => {
    expect(contents.navigates('will-frame-navigate', { url: 'sotto://app/', isMainFrame: true })).toBe(true);
  });

  test.each([
    ['will-frame-navigate', 'https://example.com/', true],
    ['will-frame-navigate', 'file:///etc/passwd', true],
    ['will-frame-navigate', 'sotto://app/', false],
    ['will-redirect', 'sotto://app/', true],
    ['will-attach-webview', 'sotto://app/', true],
  ])('%s to %s (main frame: %s) is refused', (event, url, isMainFrame) => {
    expect(contents.navigates(event, { url, isMainFrame })).toBe(false);
  });

  test('opens no windows', () => {
    expect(contents.openHandler?.({ url: 'sotto://app/' } as never)).toEqual({ action: 'deny' });
  });
});

describe('who may speak to the shell', () => {
  const ours = new ContentsStandIn();
  const event = (change: Record<string, unknown> = {}) =>
    ({ sender: ours, senderFrame: ours.mainFrame, ...change }) as never;

  test('the main frame of our window', () => {
    expect(isTrustedSender(event(), ours)).toBe(true);
  });

  test.each([
    ['another window', { sender: new ContentsStandIn() }],
    ['a frame inside the page', { senderFrame: { url: 'sotto://app/' } }],
    ['a frame that is gone', { senderFrame: null }],
  ])('not %s', (_, change) => {
    expect(isTrustedSender(event(change), ours)).toBe(false);
  });

  test('not our window while it shows another page', () => {
    const elsewhere = new ContentsStandIn();
    Object.assign(elsewhere.mainFrame, { url: 'https://evil.example/' });
    const foreign = event({ sender: elsewhere, senderFrame: elsewhere.mainFrame });
    expect(isTrustedSender(foreign, elsewhere)).toBe(false);
  });

  test('nobody before there is a window', () => {
    expect(isTrustedSender(event(), undefined)).toBe(false);
  });
});

describe('choices that are set and not left to defaults', () => {
  test('the window is isolated, sandboxed and without Node', () => {
    expect(windowOptions('/p.cjs').webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      webSecurity: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webviewTag: false,
    });
  });

  test('the package is built with the fuses that the code lists', () => {
    const builder = parse(readFileSync('electron-builder.yml', 'utf8'));
    expect(builder.electronFuses).toEqual(fuses);
    expect(builder.asar).toBe(true);
    expect(builder.publish).toBeNull();
  });

  test('the preload speaks on the one channel that the shell listens to, and exposes one function', () => {
    const preload = readFileSync('main/shell/preload.ts', 'utf8');
    expect(preload).toContain(`'${CONNECT_CHANNEL}'`);
    expect(preload.match(/exposeInMainWorld/g)).toHaveLength(1);
    expect(preload).not.toMatch(/ipcRenderer\.(on|send|invoke|sendSync)\b/);
  });
});
