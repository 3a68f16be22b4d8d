/**
 * What the page sees of the shell: one function that opens one message port to the appliance. Bundled to
 * dist/shell/preload.cjs; runs sandboxed and holds no secret.
 */
import { contextBridge, ipcRenderer } from 'electron';

/** Written out: a sandboxed preload cannot load the file that holds the constant; a test holds the two together. */
const CONNECT_CHANNEL = 'sotto:connect';

/** One connection to the appliance, as the page holds it. */
export interface ShellConnection {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

function connect(): ShellConnection {
  const { port1, port2 } = new MessageChannel();
  ipcRenderer.postMessage(CONNECT_CHANNEL, null, [port2]);
  let closed = false;
  const closeListeners: (() => void)[] = [];
  const close = () => {
    if (closed) return;
    closed = true;
    port1.close();
    for (const listener of closeListeners) listener();
  };
  port1.addEventListener('close', close);
  return {
    send: (message) => port1.postMessage(message),
    onMessage: (listener) => {
      port1.onmessage = (event) => listener(event.data);
    },
    onClose: (listener) => {
      if (closed) listener();
      else closeListeners.push(listener);
    },
    close,
  };
}

contextBridge.exposeInMainWorld('sotto', { connect });
