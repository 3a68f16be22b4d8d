/**
 * The part of Electron that the shell uses, by Electron's own types. `main.ts` hands in the real one; tests hand
 * in a stand-in that the compiler holds to the same types.
 */
import type Electron from 'electron';

export type AppPort = Pick<
  Electron.App,
  'enableSandbox' | 'on' | 'quit' | 'requestSingleInstanceLock' | 'whenReady'
>;
export type ProtocolPort = Pick<Electron.Protocol, 'handle' | 'registerSchemesAsPrivileged'>;
export type SessionPort = Pick<
  Electron.Session,
  | 'setDevicePermissionHandler'
  | 'setPermissionCheckHandler'
  | 'setPermissionRequestHandler'
  | 'setSpellCheckerEnabled'
> & { readonly webRequest: Pick<Electron.WebRequest, 'onBeforeRequest'> };
export type ContentsPort = Pick<Electron.WebContents, 'on' | 'setWindowOpenHandler'>;
export type WindowPort = Pick<
  Electron.BrowserWindow,
  'focus' | 'isMinimized' | 'loadURL' | 'on' | 'restore'
> & {
  readonly webContents: ContentsPort;
};
export type PortPort = Pick<Electron.MessagePortMain, 'close' | 'on' | 'postMessage' | 'start'>;
export type DialogPort = Pick<Electron.Dialog, 'showMessageBox'>;

export interface ElectronPort {
  readonly app: AppPort;
  readonly protocol: ProtocolPort;
  /** The default session; there is no other. */
  session(): SessionPort;
  readonly ipcMain: Pick<Electron.IpcMain, 'on'>;
  readonly dialog: DialogPort;
  createWindow(options: Electron.BrowserWindowConstructorOptions): WindowPort;
}
