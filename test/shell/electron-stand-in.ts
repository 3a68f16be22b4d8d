/**
 * A stand-in for the part of Electron that the shell uses, held by the compiler to electron.d.ts (through
 * `ElectronPort`). It records what the shell set, and lets a test play the page, the browser and the person.
 * It is not Electron: what Electron itself enforces (sandbox, isolation, CSP) is not shown by these tests.
 */
import { EventEmitter } from 'node:events';
import type Electron from 'electron';
import type {
  ContentsPort,
  ElectronPort,
  PortPort,
  SessionPort,
  WindowPort,
} from '../../main/shell/index.ts';

type Listener = (...args: never[]) => void;
type PermissionRequestHandler = NonNullable<Parameters<SessionPort['setPermissionRequestHandler']>[0]>;
type PermissionCheckHandler = NonNullable<Parameters<SessionPort['setPermissionCheckHandler']>[0]>;
type DeviceHandler = NonNullable<Parameters<SessionPort['setDevicePermissionHandler']>[0]>;
type OpenHandler = Parameters<ContentsPort['setWindowOpenHandler']>[0];
type BeforeRequest = (
  details: Electron.OnBeforeRequestListenerDetails,
  callback: (response: Electron.CallbackResponse) => void,
) => void;

/** Electron's `on` has an overload an event; each answers the object itself. */
class Emits {
  readonly events = new EventEmitter();
  on(event: string, listener: Listener): never {
    this.events.on(event, listener as (...args: unknown[]) => void);
    return this as never;
  }
}

export class ContentsStandIn extends Emits {
  readonly mainFrame = { url: 'sotto://app/' } as Electron.WebFrameMain;
  openHandler: OpenHandler | undefined;
  setWindowOpenHandler(handler: OpenHandler): void {
    this.openHandler = handler;
  }

  /** Plays a navigation; true if it was let through. */
  navigates(event: string, details: { readonly url: string; readonly isMainFrame: boolean }): boolean {
    let prevented = false;
    this.events.emit(event, {
      ...details,
      preventDefault: () => {
        prevented = true;
      },
    });
    return !prevented;
  }
}

export class SessionStandIn {
  permissionRequest: PermissionRequestHandler | undefined;
  permissionCheck: PermissionCheckHandler | undefined;
  device: DeviceHandler | undefined;
  beforeRequest: BeforeRequest | undefined;
  spellChecker = true;
  readonly webRequest = {
    onBeforeRequest: (...args: readonly unknown[]) => {
      this.beforeRequest = args.at(-1) as BeforeRequest;
    },
  };
  setPermissionRequestHandler(handler: PermissionRequestHandler | null): void {
    this.permissionRequest = handler ?? undefined;
  }
  setPermissionCheckHandler(handler: PermissionCheckHandler | null): void {
    this.permissionCheck = handler ?? undefined;
  }
  setDevicePermissionHandler(handler: DeviceHandler | null): void {
    this.device = handler ?? undefined;
  }
  setSpellCheckerEnabled(enable: boolean): void {
    this.spellChecker = enable;
  }

  /** Plays a permission prompt. */
  async asks(permission: string, details: Record<string, unknown>): Promise<boolean> {
    return new Promise((resolve) =>
      this.permissionRequest?.({} as never, permission as never, resolve, {
        isMainFrame: true,
        requestingUrl: 'sotto://app/',
        ...details,
      } as never),
    );
  }

  async loads(url: string): Promise<boolean> {
    return new Promise((resolve) =>
      this.beforeRequest?.({ url } as never, ({ cancel }) => resolve(cancel !== true)),
    );
  }
}

export class WindowStandIn extends Emits {
  readonly webContents = new ContentsStandIn() satisfies ContentsPort;
  readonly options: Electron.BrowserWindowConstructorOptions;
  url: string | undefined;
  focused = 0;
  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super();
    this.options = options;
  }
  focus(): void {
    this.focused += 1;
  }
  isMinimized(): boolean {
    return false;
  }
  restore(): void {}
  async loadURL(url: string): Promise<void> {
    this.url = url;
  }
}

/** Two ends of a message port, as main and page hold them. */
export class PortStandIn extends Emits {
  peer: PortStandIn | undefined;
  readonly received: unknown[] = [];
  closed = false;
  start(): void {}
  postMessage(message: unknown): void {
    const copy = structuredClone(message);
    queueMicrotask(() => this.peer?.take(copy));
  }
  take(message: unknown): void {
    if (this.closed) return;
    this.received.push(message);
    this.events.emit('message', { data: message, ports: [] });
  }
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.peer?.close();
    this.events.emit('close');
  }
}

export function portPair(): { readonly page: PortStandIn; readonly main: PortStandIn } {
  const page = new PortStandIn();
  const main = new PortStandIn();
  page.peer = main;
  main.peer = page;
  main satisfies PortPort;
  return { page, main };
}

export class ElectronStandIn {
  readonly emitted = new Emits();
  readonly ipc = new Emits();
  readonly theSession = new SessionStandIn();
  readonly windows: WindowStandIn[] = [];
  readonly schemes: Electron.CustomScheme[] = [];
  readonly handled = new Map<string, (request: Request) => Response | Promise<Response>>();
  readonly dialogs: Electron.MessageBoxOptions[] = [];
  /** What the person answers to the next dialog. */
  answer = 1;
  sandboxed = false;
  quits = 0;
  first = true;

  readonly port = {
    app: {
      enableSandbox: () => {
        this.sandboxed = true;
      },
      on: (event: string, listener: Listener) => this.emitted.on(event, listener),
      quit: () => {
        this.quits += 1;
      },
      requestSingleInstanceLock: () => this.first,
      whenReady: async () => {},
    },
    protocol: {
      handle: (scheme: string, handler: (request: Request) => Response | Promise<Response>) => {
        this.handled.set(scheme, handler);
      },
      registerSchemesAsPrivileged: (schemes: Electron.CustomScheme[]) => {
        this.schemes.push(...schemes);
      },
    },
    session: () => this.theSession,
    ipcMain: { on: (channel: string, listener: Listener) => this.ipc.on(channel, listener) },
    dialog: {
      showMessageBox: async (...args: readonly unknown[]) => {
        this.dialogs.push(args.at(-1) as Electron.MessageBoxOptions);
        return { response: this.answer, checkboxChecked: false };
      },
    },
    createWindow: (options: Electron.BrowserWindowConstructorOptions): WindowPort => {
      const window = new WindowStandIn(options);
      this.windows.push(window);
      this.emitted.events.emit('web-contents-created', {}, window.webContents);
      return window;
    },
  } satisfies ElectronPort;

  /** Plays the preload's one message: a port on the shell's channel. */
  sends(channel: string, event: { sender: unknown; senderFrame: unknown; ports: readonly PortStandIn[] }) {
    this.ipc.events.emit(channel, event, null);
  }
}
