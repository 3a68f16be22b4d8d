import { Option } from 'commander';
import { z } from 'zod';
import { SottoError } from '../../base/index.ts';
import type { MemberState, Role } from '../../identity/index.ts';
import { action, type Commands } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { credentialOption, more } from '../help.ts';
import { siteOptions } from '../site-options.ts';
import type { Terminal } from '../terminal.ts';

const options = siteOptions.extend({
  role: z.array(z.enum(['staff', 'supervisor', 'admin', 'auditor', 'privacy'])).default([]),
  displayName: z.string().optional(),
  reason: z.string().max(200).default('by the operator'),
});
type MemberOptions = z.output<typeof options>;

/** What every `sotto member …` works with. */
interface Room {
  readonly members: import('../../identity/index.ts').Members;
  readonly identity: import('../../identity/index.ts').Identity;
}
type Work = (room: Room, name: string, given: MemberOptions, terminal: Terminal) => Promise<string> | string;

const CODES = { 0: 'done', 1: 'refused', 3: 'the vault is in use, or its key cannot be had' };

/** `sotto member …`: the people who sign in, as the operator of the machine administers them. */
export function addMember(commands: Commands): void {
  const program = commands.program
    .command('member')
    .summary('the people who sign in: add, roles, lock, reset, remove, review')
    .description(
      'Administers the members as the operator of the machine, whom the log calls `system`. Opens the vault: Sotto ' +
        'must not be running. While it runs, administrators do the same in the window.',
    );
  const member = { ...commands, program };
  addList(member);
  addReview(member);
  addOne(member, 'add', 'add a member; the passphrase must be changed at the first sign-in', added);
  addOne(member, 'roles', 'give a member exactly these roles', withRoles);
  addOne(
    member,
    'lock',
    'lock a member: signed out everywhere, and refused',
    ({ members }, name, { reason }) => {
      members.lock(idOf(members.roster(), name), 'system', reason);
      return 'Locked.';
    },
  );
  addOne(member, 'unlock', 'let a locked member sign in again', ({ members }, name) => {
    members.unlock(idOf(members.roster(), name), 'system');
    return 'Unlocked.';
  });
  addOne(member, 'remove', 'remove a member for good', ({ members }, name) => {
    members.remove(idOf(members.roster(), name), 'system');
    return 'Removed.';
  });
  addOne(member, 'reset', 'set a passphrase that the member must change at once', reset);
  addOne(member, 'remove-codes', 'take one-time codes away (a lost phone)', ({ members }, name) => {
    members.removeCodes(idOf(members.roster(), name), 'system');
    return 'The codes are gone; the member sets up new ones in the window.';
  });
}

function addOne(commands: Commands, verb: string, summary: string, work: Work): void {
  const command = commands.program
    .command(`${verb} <name>`)
    .summary(summary)
    .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`)
    .addOption(credentialOption())
    .option('--json', 'print one JSON object: username, done');
  if (verb === 'add' || verb === 'roles')
    command.addOption(
      new Option('--role <role>', 'a role; give it once for each').argParser<string[]>(
        (role, before = []) => [...before, role],
      ),
    );
  if (verb === 'add') command.option('--display-name <name>', 'as the window shows it');
  if (verb === 'lock') command.option('--reason <words>', 'why; it stands in the log: no personal data');
  const example =
    verb === 'add' || verb === 'roles' ? `sotto member ${verb} ben --role staff` : `sotto member ${verb} ben`;
  command.addHelpText('after', more([example], CODES)).action(
    action(commands, options, async (terminal, [name = ''], given) => {
      const said = await work(await openRoom(terminal, given), name, given, terminal);
      await terminal.print(given.json ? JSON.stringify({ username: name, done: verb }) : said);
      return EXIT.ok;
    }),
  );
}

function addList(commands: Commands): void {
  commands.program
    .command('list')
    .summary('list the members')
    .description('Lists the members with their roles and whether they are locked.')
    .addOption(credentialOption())
    .option('--json', 'print one JSON object a member')
    .addHelpText('after', more(['sotto member list'], CODES))
    .action(
      action(commands, options, async (terminal, _, given) => {
        const { members } = await openRoom(terminal, given);
        for (const one of members.roster())
          await terminal.print(given.json ? JSON.stringify(one) : lineOf(one));
        return EXIT.ok;
      }),
    );
}

function addReview(commands: Commands): void {
  commands.program
    .command('review')
    .summary('what to look at when access is reviewed')
    .description('Lists every member with what is remarkable, the most remarkable first. Changes nothing.')
    .addOption(credentialOption())
    .option('--json', 'print one JSON object a member: … remarks')
    .addHelpText('after', more(['sotto member review --json'], CODES))
    .action(
      action(commands, options, async (terminal, _, given) => {
        const { members } = await openRoom(terminal, given);
        for (const one of members.review())
          await terminal.print(
            given.json
              ? JSON.stringify(one)
              : `${lineOf(one)}  ${one.remarks.join(', ') || 'nothing remarkable'}`,
          );
        return EXIT.ok;
      }),
    );
}

async function added(
  { identity, members }: Room,
  username: string,
  { role, displayName }: MemberOptions,
  terminal: Terminal,
): Promise<string> {
  const passphrase = await passphraseFor(terminal, username);
  const member = await identity.createMember(
    { username, displayName: displayName ?? username, passphrase, roles: role },
    'system',
  );
  // Whoever adds a member knows the passphrase: the member chooses another one.
  await members.resetPassphrase(member.id, passphrase, 'system');
  return `Added ${username}.`;
}

function withRoles({ members }: Room, name: string, { role }: MemberOptions): string {
  const roles: readonly Role[] = role;
  members.setRoles(idOf(members.roster(), name), roles, 'system');
  return `${name} is now: ${roles.join(', ')}.`;
}

async function reset({ members }: Room, name: string, _: MemberOptions, terminal: Terminal): Promise<string> {
  const id = idOf(members.roster(), name);
  await members.resetPassphrase(id, await passphraseFor(terminal, name), 'system');
  return 'Set. The member must choose another one at the next sign-in.';
}

async function passphraseFor(terminal: Terminal, name: string): Promise<string> {
  const { findPassphrase } = await import('../passphrase.ts');
  return await findPassphrase(terminal, { variable: 'SOTTO_MEMBER_PASSPHRASE_FILE', of: `for ${name}` });
}

async function openRoom(terminal: Terminal, { data, credential }: MemberOptions): Promise<Room> {
  const [{ dataPaths, openSite }, { openIdentity, openMembers }, { systemClock }] = await Promise.all([
    import('../open-vault.ts'),
    import('../../identity/index.ts'),
    import('../../base/index.ts'),
  ]);
  const { vault, audit } = await openSite(terminal, dataPaths(data), credential);
  const ports = { clock: systemClock };
  return { members: openMembers(vault, audit, ports), identity: openIdentity(vault, audit, ports) };
}

function idOf(roster: readonly MemberState[], name: string): string {
  const found = roster.find(({ username, id }) => username === name || id === name);
  if (found) return found.id;
  throw new SottoError('identity/no-such-member', 'There is no such member.', {
    remedy: 'List the members: sotto member list',
  });
}

function lineOf({ username, roles, locked, codesSince }: MemberState): string {
  const state = [locked ? `locked: ${locked.reason}` : '', codesSince === null ? 'no codes' : 'codes']
    .filter(Boolean)
    .join('; ');
  return `${username.padEnd(20)}${roles.join(',').padEnd(24)}${state}`;
}
