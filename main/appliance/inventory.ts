import type { Role } from '../identity/index.ts';
import type { DataClass } from '../records/index.ts';

/**
 * Every datum that Sotto holds: where it lies, what protects it, who sees it and for how long. docs/data-flow.md is written
 * from this list (`node test/appliance/write-data-flow.ts`), and test/appliance/data-flow.test.ts holds the list to the
 * schema of a new vault, the files of a running appliance, the roles of the api's contract and the rules of retention. A new
 * table, column, setting, secret or kind of file is one more entry here, or one more name in an entry.
 */
export interface Datum {
  readonly what: string;
  readonly where: readonly Place[];
  readonly protection: string;
  /** In words, and where a call of the api shows it, the name of that call and the roles that the contract lets ask. */
  readonly seenBy: {
    readonly words: string;
    readonly through?: string;
    readonly roles?: readonly Role[];
  };
  /** A class of the retention rules, whose days are taken from there; or words. */
  readonly keeps: { readonly rule: DataClass } | { readonly words: string };
}

export type Place =
  /** `rows`: of the tables `secrets` and `settings`, the rows by name. */
  | { readonly table: string; readonly columns: readonly string[]; readonly rows?: readonly string[] }
  /** Relative to the data folder; `*` stands for anything but a slash. */
  | { readonly file: string }
  | { readonly elsewhere: string };

export interface InventorySection {
  readonly title: string;
  readonly note?: string;
  readonly data: readonly Datum[];
}

const ENCRYPTED = 'the vault’s pages';
const SEALED =
  'AES-256-GCM under the key of its conversation, which stands under its subject’s; and the vault’s pages';
const LOG_COMMANDS = '`sotto audit` (whoever can open the vault)';

const inTable = (table: string, columns: string): Place => ({ table, columns: columns.split(' ') });
const named = (table: 'secrets' | 'settings', ...rows: readonly string[]): Place => ({
  table,
  columns: table === 'secrets' ? ['name', 'value', 'created_at'] : ['name', 'json', 'changed_at'],
  rows,
});

const conversation: InventorySection = {
  title: 'In a conversation',
  data: [
    {
      what: 'sound of the person and of the agent, while it is heard',
      where: [{ elsewhere: 'memory of browser, appliance and engines' }],
      protection: 'WebRTC: DTLS-SRTP, also on loopback; process pipes between appliance and engines',
      seenBy: { words: 'nobody' },
      keeps: { words: 'about a second of frames; an utterance until it is decoded' },
    },
    {
      what: 'words as recognised or typed',
      where: [{ elsewhere: 'memory; the window' }],
      protection: 'TLS or the private pipe',
      seenBy: {
        words: 'the member who began the conversation',
        through: 'conversation.events',
        roles: ['staff', 'supervisor', 'admin'],
      },
      keeps: { words: 'until the conversation is gone from memory (last 400 events)' },
    },
    {
      what: 'slots (details collected)',
      where: [{ elsewhere: 'memory of the flow; the window, without sensitive ones' }],
      protection: 'none of its own: memory of a process that no other of its user may read (Linux)',
      seenBy: { words: 'the member who began the conversation' },
      keeps: { words: 'the conversation; a sensitive value ten minutes at most' },
    },
    {
      what: 'words as kept: masked before they are written (`[card]`, `[name]`, …: by rules, so some slips through); answers to sensitive slots are `[withheld]`; of the agent, what was heard',
      where: [
        inTable('turns', 'words'),
        inTable('turns', 'conversation_id position turn speaker at flow confidence interrupted'),
      ],
      protection: SEALED,
      seenBy: { words: 'the room `records` can search and read them; each look is recorded and logged' },
      keeps: { rule: 'transcript' },
    },
    {
      what: 'words that a version before data keys kept',
      where: [inTable('turns', 'legacy')],
      protection: ENCRYPTED,
      seenBy: { words: 'as words kept' },
      keeps: { words: 'until the vault is next opened: then sealed' },
    },
    {
      what: 'search index over words as kept',
      where: [inTable('turn_index', 'words'), inTable('turn_places', 'place conversation_id position')],
      protection: `${ENCRYPTED}; no text, only word stems and places; overwritten when deleted; in no backup`,
      seenBy: { words: 'as words kept' },
      keeps: { rule: 'transcript' },
    },
    {
      what: 'recorded sound, where policy and consent allow it (by default there is none)',
      where: [
        inTable(
          'recordings',
          'conversation_id channel segment started_ms duration_ms sample_rate screened sound',
        ),
      ],
      protection: `${SEALED}; what is said of payment is silence`,
      seenBy: { words: 'as words kept; a reason is asked for' },
      keeps: { rule: 'recording' },
    },
    {
      what: 'conversation: desk, pack hash, member, carrier, times, reason of its end, subject',
      where: [
        inTable(
          'conversations',
          'id desk_id pack_hash member_id carrier started_at ended_at end_reason subject_id',
        ),
      ],
      protection: ENCRYPTED,
      seenBy: {
        words: 'in the list of conversations, staff those that they held; each look is recorded and logged',
        through: 'records.list',
        roles: ['staff', 'supervisor', 'admin', 'privacy', 'auditor'],
      },
      keeps: { rule: 'conversation' },
    },
    {
      what: 'disclosures given: which, a hash of the wording, when',
      where: [inTable('disclosures', 'conversation_id position disclosure_id wording_hash at')],
      protection: ENCRYPTED,
      seenBy: { words: 'as words kept' },
      keeps: { rule: 'conversation' },
    },
    {
      what: 'consent receipts (ISO/IEC TS 27560): what was decided, for what, under which policy and wording; no words of the person',
      where: [inTable('consent_receipts', 'id conversation_id at purpose decision receipt')],
      protection: `the receipt: ${SEALED}; purpose and decision: the vault’s pages`,
      seenBy: { words: 'the room `records`; each look is recorded' },
      keeps: { rule: 'conversation' },
    },
    {
      what: 'tool calls: tool, risk, outcome, who approved',
      where: [
        inTable('tool_calls', 'conversation_id proposal_id turn at tool risk approved_by outcome code'),
      ],
      protection: ENCRYPTED,
      seenBy: { words: 'as words kept' },
      keeps: { rule: 'conversation' },
    },
    {
      what: 'tool arguments and results',
      where: [{ elsewhere: 'memory; sent to the tool server' }],
      protection: 'pipe to a process of the same user, or TLS to a server on the LAN that the desk names',
      seenBy: { words: 'the tool server' },
      keeps: { words: 'while the call lasts: neither is in the record or the log' },
    },
    {
      what: 'what a tool server keeps; the demo servers’ people are invented',
      where: [{ file: 'desks/*/*' }],
      protection: '**none**, folder 0700: anyone can see what a tool did',
      seenBy: { words: 'the user that runs Sotto' },
      keeps: { words: 'as the server decides' },
    },
  ],
};

const subjects: InventorySection = {
  title: 'About subjects',
  data: [
    {
      what: 'that there is such a person, and since when',
      where: [inTable('subjects', 'id created_at')],
      protection: ENCRYPTED,
      seenBy: { words: 'the room `records`' },
      keeps: { words: 'until the subject is erased' },
    },
    {
      what: 'what a subject is known by (a customer number)',
      where: [inTable('subject_references', 'hash subject_id kind value')],
      protection: `found by a keyed hash; the value sealed under the subject’s key; ${ENCRYPTED}`,
      seenBy: { words: 'the room `records`' },
      keeps: { words: 'until the subject is erased' },
    },
    {
      what: 'legal holds: what they keep, file number, by whom',
      where: [inTable('legal_holds', 'id scope target_id matter placed_at placed_by lifted_at lifted_by')],
      protection: ENCRYPTED,
      seenBy: { words: 'the room `records`; in the log' },
      keeps: { words: 'with the log' },
    },
    {
      what: 'requests for erasure, and the signed certificate of what came of them: it names nobody',
      where: [
        inTable(
          'erasures',
          'id subject_id requested_at requested_by state decided_at decided_by certificate',
        ),
      ],
      protection: ENCRYPTED,
      seenBy: { words: 'the room `records`; in the log' },
      keeps: { words: 'with the log' },
    },
  ],
};

const members: InventorySection = {
  title: 'About members',
  data: [
    {
      what: 'user name, display name, roles; passphrase as Argon2id hash',
      where: [
        inTable(
          'members',
          'id username display_name roles passphrase created_at passphrase_at must_change signed_in_at reviewed_at',
        ),
      ],
      protection: ENCRYPTED,
      seenBy: { words: 'the member, in the window; the hash, nobody' },
      keeps: { words: 'no end' },
    },
    {
      what: 'that a member is locked: since when, by whom, why',
      where: [inTable('members', 'locked_at locked_by lock_reason')],
      protection: ENCRYPTED,
      seenBy: { words: 'the room `identity`' },
      keeps: { words: 'until it is lifted' },
    },
    {
      what: 'key of a member’s one-time codes (TOTP)',
      where: [inTable('member_codes', 'member_id key begun_at confirmed_at')],
      protection: ENCRYPTED,
      seenBy: { words: 'the member, once, when it is set up' },
      keeps: { words: 'until the member sets up another or leaves' },
    },
    {
      what: 'session token, as SHA-256; itself in the window’s memory, never on the browser’s disk',
      where: [inTable('sessions', 'token_hash member_id created_at seen_at')],
      protection: ENCRYPTED,
      seenBy: { words: 'nobody' },
      keeps: { words: '30 minutes idle, 12 hours at most' },
    },
    {
      what: 'failed sign-ins, by a keyed hash of the name that was tried',
      where: [inTable('sign_in_failures', 'name failures last_at')],
      protection: ENCRYPTED,
      seenBy: { words: 'nobody' },
      keeps: { words: 'a day after the last, removed at the next failure' },
    },
    {
      what: 'who read which records, and why',
      where: [inTable('record_reads', 'position at member_id conversation_id reason')],
      protection: ENCRYPTED,
      seenBy: { words: 'nobody yet; the log says it with the reason hashed' },
      keeps: { words: 'no end' },
    },
    {
      what: 'theme, chosen microphone',
      where: [{ elsewhere: 'the browser’s local storage' }],
      protection: 'none; no personal data',
      seenBy: { words: 'the browser’s user' },
      keeps: { words: 'until cleared' },
    },
  ],
};

const tools: InventorySection = {
  title: 'What the tool gateway remembers',
  data: [
    {
      what: 'calls that went out, what became of them, what they summed up to: for limits, and for what nobody can vouch for',
      where: [
        inTable(
          'tool_uses',
          'proposal_id desk_id conversation_id tool risk arguments_hash at state code answered_at resolved_at resolved_by happened',
        ),
        inTable('tool_amounts', 'proposal_id argument hundredths'),
      ],
      protection: `${ENCRYPTED}; arguments as keyed hashes, amounts in the clear of the vault`,
      seenBy: { words: '`sotto tools` (whoever can open the vault)' },
      keeps: { words: 'no end' },
    },
    {
      what: 'what is stopped, since when and by whom; requests to stop, until they are read',
      where: [inTable('tool_stops', 'scope name at by_id'), { file: 'stops/*' }],
      protection: `${ENCRYPTED}; a request names tools alone, 0600`,
      seenBy: { words: '`sotto tools`' },
      keeps: { words: 'until it is lifted' },
    },
    {
      what: 'the latest time the gateway knows of; one-time codes used (their time step) and guessed at',
      where: [
        inTable('tool_time', 'one at'),
        inTable('tool_codes', 'member_id used_step'),
        inTable('tool_code_misses', 'member_id at'),
      ],
      protection: ENCRYPTED,
      seenBy: { words: 'nobody' },
      keeps: { words: 'replaced by the next' },
    },
  ],
};

const safeguards: InventorySection = {
  title: 'Limits, standstill and incidents',
  data: [
    {
      what: 'what was stopped by hand, by whom and why; who wants it lifted',
      where: [
        inTable('standstills', 'scope name at by_id via reason'),
        inTable('standstill_lifts', 'scope name member_id at'),
      ],
      protection: ENCRYPTED,
      seenBy: { words: 'members; in the log' },
      keeps: { words: 'until it is lifted' },
    },
    {
      what: 'what limits count: which rule, for whom (an id; addresses and browsers as keyed hashes), when, how much',
      where: [
        inTable('limit_marks', 'rule subject at amount'),
        inTable('limit_fired', 'rule subject at'),
        inTable('limit_hours', 'measure hour count'),
      ],
      protection: ENCRYPTED,
      seenBy: {
        words: 'in the window, how near somebody is to a rule; who it is only where it is a member',
        through: 'limits.list',
        roles: ['supervisor', 'admin', 'auditor', 'privacy'],
      },
      keeps: { words: 'as long as its rule looks back' },
    },
    {
      what: 'a random name of the browser, for limits by device',
      where: [{ elsewhere: 'a cookie of the browser (`__Host-sotto-device`), headless only' }],
      protection: 'TLS alone, not for scripts, not for other sites',
      seenBy: { words: 'nobody; counted as a keyed hash' },
      keeps: { words: 'a year, or until the browser’s cookies are cleared' },
    },
    {
      what: 'the rules of limits and the policy of sound, where the site has its own',
      where: [named('settings', 'guard.limits', 'guard.soundPolicy')],
      protection: ENCRYPTED,
      seenBy: {
        words: 'the window',
        through: 'limits.list',
        roles: ['supervisor', 'admin', 'auditor', 'privacy'],
      },
      keeps: { words: 'until changed' },
    },
    {
      what: 'incidents: kind, severity, summary, their evidence, steps and who signed them',
      where: [
        inTable(
          'incidents',
          'id number kind severity opened_at opened_by summary first_seq checkpoint closed_at',
        ),
        inTable('incident_evidence', 'id incident_id at by_id kind json'),
        inTable('incident_steps', 'incident_id step owner_id signed_at signed_by'),
        inTable('incident_checks', 'incident_id step item outcome at by_id'),
      ],
      protection: ENCRYPTED,
      seenBy: {
        words: 'the window',
        through: 'incidents.get',
        roles: ['supervisor', 'admin', 'auditor', 'privacy'],
      },
      keeps: { words: 'no end' },
    },
    {
      what: 'alerts that wait for the mail relay, where one is named; the relay, and the hosts that the site allows',
      where: [inTable('alert_mail', 'id at json tries'), named('settings', 'alerts.mail', 'network.hosts')],
      protection: ENCRYPTED,
      seenBy: { words: 'the site’s mail relay' },
      keeps: { words: 'until they are sent' },
    },
  ],
};

const evidence: InventorySection = {
  title: 'Evidence and operation',
  data: [
    {
      what: 'audit log: ids, codes, counts and keyed hashes, no words, no names; its signed checkpoints and its tree',
      where: [
        inTable('audit_entries', 'seq at json leaf'),
        inTable('audit_checkpoints', 'size at note'),
        inTable('audit_tree', 'one size peaks'),
      ],
      protection: `${ENCRYPTED}; hashed into a tree, signed`,
      seenBy: {
        words: `${LOG_COMMANDS}; the window tells whether it is whole`,
        through: 'audit.verify',
        roles: ['admin', 'auditor', 'privacy'],
      },
      keeps: { words: 'no end: it only grows' },
    },
    {
      what: 'entries sent to the site’s collector, where one is named',
      where: [
        { elsewhere: 'TLS to the collector (RFC 5425)' },
        named('settings', 'audit.collector', 'audit.collector.next'),
      ],
      protection: 'TLS 1.2 or later, under the authority that was named',
      seenBy: { words: 'the site’s collector' },
      keeps: { words: 'theirs to say' },
    },
    {
      what: 'which language model is chosen, the servers that may be, the key of one on the LAN',
      where: [named('settings', 'model.language', 'model.servers')],
      protection: ENCRYPTED,
      seenBy: { words: 'nobody the key; the rest `sotto model status` (whoever can open the vault)' },
      keeps: { words: 'until another is chosen' },
    },
    {
      what: 'the tool servers on the LAN that are allowed: address, what their certificates must be, their keys',
      where: [named('settings', 'tools.lan')],
      protection: `${ENCRYPTED}; each key goes to its own address alone`,
      seenBy: { words: 'nobody the keys; the rest `sotto tool lan list` (whoever can open the vault)' },
      keeps: { words: 'until it is removed' },
    },
    {
      what: 'sentences that the desk did not understand, where a model on the LAN is chosen; never answers to sensitive questions',
      where: [{ elsewhere: 'TLS to that server' }],
      protection: 'TLS 1.2 or later, under the authority that was named; private addresses only',
      seenBy: { words: 'that server' },
      keeps: { words: 'theirs to say' },
    },
    {
      what: 'name of the site, its desk; rules of retention; policy of consent, and whether sound is recorded; recovery key (public half), count of keyrings, time of the last backup',
      where: [
        named(
          'settings',
          'site',
          'retention.rules',
          'consent',
          'backup.recoveryKey',
          'backup.keyring',
          'backup.last',
        ),
      ],
      protection: ENCRYPTED,
      seenBy: { words: 'the window shows the name of the site to anyone', through: 'system.status' },
      keeps: { words: 'until changed' },
    },
    {
      what: 'which vault this is',
      where: [inTable('vault', 'one id created_at')],
      protection: ENCRYPTED,
      seenBy: { words: 'no secret: `vault.json` says it too' },
      keeps: { words: 'with the vault' },
    },
    {
      what: 'operational log: event codes, ids, numbers; typed so that text has no field',
      where: [{ elsewhere: 'standard error of the appliance' }],
      protection: 'none',
      seenBy: { words: 'whoever keeps standard error (the journal, under systemd)' },
      keeps: { words: 'theirs to say' },
    },
    {
      what: 'log of the installation: output of npm and apt',
      where: [{ elsewhere: '`.cache/setup.log` in the checkout' }],
      protection: 'none; no personal data',
      seenBy: { words: 'the user that installed' },
      keeps: { words: 'until the next setup' },
    },
  ],
};

const keys: InventorySection = {
  title: 'Keys',
  data: [
    {
      what: 'database key',
      where: [
        { elsewhere: 'memory while open: the library’s, wiped when freed; ours zeroed after use' },
        { file: 'vault.json' },
      ],
      protection: 'wrapped (AES-256-GCM) under the wrapping key',
      seenBy: { words: 'nobody; no core dumps, no debugger, memory closed to other processes (Linux)' },
      keeps: { words: 'until it is rotated' },
    },
    {
      what: 'wrapping key',
      where: [
        {
          elsewhere:
            'OS keychain (`sotto`, `vault:<id>:…`); or derived from passphrase (Argon2id) or credential file (HKDF)',
        },
      ],
      protection: 'the keychain’s; or yours',
      seenBy: { words: 'nobody' },
      keeps: { words: 'until it is changed' },
    },
    {
      what: 'keys of conversations and subjects; and which were destroyed',
      where: [
        inTable('data_keys', 'scope id generation subject wrapped created_at'),
        inTable('destroyed_keys', 'scope id destroyed_at'),
        named('secrets', 'vault/data-root'),
      ],
      protection: `wrapped (AES-256-GCM) under the subject’s or the root key; ${ENCRYPTED}; in no backup but the keyring`,
      seenBy: { words: 'nobody' },
      keeps: { words: 'as long as what they seal; that they were destroyed, for good' },
    },
    {
      what: 'log’s signing, export and pseudonym keys and its name; tools’ signing key',
      where: [
        named(
          'secrets',
          'audit/signing-key',
          'audit/export-key',
          'audit/pseudonym-key',
          'audit/origin',
          'tools.capability-key',
        ),
      ],
      protection: ENCRYPTED,
      seenBy: { words: 'nobody; the public halves are in every export' },
      keeps: { words: 'with the vault' },
    },
    {
      what: 'authority and server keys of the headless host',
      where: [{ file: 'certificates/*.key' }],
      protection: '0600, **not encrypted**; the authority is constrained to this installation’s names',
      seenBy: { words: 'the user that runs Sotto' },
      keeps: { words: 'until renewed' },
    },
    {
      what: 'certificates of the headless host',
      where: [{ file: 'certificates/*.crt' }],
      protection: 'public',
      seenBy: { words: 'anyone' },
      keeps: { words: 'until renewed' },
    },
  ],
};

const files: InventorySection = {
  title: 'Files that hold all of the above, or nothing of it',
  data: [
    {
      what: 'the vault: every table named here, and its write-ahead log',
      where: [{ file: 'sotto.db' }, { file: 'sotto.db-wal' }, { file: 'sotto.db.new*' }],
      protection: 'each page encrypted and authenticated (SQLCipher format) under the database key; 0600',
      seenBy: { words: 'nobody without its key' },
      keeps: { words: 'the log until the vault is closed' },
    },
    {
      what: 'a header while it is being replaced',
      where: [{ file: 'vault.json.new' }],
      protection: 'as `vault.json`',
      seenBy: { words: 'as `vault.json`' },
      keeps: { words: 'a moment' },
    },
    {
      what: 'installed model packs',
      where: [{ file: 'models/**' }],
      protection: 'signed; checked against their manifest when they are loaded',
      seenBy: { words: 'anyone: no personal data' },
      keeps: { words: 'until removed' },
    },
    {
      what: 'backups: every table but data keys and index',
      where: [
        {
          elsewhere:
            'where you say: `sotto-<time>/sotto.db`, `sotto-<time>/backup.json`, and beside them `keyring.jwe`',
        },
      ],
      protection: 'encrypted under a key of their own, which the offline recovery key alone opens (JWE)',
      seenBy: {
        words: 'nobody without the recovery key; what was erased, nobody once the keyring was renewed',
      },
      keeps: { words: 'yours to say' },
    },
    {
      what: 'exports of the log',
      where: [{ elsewhere: 'where you say (`sotto audit export --out`)' }],
      protection: 'signed, **not encrypted**: ids, codes, hashes',
      seenBy: { words: 'whoever holds them' },
      keeps: { words: 'yours to say' },
    },
    {
      what: 'throwaway vault of `sotto talk` without `--data`',
      where: [{ elsewhere: 'the system’s temporary folder' }],
      protection: 'under a key that only the process knows; a demo server’s data beside it is in the clear',
      seenBy: { words: 'nobody' },
      keeps: { words: 'the command; after a kill its files stay, unreadable' },
    },
    {
      what: 'the agent’s voice, by `--out`',
      where: [{ elsewhere: 'WAV files where you say' }],
      protection: '**none**',
      seenBy: { words: 'whoever holds them' },
      keeps: { words: 'yours to say' },
    },
  ],
};

export const INVENTORY: readonly InventorySection[] = [
  conversation,
  subjects,
  members,
  tools,
  safeguards,
  evidence,
  keys,
  files,
];
