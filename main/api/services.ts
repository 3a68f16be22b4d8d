import type { AuditLog, CollectorStatus } from '../audit/index.ts';
import type { LiveConversation, TalkMode } from '../conversation/index.ts';
import type {
  Alerts,
  Incidents,
  RuleState,
  SoundPolicy,
  Standstill,
  WatchedEvent,
  Who,
} from '../guard/index.ts';
import type { Identity, Member, Members, Role } from '../identity/index.ts';
import type {
  Level,
  SoundCheckStage,
  SoundFinding,
  SoundMeasurement,
  SoundSettings,
} from '../media/index.ts';
import type { Models } from '../models/index.ts';
import type { Records, Retention, SubjectExport, SubjectExportRequest } from '../records/index.ts';
import type { KillSwitches, ToolGateway, ToolLedger } from '../tools/index.ts';
import type { Check, DeskSummary, Status } from './contract.ts';

/** Where requests come from, as far as the host knows it: counted for limits, kept as keyed hashes. */
export interface Origin {
  readonly address: string | null;
  /** A window, or the browser that it is opened in. */
  readonly device: string | null;
}

/** What the appliance offers to the handlers; the composition root provides it. */
export interface Services {
  status(): Promise<Status>;
  checks(): Promise<readonly Check[]>;
  desks(): Promise<readonly DeskSummary[]>;
  /** Creates the vault and the first administrator. @throws SottoError `setup/already-done`. */
  setUp(input: {
    readonly siteName: string;
    readonly admin: { readonly username: string; readonly displayName: string; readonly passphrase: string };
    readonly deskId: string;
    readonly key:
      | { readonly kind: 'keychain' }
      | { readonly kind: 'passphrase'; readonly passphrase: string };
  }): Promise<Member>;
  unlock(passphrase: string): Promise<void>;
  /** Null until the vault is open. */
  readonly open: OpenServices | null;
  /** Connects a renderer's microphone and speaker for a sound check. */
  soundCheck(sdpOffer: string): Promise<{ readonly id: string; readonly sdp: string }>;
  soundLevels(id: string): AsyncIterable<Level & { readonly speech: boolean }>;
  /** Measures the desk and keeps the result. */
  measureSound(id: string): AsyncIterable<SoundMeasuring>;
  endSoundCheck(id: string): Promise<void>;
}

/** What a measurement of a desk tells: its stages as they begin, then the result. */
export type SoundMeasuring =
  | { readonly type: 'stage'; readonly stage: SoundCheckStage }
  | {
      readonly type: 'result';
      readonly measured: SoundMeasurement;
      readonly settings: SoundSettings;
      readonly findings: readonly SoundFinding[];
    };

/** What exists once the vault is open. */
export interface OpenServices {
  readonly identity: Identity;
  readonly records: Records;
  readonly audit: AuditLog;
  readonly retention: Retention;
  readonly members: Members;
  readonly safety: SafetyServices;
  readonly watching: WatchingServices;
  /** How far the site's collector is behind. */
  collector(): CollectorStatus;
  vaultState(): {
    readonly keySource: string;
    readonly recoveryKey: string | null;
    readonly lastBackupAt: number | null;
  };
  /** The site's model packs; a choice counts from the next start on. */
  readonly models: Pick<Models, 'installed' | 'chosen' | 'choose' | 'unchoose'>;
  exportSubject(request: SubjectExportRequest): SubjectExport;
  /** A folder of its own under the data folder, for an export that is sent on and then removed. */
  newExportFolder(): Promise<string>;
  /** Starts a conversation; with an SDP offer over WebRTC, without one typed only. */
  converse(
    who: { readonly memberId: string; readonly roles: readonly Role[]; readonly from: Origin },
    options: { readonly sdp: string | null; readonly mode: TalkMode },
  ): Promise<{ readonly conversation: LiveConversation; readonly sdp: string | null }>;
  /** A conversation that is being held, if this member started it. */
  conversation(id: string, memberId: string): LiveConversation | null;
}

/** What stops things, and what tells of things that went out and nobody can vouch for. */
export interface SafetyServices {
  readonly standstill: Pick<Standstill, 'list' | 'stop' | 'lift'>;
  readonly switches: Pick<KillSwitches, 'list' | 'stop' | 'allow'>;
  readonly gateway: Pick<ToolGateway, 'stepUp' | 'unresolved'>;
  readonly ledger: Pick<ToolLedger, 'resolve'>;
  /** What the desk pack declares. */
  readonly tools: readonly { readonly name: string; readonly risk: string }[];
}

/** What is watched for, and what came of it. */
export interface WatchingServices {
  readonly incidents: Pick<
    Incidents,
    'list' | 'get' | 'open' | 'addEvidence' | 'setOwner' | 'check' | 'sign' | 'contain' | 'export' | 'may'
  >;
  readonly alerts: Pick<Alerts, 'recent' | 'stream'>;
  limits(): readonly RuleState[];
  /** Null goes back to the rules that Sotto comes with. @throws SottoError `limits/invalid` */
  setLimits(rules: unknown, actor: string): void;
  soundPolicy(): { readonly policy: SoundPolicy; readonly usual: SoundPolicy };
  /** Null goes back to the usual one. @throws SottoError `guard/bad-policy` */
  setSoundPolicy(policy: unknown, actor: string): void;
  /** Takes in what happens; what is decided of it is carried out before this returns. Never throws. */
  observe(event: WatchedEvent): void;
  /** How long this one has to wait, milliseconds; 0 for nearly everyone. */
  paceMs(who: Who): number;
}
