import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { SottoError, systemClock } from '../../base/index.ts';
import type { Role } from '../../identity/index.ts';
import type {
  ErasureRequest,
  LegalHold,
  Retention,
  RetentionRule,
  SubjectReview,
} from '../../records/index.ts';
import type { Commands } from '../command.ts';
import type { OpenSite } from '../open-vault.ts';
import { addSiteCommand } from '../site-command.ts';
import { valueIn } from './records.ts';

const LOOK: readonly Role[] = ['privacy', 'admin', 'auditor'];
const DECIDE: readonly Role[] = ['privacy', 'admin'];
const ALONE = 'These commands need the vault to themselves: stop Sotto first.';

/** `sotto retention …`, `sotto hold …`, `sotto erasure …`: how long things are kept, and how they go. */
export function addRetention(commands: Commands): void {
  const group = (name: string, summary: string) => ({
    ...commands,
    program: commands.program
      .command(name)
      .summary(summary)
      .description(`${sentence(summary)} ${ALONE}`),
  });
  const retention = group('retention', 'how long things are kept, and what would go now');
  addRules(retention);
  addSweep(retention);
  addHolds(group('hold', 'legal holds, which beat the rules'));
  const erasure = group('erasure', 'forget a person: find, request, and confirm by somebody else');
  addFind(erasure);
  addDecide(erasure);
}

async function retentionOf({ vault, audit }: OpenSite): Promise<Retention> {
  const { openRetention } = await import('../../records/index.ts');
  return openRetention(vault, audit, { clock: systemClock });
}

function addRules(commands: Commands): void {
  addSiteCommand(commands, {
    name: 'show',
    summary: 'the rules in force',
    description: 'Shows how many days each class of data is kept, and for what.',
    roles: LOOK,
    examples: ['sotto retention show --as ada'],
    work: async ({ site, print }) => {
      const rules = (await retentionOf(site)).rules();
      await print({ rules }, rules.map(ruleLine));
    },
  });
  addSiteCommand(commands, {
    name: 'set',
    summary: 'set the rules from a JSON file',
    description:
      'Sets the rules: a JSON list of {dataClass, purpose, keepDays}. Of several for one class the shortest wins.',
    roles: DECIDE,
    options: { file: z.string().min(1) },
    declare: (command) => command.requiredOption('--file <file.json>', 'the rules'),
    examples: ['sotto retention set --file rules.json --as ada'],
    work: async ({ site, member, options, print }) => {
      const { retentionRulesSchema } = await import('../../records/index.ts');
      const text = await readFile(options.file, 'utf8').catch(() => '');
      const parsed = retentionRulesSchema.safeParse(jsonOf(text));
      if (!parsed.success)
        throw new SottoError('retention/bad-rules', 'The file does not hold rules.', {
          remedy:
            'Write a JSON list of objects with dataClass, purpose and keepDays; see sotto retention show --json.',
        });
      (await retentionOf(site)).setRules(parsed.data, member.id);
      await print({ rules: parsed.data }, parsed.data.map(ruleLine));
    },
  });
}

function addSweep(commands: Commands): void {
  addSiteCommand(commands, {
    name: 'preview',
    summary: 'what a sweep would let go now, and why',
    description: 'Shows what is beyond its time, by class, and how much of it a hold keeps. Changes nothing.',
    roles: LOOK,
    examples: ['sotto retention preview --as ada'],
    work: async ({ site, print }) => {
      const due = (await retentionOf(site)).preview();
      const lines = due.map(
        ({ dataClass, rule, due: beyond, held }) =>
          `${dataClass}: ${beyond} beyond ${rule.keepDays} days (${rule.purpose}), ${held} of them held`,
      );
      await print({ due }, lines);
    },
  });
  addSiteCommand(commands, {
    name: 'sweep',
    summary: 'let go of what is beyond its time and under no hold',
    description: 'Lets go of what is beyond its time and under no hold: rows, index and keys.',
    roles: DECIDE,
    examples: ['sotto retention sweep --as ada'],
    work: async ({ terminal, site, member, print }) => {
      const gone = await (await retentionOf(site)).sweep(member.id, terminal.signal);
      await print(gone, [
        `gone: ${gone.recordings} recordings, ${gone.transcripts} transcripts, ${gone.conversations} conversations`,
      ]);
    },
  });
}

function addHolds(commands: Commands): void {
  addSiteCommand(commands, {
    name: 'place',
    summary: 'keep what is there, whatever the rules say',
    description: 'Places a hold on everything, a subject or a conversation, for a matter.',
    roles: DECIDE,
    options: {
      matter: z.string().min(1),
      scope: z.enum(['everything', 'subject', 'conversation']),
      id: z.string().min(1).optional(),
    },
    declare: (command) =>
      command
        .requiredOption('--matter <file number>', 'no names: it stands in the log')
        .option('--scope <what>', 'everything, subject or conversation', 'everything')
        .option('--id <id>', 'of the subject or conversation'),
    examples: ['sotto hold place --matter 2026/17 --scope subject --id 0197… --as ada'],
    work: async ({ site, member, options: { scope, id, matter }, print }) => {
      if (scope !== 'everything' && id === undefined)
        throw new SottoError('cli/usage', `Which ${scope} is to be held?`, { remedy: 'Name it with --id.' });
      const targetId = scope === 'everything' ? '*' : (id ?? '');
      const hold = (await retentionOf(site)).holds.place({ scope, targetId, matter }, member.id);
      await print(hold, [holdLine(hold)]);
    },
  });
  addSiteCommand(commands, {
    name: 'lift <id>',
    summary: 'lift a hold',
    description: 'Lifts a hold: the rules are in force again.',
    roles: DECIDE,
    examples: ['sotto hold lift 0197… --as ada'],
    work: async ({ site, member, args: [id = ''], print }) => {
      (await retentionOf(site)).holds.lift(id, member.id);
      await print({ lifted: id }, [`lifted ${id}`]);
    },
  });
  addSiteCommand(commands, {
    name: 'list',
    summary: 'all holds, lifted ones too',
    description: 'Lists all holds, the newest first.',
    roles: LOOK,
    examples: ['sotto hold list --as ada'],
    work: async ({ site, print }) => {
      const holds = (await retentionOf(site)).holds.list();
      await print({ holds }, holds.map(holdLine));
    },
  });
}

function addFind(commands: Commands): void {
  addSiteCommand(commands, {
    name: 'find',
    summary: 'whether somebody is known here, and how much is kept',
    description: 'Finds a person by what the desk knows them by, and counts what is kept about them.',
    roles: DECIDE,
    options: { kind: z.string().min(1), valueFile: z.string().min(1) },
    declare: (command) =>
      command
        .requiredOption('--kind <name>', 'what the person is known by: customer')
        .requiredOption('--value-file <file>', 'a file with it in its first line'),
    examples: ['sotto erasure find --kind customer --value-file number.txt --as ada'],
    work: async ({ site, member, options, print }) => {
      const reference = { kind: options.kind, value: await valueIn(options.valueFile) };
      const review = (await retentionOf(site)).erasure.find(reference, member.id);
      await print({ review }, [review === null ? 'nobody is known by this' : reviewLine(review)]);
    },
  });
  addSiteCommand(commands, {
    name: 'list',
    summary: 'requests for erasure, and what came of them',
    description: 'Lists all requests for erasure, the newest first; with --json their certificates too.',
    roles: LOOK,
    examples: ['sotto erasure list --as ada'],
    work: async ({ site, print }) => {
      const erasures = (await retentionOf(site)).erasure.list();
      await print({ erasures }, erasures.map(erasureLine));
    },
  });
}

function addDecide(commands: Commands): void {
  addSiteCommand(commands, {
    name: 'request <subject>',
    summary: 'ask for an erasure; another member confirms it',
    description: 'Asks for the erasure of a subject (the id that find tells). Another member confirms it.',
    roles: DECIDE,
    examples: ['sotto erasure request 0197… --as ada'],
    work: async ({ site, member, args: [subject = ''], print }) => {
      const made = (await retentionOf(site)).erasure.request(subject, member.id);
      await print(made, [erasureLine(made), 'next: another member runs: sotto erasure confirm']);
    },
  });
  addSiteCommand(commands, {
    name: 'confirm <id>',
    summary: 'carry out what another member asked for',
    description:
      'Carries out an erasure that another member asked for: keys, rows, index. There is no way back.',
    roles: DECIDE,
    examples: ['sotto erasure confirm 0197… --as bob'],
    work: async ({ site, member, args: [id = ''], print }) => {
      const done = (await retentionOf(site)).erasure.confirm(id, member.id);
      await print(done, [
        erasureLine(done),
        done.certificate ?? '',
        'next: renew the keyring beside each disk of backups: sotto vault keyring',
      ]);
    },
  });
  addSiteCommand(commands, {
    name: 'withdraw <id>',
    summary: 'take a request back',
    description: 'Takes a request for an erasure back, before it is confirmed.',
    roles: DECIDE,
    examples: ['sotto erasure withdraw 0197… --as ada'],
    work: async ({ site, member, args: [id = ''], print }) => {
      (await retentionOf(site)).erasure.withdraw(id, member.id);
      await print({ withdrawn: id }, [`withdrawn ${id}`]);
    },
  });
}

function ruleLine({ dataClass, purpose, keepDays }: RetentionRule): string {
  return `${dataClass} (${purpose}): ${keepDays} days`;
}

function holdLine({ id, scope, targetId, matter, liftedAt }: LegalHold): string {
  const on = scope === 'everything' ? scope : `${scope} ${targetId}`;
  return `${id}  ${matter}  ${on}  ${liftedAt === null ? 'in force' : 'lifted'}`;
}

function reviewLine({ subjectId, conversations, turns, recordedSeconds, held }: SubjectReview): string {
  const kept = `${conversations} conversations, ${turns} turns, ${Math.round(recordedSeconds)} s recorded`;
  return `${subjectId}  ${kept}${held ? ', under a legal hold' : ''}`;
}

function erasureLine({ id, subjectId, state }: ErasureRequest): string {
  return `${id}  subject ${subjectId}  ${state}`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
