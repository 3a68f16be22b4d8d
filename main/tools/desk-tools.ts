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
  readonly limits: {
    readonly perTurn: number;
    readonly perConversation: number;
    readonly perHour?: number | undefined;
    readonly perDay?: number | undefined;
    readonly most?: Readonly<Record<string, number>> | undefined;
  };
  /** Local time of day, `HH:MM`; `to` before `from` reaches over midnight. */
  readonly hours?: { readonly from: string; readonly to: string } | undefined;
  readonly timeoutMs: number;
  readonly idempotent: boolean;
}

/** A tool server as a desk pack declares it. */
export interface ServerEntry {
  /** `node` is the Node that runs Sotto; else a program on the path. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What the gateway needs of a desk pack. */
export interface DeskTools {
  readonly id: string;
  /** The pack's folder: where its servers are started. */
  readonly folder: string;
  readonly tools: Readonly<Record<string, ToolEntry>>;
  readonly servers: Readonly<Record<string, ServerEntry>>;
}

/** What a call needs before it is carried out: a tool that moves money or medicine needs a yes whatever the pack says. */
export function confirmationOf(tool: ToolEntry): 'none' | 'spoken' | 'screen' {
  if (tool.confirm !== 'none') return tool.confirm;
  return tool.risk === 'money' || tool.risk === 'clinical' ? 'spoken' : 'none';
}
