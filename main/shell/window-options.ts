import type Electron from 'electron';

/** Each an explicit choice: a default of Electron that changes cannot open a door. */
type Guards = Required<
  Pick<
    Electron.WebPreferences,
    | 'allowRunningInsecureContent'
    | 'contextIsolation'
    | 'enableWebSQL'
    | 'experimentalFeatures'
    | 'navigateOnDragDrop'
    | 'nodeIntegration'
    | 'nodeIntegrationInSubFrames'
    | 'nodeIntegrationInWorker'
    | 'plugins'
    | 'preload'
    | 'sandbox'
    | 'spellcheck'
    | 'webSecurity'
    | 'webviewTag'
  >
>;

export function windowOptions(preload: string): Electron.BrowserWindowConstructorOptions {
  const webPreferences: Guards = {
    allowRunningInsecureContent: false,
    contextIsolation: true,
    enableWebSQL: false,
    experimentalFeatures: false,
    navigateOnDragDrop: false,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    nodeIntegrationInWorker: false,
    plugins: false,
    preload,
    sandbox: true,
    spellcheck: false,
    webSecurity: true,
    webviewTag: false,
  };
  return {
    width: 1280,
    height: 800,
    minWidth: 900,
    minHeight: 600,
    title: 'Sotto',
    autoHideMenuBar: true,
    webPreferences,
  };
}
