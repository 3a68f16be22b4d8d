/** The inventory of what Sotto holds of itself: evidence, operation, keys, files. */
import { ENCRYPTED, type InventorySection, inTable, LOG_COMMANDS, named } from './datum.ts';

export const evidence: InventorySection = {
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

export const keys: InventorySection = {
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

export const files: InventorySection = {
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
