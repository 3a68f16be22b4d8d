/**
 * What the window may not do, as functions over the Electron objects that ask: navigate, open windows, embed,
 * reach any address but our own, use any device but the microphone, or speak to us from a foreign frame.
 */
import type Electron from 'electron';
import type { ContentsPort, SessionPort } from './electron-port.ts';
import { isOurs } from './origin.ts';

/** Nothing is granted but the microphone, to our own page. */
export function lockPermissions(session: SessionPort): void {
  session.setPermissionRequestHandler((_, permission, callback, details) => {
    const media = details as Electron.MediaAccessPermissionRequest;
    const audioOnly = media.mediaTypes?.length === 1 && media.mediaTypes[0] === 'audio';
    callback(permission === 'media' && audioOnly && details.isMainFrame && isOurs(details.requestingUrl));
  });
  session.setPermissionCheckHandler(
    (_, permission, requestingOrigin, details) =>
      permission === 'media' &&
      details.mediaType === 'audio' &&
      details.isMainFrame &&
      isOurs(requestingOrigin),
  );
  session.setDevicePermissionHandler(() => false);
}

/** The window reaches our own files and nothing else: no network, not even by mistake. */
export function lockNetwork(session: SessionPort): void {
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest((details, callback) => callback({ cancel: !mayLoad(details.url) }));
}

/** The page stays where it is: no navigation, no frames of others, no new windows, no webviews. */
export function lockContents(contents: ContentsPort): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isOurs(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/** True for a message from the main frame of our own window, showing our own page. */
export function isTrustedSender(
  event: Pick<Electron.IpcMainEvent, 'sender' | 'senderFrame'>,
  contents: ContentsPort | undefined,
): boolean {
  const { sender, senderFrame } = event;
  if (senderFrame === null || contents === undefined || sender !== contents) return false;
  return senderFrame === sender.mainFrame && isOurs(senderFrame.url);
}

/** `blob:` is for sound that the page made itself; `data:` for images in style sheets; both under the page's CSP. */
function mayLoad(url: string): boolean {
  if (url.startsWith('data:')) return true;
  return isOurs(url.startsWith('blob:') ? url.slice('blob:'.length) : url);
}
