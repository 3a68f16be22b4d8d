import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { SottoError, systemClock } from '../../base/index.ts';
import type { Role } from '../../identity/index.ts';
import type { ConversationRecord, Reader } from '../../records/index.ts';
import type { Commands } from '../command.ts';
import type { OpenSite } from '../open-vault.ts';
import { addSiteCommand } from '../site-command.ts';

const LOOK: readonly Role[] = ['supervisor', 'admin', 'privacy', 'auditor'];
const PRIVACY: readonly Role[] = ['privacy', 'admin'];
const reason = { reason: z.string().min(1) };
const LONGEST_VALUE = 1024;

/** `sotto records …`: what is kept of conversations. Each look is recorded with who, what and why. */
export function addRecords(commands: Commands): void {
  const program = commands.program
    .command('records')
    .summary('look at conversations, recordings and receipts; export what is kept about a person')
    .description(
      'Looks at what is kept of conversations. Each look is recorded with who looked, at what and why. These commands need the vault to themselves: stop Sotto first.',
    );
  const records = { ...commands, program };
  addList(records);
  addShow(records);
  addSearch(records);
  addExportRecording(records);
  addReceipts(records);
  addSubject(records);
}

async function recordsOf({ vault, audit }: OpenSite) {
  const { openRecords } = await import('../../records/index.ts');
  return openRecords(vault, audit, { clock: systemClock });
}

function addList(commands: Commands): void {
  addSiteCommand(commands, {
    name: 'list',
    summary: 'the newest conversations',
    description: 'Lists the newest conversations: when, at which desk, how they ended.',
    roles: LOOK,
    options: { limit: z.coerce.number().int().min(1).max(500).default(20) },
    declare: (command) => command.option('--limit <n>', 'how many', '20'),
    examples: ['sotto records list --as ada'],
    work: async ({ site, member, options: { limit }, print }) => {
      const found = (await recordsOf(site)).list({ memberId: member.id }, { limit });
      await print({ conversations: found }, found.map(inALine));
    },
  });
}

function addShow(commands: Commands): void {
  addSiteCommand(commands, {
    name: 'show <id>',
    summary: 'the words, tool calls and receipts of a conversation',
    description: 'Shows what was said in a conversation (masked), what was done, and what was consented to.',
    roles: LOOK,
    options: reason,
    declare: (command) => command.requiredOption('--reason <text>', 'why you look; it is kept'),
    examples: ['sotto records show 0197… --as ada --reason "complaint 2026/4"'],
    work: async ({ site, member, args: [id = ''], options, print }) => {
      const records = await recordsOf(site);
      const reader: Reader = { memberId: member.id, reason: options.reason };
      const found = records.read(reader, id);
      const receipts = records.receipts(reader, { conversationId: id }).map(({ receipt }) => receipt);
      await print({ ...found, receipts }, [
        inALine(found.conversation),
        ...found.turns.map(({ at, speaker, text }) => `${time(at)}  ${speaker.padEnd(6)}  ${text}`),
        ...found.toolCalls.map(({ at, tool, outcome }) => `${time(at)}  tool    ${tool}: ${outcome}`),
        ...receipts.map(
          ({ event, pii_processing: { purposes } }) =>
            `${event.event_time}  consent ${purposes[0].purpose}: ${event.event_state}`,
        ),
      ]);
    },
  });
}

function addSearch(commands: Commands): void {
  addSiteCommand(commands, {
    name: 'search <words...>',
    summary: 'turns that hold all of these words',
    description: 'Finds turns that hold all of these words or their other forms, the newest first.',
    roles: LOOK,
    options: { reason: z.string().min(1).optional() },
    declare: (command) => command.option('--reason <text>', 'why you look; it is kept'),
    examples: ['sotto records search savings balance --as ada'],
    work: async ({ site, member, args, options, print }) => {
      const why = options.reason === undefined ? {} : { reason: options.reason };
      const hits = (await recordsOf(site)).search({ memberId: member.id, ...why }, args.join(' '));
      await print(
        { hits },
        hits.map(
          ({ conversation, turn }) => `${conversation.id}  ${time(turn.at)}  ${turn.speaker}  ${turn.text}`,
        ),
      );
    },
  });
}

function addExportRecording(commands: Commands): void {
  addSiteCommand(commands, {
    name: 'export-recording <id>',
    summary: 'write one channel of a recording as a WAV file',
    description: 'Writes what the person or the agent said, as it was kept, to a WAV file in clear.',
    roles: PRIVACY,
    options: { ...reason, out: z.string().min(1), channel: z.enum(['person', 'agent']) },
    declare: (command) =>
      command
        .requiredOption('--reason <text>', 'why you listen; it is kept')
        .requiredOption('--out <file.wav>', 'the file to make; it must not exist yet')
        .option('--channel <which>', 'person or agent', 'person'),
    examples: ['sotto records export-recording 0197… --as ada --reason "complaint 2026/4" --out said.wav'],
    work: async ({ site, member, args: [id = ''], options, print }) => {
      const { wavOf } = await import('../../records/index.ts');
      const channels = (await recordsOf(site)).listen({ memberId: member.id, reason: options.reason }, id);
      const found = channels.find(({ channel }) => channel === options.channel);
      if (!found)
        throw new SottoError(
          'records/no-recording',
          'Nothing of this conversation was recorded, or it is gone.',
          {
            remedy: 'sotto records show tells whether recording was consented to.',
          },
        );
      const target = `conversation:${id}`;
      const detail = { channel: options.channel, reason: site.audit.pseudonym(options.reason) };
      site.audit.append({ action: 'record.export', actor: member.id, target, outcome: 'success', detail });
      await writeFile(options.out, wavOf(found), { mode: 0o600, flag: 'wx' }).catch((cause: unknown) => {
        throw new SottoError('records/export-failed', 'The recording could not be written.', {
          remedy: 'Name a file that does not exist, in a folder that may be written to.',
          cause,
        });
      });
      await print({ file: options.out, channel: found.channel, segments: found.segments.length }, [
        options.out,
      ]);
    },
  });
}

function addReceipts(commands: Commands): void {
  addSiteCommand(commands, {
    name: 'receipts [id]',
    summary: 'consent receipts, of one conversation or the newest of all',
    description: 'Prints consent receipts (ISO/IEC TS 27560).',
    roles: LOOK,
    examples: ['sotto records receipts --as ada --json', 'sotto records receipts 0197… --as ada'],
    work: async ({ site, member, args: [id], print }) => {
      const of = id === undefined ? {} : { conversationId: id };
      const found = (await recordsOf(site)).receipts({ memberId: member.id }, of);
      await print(
        { receipts: found.map(({ receipt }) => receipt) },
        found.map(
          ({
            conversationId,
            receipt: {
              event,
              pii_processing: { purposes, privacy_notice: notice },
            },
          }) =>
            [
              event.event_time,
              conversationId,
              purposes[0].purpose,
              event.event_state,
              `${notice.policy} ${notice.version}`,
            ].join('  '),
        ),
      );
    },
  });
}

function addSubject(commands: Commands): void {
  addSiteCommand(commands, {
    name: 'subject',
    summary: 'everything that is kept about a person, as JSON and as a page to read',
    description:
      'Writes everything that is kept about a person into a new folder, in clear: conversations, receipts, recordings, and who looked. What the person is known by stands in a file, so that it is in no list of processes.',
    roles: PRIVACY,
    options: {
      ...reason,
      kind: z.string().min(1),
      valueFile: z.string().min(1),
      out: z.string().min(1),
    },
    declare: subjectOptions,
    examples: [
      'sotto records subject --kind customer --value-file number.txt --as ada --reason "access request 7" --out for-them',
    ],
    work: async ({ site, member, options, print }) => {
      const { exportSubject } = await import('../../records/index.ts');
      const reference = { kind: options.kind, value: await valueIn(options.valueFile) };
      const reader = { memberId: member.id, reason: options.reason };
      const request = { reference, reader, out: options.out };
      const { subjectId, conversations } = exportSubject(
        site.vault,
        site.audit,
        { clock: systemClock },
        request,
      );
      const told = { folder: options.out, subjectId, conversations: conversations.length };
      await print(told, [`${options.out}: ${conversations.length} conversations; open index.html`]);
    },
  });
}

function subjectOptions(command: Commands['program']): Commands['program'] {
  return command
    .requiredOption('--kind <name>', 'what the person is known by, as the desk names it: customer')
    .requiredOption('--value-file <file>', 'a file with the number or name in its first line')
    .requiredOption('--reason <text>', 'why; it is kept')
    .requiredOption('--out <dir>', 'the folder to make');
}

/** The first line of a file. @throws SottoError `cli/no-value`. */
export async function valueIn(file: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  const text = await readFile(file, 'utf8').catch(() => '');
  const line = text.split(/\r?\n/)[0]?.trim() ?? '';
  if (line !== '' && line.length <= LONGEST_VALUE) return line;
  throw new SottoError('cli/no-value', 'The file holds nothing that a person could be known by.', {
    remedy: 'Put the number or name into its first line.',
  });
}

function inALine({ id, startedAt, deskId, turns, endReason }: ConversationRecord): string {
  return `${id}  ${time(startedAt)}  ${deskId}  ${turns} turns  ${endReason ?? 'open'}`;
}

function time(at: number): string {
  return new Date(at).toISOString();
}
