/** Electron's entry. Bundled to dist/shell/main.js; `electron` is a value here and in the preload alone. */
import { join } from 'node:path';
import { app, BrowserWindow, dialog, ipcMain, Menu, protocol, session } from 'electron';
import { NODE_ARGUMENTS, stderrLog } from '../base/index.ts';
import { findNode } from './node-binary.ts';
import { startShell } from './start.ts';

const packaged = app.isPackaged;
/** In a package the appliance lies beside the shell, unpacked: its Node cannot read an asar. */
const root = packaged ? join(process.resourcesPath, 'appliance') : join(import.meta.dirname, '..', '..');
const node = findNode({ resources: packaged ? process.resourcesPath : null, root });

Menu.setApplicationMenu(null);
startShell(
  {
    app,
    protocol,
    ipcMain,
    dialog,
    session: () => session.defaultSession,
    createWindow: (options) => new BrowserWindow(options),
  },
  {
    command: [node, ...NODE_ARGUMENTS, join(root, 'main', 'cli', 'index.ts'), 'appliance'],
    rendererFolder: join(root, 'dist', 'renderer'),
    shellFolder: import.meta.dirname,
    log: stderrLog,
  },
);
