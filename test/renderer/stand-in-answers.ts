/** What the stand-in answers to those who administer: made up, of the size and shape of a branch's week. */
import { randomUUID } from 'node:crypto';

export const NOON = Date.UTC(2026, 10, 20, 12);
const DAY = 86_400_000;
export const MEMBER = '0197a000-0000-7000-8000-000000000001';
const PRIVACY = '0197a000-0000-7000-8000-000000000002';
const TELLER = '0197a000-0000-7000-8000-000000000003';
const SUBJECT = '0197a000-0000-7000-8000-0000000000aa';

const conversations = Array.from({ length: 14 }, (_, index) => ({
  id: randomUUID(),
  deskId: 'bank-branch',
  carrier: index % 5 === 2 ? 'typed' : 'webrtc',
  startedAt: NOON - index * 2_712_000,
  endedAt: NOON - index * 2_712_000 + 41_000 + ((index * 37) % 11) * 9000,
  endReason: ['farewell', 'member', 'handOff'][index % 3] ?? null,
  turns: 2 + ((index * 5) % 7),
  memberId: index % 4 === 0 ? MEMBER : TELLER,
  subjectId: index % 3 === 0 ? SUBJECT : null,
}));
const [first] = conversations;

const said = (turn: number, speaker: 'person' | 'agent', at: number, text: string, interrupted = false) => ({
  turn,
  speaker,
  at: NOON + at * 1000,
  text,
  flow: turn > 1 ? 'transfer_money' : null,
  interrupted,
});
const turns = [
  said(0, 'agent', 1, 'Hello, this is Robin, an automated assistant. How can I help you today?'),
  said(1, 'person', 6, 'when are you open on saturday'),
  said(1, 'agent', 7, 'On Saturday, the branch is open from nine in the morning', true),
  said(2, 'person', 12, 'move one hundred twenty dollars from checking to savings'),
  said(2, 'agent', 13, 'Sure. What is your customer number?'),
  said(3, 'person', 18, 'my customer number is [number]'),
  said(3, 'agent', 20, 'You want to move 120 dollars from checking to savings. Is that right?'),
  said(4, 'person', 24, 'yes please'),
];
const toolCalls = [
  {
    proposalId: randomUUID(),
    turn: 3,
    at: NOON + 19_000,
    tool: 'identify_customer',
    risk: 'read',
    approvedBy: 'none',
    outcome: 'ok',
    code: null,
  },
  {
    proposalId: randomUUID(),
    turn: 4,
    at: NOON + 25_000,
    tool: 'transfer_money',
    risk: 'money',
    approvedBy: 'voice',
    outcome: 'ok',
    code: null,
  },
];

const ACTIONS = [
  'record.read',
  'signIn.succeed',
  'conversation.end',
  'tool.answer',
  'tool.call',
  'tool.approve',
  'conversation.start',
  'signIn.refuse',
  'retention.sweep',
  'access.refuse',
];
const entries = Array.from({ length: 20 }, (_, index) => {
  const action = ACTIONS[index % ACTIONS.length] ?? '';
  const actor = [MEMBER, TELLER, 'system'][index % 3] ?? '';
  const outcome = action.endsWith('refuse') ? 'failure' : 'success';
  const target = index % 2 === 0 ? `conversation:${first?.id}` : null;
  return {
    seq: 1283 - index,
    at: NOON - index * 97_000,
    action,
    actor,
    target,
    outcome,
    json: JSON.stringify({ activity_name: action, actor: { user: { uid: actor } }, unmapped: { target } }),
  };
});

const review = {
  subjectId: SUBJECT,
  conversations: 5,
  turns: 41,
  toolCalls: 9,
  recordedSeconds: 312,
  first: NOON - 20 * DAY,
  last: NOON,
  held: true,
};
const NOTE = `sotto/7f3a/audit
1284
t8Hw0qnoTFVj0PGqd+LJvgTYalHzwueQix1PalwHKxk=

— sotto/7f3a/audit Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
`;
const rule = (dataClass: string, keepDays: number) => ({ dataClass, purpose: 'service', keepDays });
const rules = [rule('recording', 7), rule('transcript', 30), rule('conversation', 365)];

const rate = (of: string, per: string, most: number, withinMinutes: number) => ({
  kind: 'rate',
  of,
  per,
  most,
  withinMinutes,
});
const limit = (id: string, watch: object, does: readonly string[], more: object = {}) => {
  const usual = { id, enabled: true, watch, does };
  return { rule: usual, usual, now: null, learned: null, fired: 0, lastAt: null, ...more };
};
const afterHours = {
  kind: 'afterHours',
  of: 'conversation',
  from: '06:00',
  to: '22:00',
  days: [1, 2, 3, 4, 5, 6],
};
const limits = [
  limit(
    'failed-sign-ins-by-address',
    rate('signInFailure', 'address', 40, 60),
    ['slowDown', 'openIncident'],
    {
      now: { measured: 12, per: 'address', id: null },
      fired: 1,
      lastAt: NOON - DAY,
    },
  ),
  limit('records-by-member', rate('recordRead', 'member', 200, 1440), ['warn', 'openIncident'], {
    now: { measured: 31, per: 'member', id: TELLER },
  }),
  limit('large-amount', { kind: 'amount', from: 10_000 }, ['warn'], { fired: 2, lastAt: NOON - 3 * DAY }),
  limit('after-hours', afterHours, ['warn'], {
    rule: { id: 'after-hours', enabled: false, watch: afterHours, does: ['warn'] },
  }),
  limit(
    'unusual-reading',
    { kind: 'unusual', of: 'recordRead', deviations: 6, atLeast: 20, weeks: 8 },
    ['warn'],
    {
      learned: { have: 3, need: 8 },
    },
  ),
];
const flag = { from: 0.5, act: 'flag' };
const soundPolicy = {
  ultrasound: [flag, { from: 0.95, act: 'refuse' }],
  tone: [flag],
  reverberant: [flag],
  repeat: [flag],
};

const member = (
  id: string,
  username: string,
  displayName: string,
  roles: readonly string[],
  more: object = {},
) => ({
  id,
  username,
  displayName,
  roles,
  createdAt: NOON - 90 * DAY,
  locked: null,
  mustChangePassphrase: false,
  signedInAt: NOON - DAY,
  codesSince: NOON - 80 * DAY,
  reviewedAt: NOON - 60 * DAY,
  remarks: [],
  ...more,
});
const members = [
  member(TELLER, 'ines.okafor', 'Ines Okafor', ['staff'], {
    locked: { at: NOON, by: MEMBER, reason: 'On leave' },
    remarks: ['locked', 'no-codes', 'never-reviewed'],
    codesSince: null,
    signedInAt: null,
  }),
  member(PRIVACY, 'jonas.weil', 'Jonas Weil', ['privacy'], { remarks: ['never-reviewed'] }),
  member(MEMBER, 'mara.lindt', 'Mara Lindt', ['admin', 'staff']),
];

const INCIDENT = randomUUID();
const checks = (items: readonly string[], done: boolean) =>
  items.map((text, index) => ({
    item: `c${index}`,
    text,
    outcome: done ? 'done' : null,
    by: done ? MEMBER : null,
  }));
const incidentLine = {
  id: INCIDENT,
  number: 3,
  kind: 'failed-sign-ins',
  severity: 'high',
  openedAt: NOON - 3_600_000,
  closedAt: null,
  step: 'contain',
};
const unsigned = { owner: null, signedAt: null, signedBy: null };
const incident = {
  ...incidentLine,
  openedBy: 'system',
  summary: 'More failed sign-ins within an hour than this site has ever seen.',
  steps: [
    {
      step: 'identify',
      owner: MEMBER,
      signedAt: NOON,
      signedBy: MEMBER,
      checks: checks(['What happened is written down, with the time it began.'], true),
    },
    {
      step: 'contain',
      ...unsigned,
      checks: checks(
        [
          'What must stand still stands still: everything, a desk, or a tool.',
          'Members whose sign-in may be in other hands are locked.',
        ],
        false,
      ),
    },
    ...['investigate', 'remediate', 'recover', 'document'].map((step) => ({
      step,
      ...unsigned,
      checks: checks(['Somebody has looked at it and says so.'], false),
    })),
  ],
  evidence: [
    { id: 'e1', at: NOON - 3_600_000, by: 'system', kind: 'log', first: 1100, end: 1240 },
    { id: 'e2', at: NOON - 3_600_000, by: 'system', kind: 'finding', seq: 1187, code: 'signIn.refuse' },
    { id: 'e3', at: NOON, by: MEMBER, kind: 'note', text: 'All came from the machine in the back office.' },
  ],
};

/** By the name of the call. */
export const administration: Readonly<Record<string, unknown>> = {
  'records.list': conversations,
  'records.read': { conversation: first, turns, toolCalls },
  'records.search': turns.slice(1, 4).map((turn) => ({ conversation: first, turn })),
  'audit.entries': { entries, next: 1264 },
  'audit.checkpoint': {
    note: NOTE,
    origin: 'sotto/7f3a/audit',
    verifierKey: 'sotto/7f3a/audit+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8',
  },
  'audit.collector': { collector: { host: 'siem.branch.lan', port: 6514, format: 'ocsf' }, waiting: 3 },
  'retention.rules': rules,
  'retention.preview': rules.map((one, index) => ({
    dataClass: one.dataClass,
    rule: one,
    due: [12, 4, 0][index],
    held: [2, 0, 0][index],
    oldest: index === 2 ? null : NOON - 40 * DAY,
  })),
  'retention.sweep': { recordings: 10, transcripts: 4, conversations: 0 },
  'hold.list': [
    {
      id: randomUUID(),
      scope: 'subject',
      targetId: SUBJECT,
      matter: '2026/4711',
      placedAt: NOON - DAY,
      placedBy: PRIVACY,
      liftedAt: null,
      liftedBy: null,
    },
    {
      id: randomUUID(),
      scope: 'everything',
      targetId: '*',
      matter: 'Audit 2026',
      placedAt: NOON - 30 * DAY,
      placedBy: PRIVACY,
      liftedAt: NOON - 3 * DAY,
      liftedBy: MEMBER,
    },
  ],
  'erasure.find': { review },
  'erasure.review': review,
  'erasure.list': [
    {
      id: randomUUID(),
      subjectId: SUBJECT,
      requestedAt: NOON,
      requestedBy: PRIVACY,
      state: 'requested',
      decidedAt: null,
      decidedBy: null,
      certificate: null,
    },
    {
      id: randomUUID(),
      subjectId: randomUUID(),
      requestedAt: NOON - 9 * DAY,
      requestedBy: PRIVACY,
      state: 'done',
      decidedAt: NOON - 8 * DAY,
      decidedBy: MEMBER,
      certificate: `erasure certificate\n{"conversations":3,"turns":17}\n\n— ${NOTE.split('\n')[4] ?? ''}`,
    },
  ],
  'members.names': members.map(({ id, displayName }) => ({ id, displayName })),
  'members.list': members,
  'account.beginCodes': {
    uri: 'otpauth://totp/Sotto:mara.lindt?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Sotto',
    secret: 'JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP',
  },
  'tools.list': {
    tools: [
      { name: 'identify_customer', risk: 'read' },
      { name: 'account_balance', risk: 'read' },
      { name: 'transfer_money', risk: 'money' },
      { name: 'block_card', risk: 'write' },
    ],
    stops: [{ target: { scope: 'tool', name: 'transfer_money' }, at: NOON, by: MEMBER }],
  },
  'tools.unresolved': [
    {
      proposalId: randomUUID(),
      conversationId: randomUUID(),
      tool: 'transfer_money',
      risk: 'money',
      calledAt: NOON - DAY,
      code: 'tools/interrupted',
    },
  ],
  'incidents.list': [
    incidentLine,
    {
      ...incidentLine,
      id: randomUUID(),
      number: 2,
      kind: 'manual',
      severity: 'low',
      closedAt: NOON - 9 * DAY,
      step: null,
    },
  ],
  'incidents.get': incident,
  'alerts.recent': [
    { id: 'a1', at: NOON - DAY, about: 'limit', severity: 'medium', code: 'after-hours', incident: null },
  ],
  'limits.list': limits,
  'limits.set': {},
  'soundPolicy.read': { policy: soundPolicy, usual: soundPolicy },
  'soundPolicy.set': {},
  'incidents.people': [{ id: MEMBER, displayName: 'Mara Lindt' }],
  'records.receipts': [
    {
      id: randomUUID(),
      at: '2026-11-20T12:00:01.000Z',
      purpose: 'disclosure',
      state: 'notified',
      expressedBy: 'none',
      wording: 'You are talking with a computer program, and not with a person.',
      policy: 'strictest',
      version: 1,
    },
  ],
  'packs.list': [
    {
      id: 'zipformer-en',
      version: '1.2.0',
      name: 'Zipformer, English',
      kind: 'recogniser',
      installedAt: NOON - DAY,
      chosen: true,
    },
  ],
  'vault.state': { keySource: 'keychain', recoveryKey: null, lastBackupAt: null },
  'system.doctor': [
    { id: 'node', name: 'Node', state: 'ok', message: 'Node 24.21.0 on linux x64.', remedy: null },
    {
      id: 'swap',
      name: 'Swap',
      state: 'warn',
      message: 'Not encrypted: /dev/sda3.',
      remedy: 'Encrypt the swap with a random key, use zram instead, or switch it off (swapoff -a).',
    },
    { id: 'disk', name: 'Disk space', state: 'ok', message: '212.0 GB free.', remedy: null },
  ],
};

/** A desk with an echo, measured. */
export const measured = {
  type: 'result',
  measured: { noiseFloorDb: -58, speechDb: -29, echo: { returnDb: -18, delayMs: 140 } },
  settings: { talkMode: 'handsFree', suppressEcho: true },
  findings: [
    { id: 'noise', state: 'ok', message: 'The room is quiet.', remedy: null },
    {
      id: 'echo',
      state: 'warn',
      message: 'The agent’s voice comes back into the microphone after 140 ms.',
      remedy: 'Turn the speaker down a little, or move the microphone away from it.',
    },
  ],
};

export const verification = {
  type: 'result',
  ok: true,
  entries: 1284,
  checkpoints: 12,
  root: 'b7c1f0d2a9e84c5563d0f1aa77e2c9be04d86a51f3c2e7908b1d4f6a5c3e2b19',
  problems: [],
  notices: [],
};
