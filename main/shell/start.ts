import { join } from 'node:path';
import { createUi } from '../api/index.ts';
import type { Log } from '../base/index.ts';
import { ApplianceChild } from './appliance-child.ts';
import { CONNECT_CHANNEL, joinPort } from './bridge.ts';
import type { ElectronPort, WindowPort } from './electron-port.ts';
import { APP_SCHEME, APP_URL } from './origin.ts';
import { isTrustedSender, lockContents, lockNetwork, lockPermissions } from './policies.ts';
import { windowOptions } from './window-options.ts';

export interface ShellOptions {
  /** Starts the appliance: the Node binary and its arguments. */
  readonly command: readonly [string, ...string[]];
  readonly rendererFolder: string;
  /** The folder with `preload.cjs`. */
  readonly shellFolder: string;
  readonly log: Log;
  /** For tests. */
  readonly firstBackoffMs?: number;
}

export interface Shell {
  readonly child: ApplianceChild;
  /** Undefined before the window is open. */
  readonly window: WindowPort | undefined;
}

/**
 * Opens the window and starts the appliance; must run before Electron is ready. Null where another Sotto of this
 * user runs already: that one comes to the front.
 */
export function startShell(electron: ElectronPort, options: ShellOptions): Shell | null {
  const { app, protocol, ipcMain } = electron;
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return null;
  }
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged([
    {
      scheme: APP_SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ]);
  const child = new ApplianceChild(options);
  let window: WindowPort | undefined;

  app.on('web-contents-created', (_, contents) => lockContents(contents));
  ipcMain.on(CONNECT_CHANNEL, (event) => {
    const [port, ...more] = event.ports;
    if (port === undefined || more.length > 0 || !isTrustedSender(event, window?.webContents)) {
      options.log.warn('shell.foreign-sender');
      for (const each of event.ports) each.close();
      return;
    }
    joinPort(port, () => child.connect(), options.log).catch(() => port.close());
  });
  app.on('second-instance', () => {
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  app.on('window-all-closed', () => {
    child.stop().finally(() => app.quit());
  });
  child.onState((state) => {
    if (state === 'failed') askToStartAgain(electron, child);
  });

  app.whenReady().then(
    () => {
      const session = electron.session();
      lockPermissions(session);
      lockNetwork(session);
      protocol.handle(APP_SCHEME, createUi(options.rendererFolder));
      child.start();
      window = electron.createWindow(windowOptions(join(options.shellFolder, 'preload.cjs')));
      window.loadURL(APP_URL).catch(() => options.log.warn('shell.page-not-loaded'));
    },
    () => app.quit(),
  );
  return {
    child,
    get window() {
      return window;
    },
  };
}

/** Says that the appliance keeps dying, and leaves the choice to the person. */
function askToStartAgain({ app, dialog }: ElectronPort, child: ApplianceChild): void {
  dialog
    .showMessageBox({
      type: 'error',
      title: 'Sotto',
      message: 'The appliance stopped several times and was not started again.',
      detail: 'If this stays, ask IT to run: sotto doctor',
      buttons: ['Start again', 'Quit'],
      defaultId: 0,
      cancelId: 1,
    })
    .then(({ response }) => (response === 0 ? child.start() : app.quit()))
    .catch(() => app.quit());
}
