/** A tool as a desk pack declares it; see docs/desk-packs.md. */
export interface ToolEntry {
  readonly server: string;
  readonly description: string;
  readonly risk: 'read' | 'write' | 'money' | 'clinical';
  /** JSON Schema of type object. */
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>> | undefined;
  readonly roles: readonly string[];
  readonly confirm: 'none' | 'spoken' | 'screen';
  readonly confirmText?: string | undefined;
  readonly stepUp: 'none' | 'code' | 'secondPerson';
  /** Who may be the second person; default supervisors and admins. */
  readonly stepUpRoles?: readonly string[] | undefined;
  readonly limits: {
    readonly perTurn: number;
    readonly perConversation: number;
    readonly perHour?: number | undefined;
    readonly perDay?: number | undefined;
    /** Highest value of an argument in one call, and summed up over the last 24 hours. */
    readonly most?: Readonly<Record<string, number>> | undefined;
    readonly mostPerDay?: Readonly<Record<string, number>> | undefined;
  };
  /** Local time of day, `HH:MM`; `to` before `from` reaches over midnight. */
  readonly hours?: { readonly from: string; readonly to: string } | undefined;
  readonly timeoutMs: number;
  readonly idempotent: boolean;
}

/** A tool server as a desk pack declares it: a process of this machine, or a server on the site's LAN. */
export type ServerEntry = ProcessEntry | LanEntry;

export interface ProcessEntry {
  readonly transport?: 'stdio' | undefined;
  /** `node` is the Node that runs Sotto; else a program on the path. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** `ca` or `fingerprint` says which certificate it must show; with neither the site must. */
export interface LanEntry {
  readonly transport: 'http';
  /** `https://host:port/path`; plain `http:` on loopback only. */
  readonly url: string;
  /** A PEM file in the pack: the authority that signed its certificate. */
  readonly ca?: string | undefined;
  /** SHA-256 of its certificate (DER), 64 hex digits, colons allowed. */
  readonly fingerprint?: string | undefined;
  /** Whether it wants a bearer key, which the site keeps in the vault. */
  readonly key: boolean;
}

/** What the site says about one tool server on its LAN. */
export interface LanSite {
  /** What its certificate must be, whatever the pack says; null leaves it to the pack. `ca` is PEM. */
  readonly pin: { readonly ca: string } | { readonly fingerprint: string } | null;
  /** Its bearer key, from the vault; null when none is kept. It goes to this address and no other. */
  readonly key: string | null;
}

/** What the site says about tool servers on its LAN. Without it none is reached. */
export interface LanPort {
  /** By exact `host:port`; null when the site does not allow it. */
  server(address: string): LanSite | null;
}

/** What the gateway needs of a desk pack. */
export interface DeskTools {
  readonly id: string;
  /** The pack's folder: where its servers are started. */
  readonly folder: string;
  readonly tools: Readonly<Record<string, ToolEntry>>;
  readonly servers: Readonly<Record<string, ServerEntry>>;
}

/**
 * What a call needs before it is carried out: a tool that moves money or medicine needs a yes whatever the pack says,
 * and a step-up is made on the screen.
 */
export function confirmationOf(tool: ToolEntry): 'none' | 'spoken' | 'screen' {
  if (tool.confirm !== 'none') return tool.confirm;
  if (tool.stepUp !== 'none') return 'screen';
  return tool.risk === 'money' || tool.risk === 'clinical' ? 'spoken' : 'none';
}
