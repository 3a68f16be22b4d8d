import { z } from 'zod';
import { SottoError, systemClock } from '../../base/index.ts';
import type { LimitRule, SoundPolicy } from '../../guard/index.ts';
import type { Role } from '../../identity/index.ts';
import type { Commands } from '../command.ts';
import { readJsonFile } from '../json-file.ts';
import { addSiteCommand } from '../site-command.ts';

const LOOK: readonly Role[] = ['supervisor', 'admin', 'privacy', 'auditor'];
const CHANGE: readonly Role[] = ['admin'];
const ALONE = 'Sotto must not be running; while it runs, the window does the same.';
/** What is given to a command that sets something: a file of it, or the word to go back to what Sotto comes with. */
const given = { file: z.string().min(1).optional(), usual: z.boolean().default(false) };

/** `sotto guard limits | set-limits | policy | set-policy`: what a site is watched by. */
export function addGuardSite(guard: Commands['program'], commands: Commands): void {
  const here = { ...commands, program: guard };
  addLimits(here);
  addPolicy(here);
}

function addLimits(commands: Commands): void {
  addSiteCommand(commands, {
    name: 'limits',
    summary: 'the rules that the site is watched by',
    description: `Shows the rules in force: what each watches for, and what it does. ${ALONE}`,
    roles: LOOK,
    examples: ['sotto guard limits --as ada', 'sotto guard limits --as ada --json > limits.json'],
    work: async ({ site, print }) => {
      const { readLimits } = await import('../../guard/index.ts');
      const rules = readLimits(site.vault);
      await print({ rules }, rules.map(ruleLine));
    },
  });
  addSiteCommand(commands, {
    name: 'set-limits',
    summary: 'set the rules from a JSON file, or go back to the usual ones',
    description:
      'Sets the rules that the site is watched by, all of them: a JSON file as `sotto guard limits --json` prints it. ' +
      `What changed is in the log. ${ALONE}`,
    roles: CHANGE,
    options: given,
    declare: (command) =>
      command
        .option('--file <file.json>', 'the rules')
        .option('--usual', 'go back to the rules that Sotto comes with'),
    examples: [
      'sotto guard set-limits --file limits.json --as ada',
      'sotto guard set-limits --usual --as ada',
    ],
    work: async ({ site: { vault, audit }, member, options, print }) => {
      const { writeLimits } = await import('../../guard/index.ts');
      const file = await chosen(
        options,
        z.object({ rules: z.unknown() }),
        'Write it as sotto guard limits --json does.',
      );
      const change = { rules: file?.rules ?? null, actor: member.id, clock: systemClock };
      const rules = writeLimits(vault, audit, change);
      await print({ rules }, rules.map(ruleLine));
    },
  });
}

function addPolicy(commands: Commands): void {
  addSiteCommand(commands, {
    name: 'policy',
    summary: 'what is done about what the screen of sound finds',
    description: `Shows the policy of sound: for each kind of finding, from which score on what is done. ${ALONE}`,
    roles: LOOK,
    examples: ['sotto guard policy --as ada', 'sotto guard policy --as ada --json > policy.json'],
    work: async ({ site, print }) => {
      const { readSoundPolicy } = await import('../../guard/index.ts');
      const policy = readSoundPolicy(site.vault);
      await print({ policy }, policyLines(policy));
    },
  });
  addSiteCommand(commands, {
    name: 'set-policy',
    summary: 'set the policy of sound from a JSON file, or go back to the usual one',
    description:
      'Sets the policy of sound: a JSON file as `sotto guard policy --json` prints it; of each kind a list of ' +
      `{from, act}, act one of ignore, flag, challenge, refuse. ${ALONE}`,
    roles: CHANGE,
    options: given,
    declare: (command) =>
      command
        .option('--file <file.json>', 'the policy')
        .option('--usual', 'go back to the policy that Sotto comes with'),
    examples: [
      'sotto guard set-policy --file policy.json --as ada',
      'sotto guard set-policy --usual --as ada',
    ],
    work: async ({ site: { vault, audit }, member, options, print }) => {
      const { writeSoundPolicy } = await import('../../guard/index.ts');
      const file = await chosen(
        options,
        z.object({ policy: z.unknown() }),
        'Write it as sotto guard policy --json does.',
      );
      const change = { policy: file?.policy ?? null, actor: member.id, clock: systemClock };
      const policy = writeSoundPolicy(vault, audit, change);
      await print({ policy }, policyLines(policy));
    },
  });
}

/** What the file holds; null for `--usual`. @throws SottoError `cli/usage` */
async function chosen<T>(
  { file, usual }: z.output<z.ZodObject<typeof given>>,
  schema: z.ZodType<T>,
  remedy: string,
): Promise<T | null> {
  if ((file === undefined) !== usual)
    throw new SottoError('cli/usage', 'What is to be set: what a file holds, or the usual?', {
      remedy: 'Give one of --file FILE, --usual.',
    });
  if (file === undefined) return null;
  const parsed = schema.safeParse(await readJsonFile(file, remedy));
  if (parsed.success) return parsed.data;
  throw new SottoError('cli/usage', 'The file does not hold what it should.', { remedy });
}

function ruleLine({ id, enabled, watch: { kind, ...what }, does }: LimitRule): string {
  const values = Object.entries(what).map(([name, value]) => `${name} ${String(value)}`);
  return `${id}: ${enabled ? '' : 'off; '}${kind} (${values.join(', ')}) -> ${does.join(', ')}`;
}

function policyLines(policy: SoundPolicy): readonly string[] {
  return Object.entries(policy).map(
    ([kind, rules]) =>
      `${kind}: ${rules?.map(({ from, act }) => `${act} from ${from}`).join(', ') || 'ignore'}`,
  );
}
