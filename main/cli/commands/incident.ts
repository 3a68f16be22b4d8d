import { z } from 'zod';
import type { Incident, Incidents } from '../../guard/index.ts';
import { action, type Commands } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { credentialOption, more } from '../help.ts';
import { readJsonFile } from '../json-file.ts';
import { siteOptions } from '../site-options.ts';
import type { Terminal } from '../terminal.ts';

const options = siteOptions.extend({
  out: z.string().optional(),
  set: z.string().optional(),
  off: z.boolean().default(false),
});
type IncidentOptions = z.output<typeof options>;
const RELAY = 'See docs/incidents.md for what stands in it.';

const CODES = {
  0: 'done',
  1: 'there is no such incident',
  3: 'the vault is in use, or its key cannot be had',
};

/** `sotto incident …`: to read and carry out incidents. They are worked on in the window, by members. */
export function addIncident(commands: Commands): void {
  const program = commands.program
    .command('incident')
    .summary('list, show and export incidents')
    .description(
      'Lists, shows and exports incidents. Opens the vault: Sotto must not be running. Steps are signed in the window.',
    );
  const incident = { ...commands, program };
  add(incident, 'list', 'list the incidents', async (incidents, _, { json }, terminal) => {
    for (const line of incidents.list()) await terminal.print(json ? JSON.stringify(line) : lineOf(line));
    if (incidents.list().length === 0 && !json) await terminal.print('There are no incidents.');
  });
  add(incident, 'show <number>', 'show one with its steps', async (incidents, id, { json }, terminal) => {
    const found = incidents.get(id);
    if (json) await terminal.print(JSON.stringify(found));
    else for (const line of linesOf(found)) await terminal.print(line);
  });
  add(incident, 'export <number>', 'write one to a folder, with the proof of the log', exported);
  addMail(incident);
}

/** `sotto incident mail`: the relay on the LAN that alerts go to. */
function addMail(commands: Commands): void {
  commands.program
    .command('mail')
    .summary('the mail relay on the LAN that alerts go to')
    .description(
      'Names the relay from a JSON file (host, port, security, ca, from, to, login), or none; without options it tells ' +
        'which is named and how many alerts wait. Takes effect when Sotto starts.',
    )
    .option('--set <file>', 'a JSON file that describes the relay; ca is the PEM of its authority')
    .option('--off', 'name none')
    .addOption(credentialOption())
    .option('--json', 'print one JSON object: relay, waiting')
    .addHelpText('after', more(['sotto incident mail --set relay.json', 'sotto incident mail'], CODES))
    .action(
      action(commands, options, async (terminal, _, { data, credential, set, off, json }) => {
        const [{ dataPaths, openSite }, rooms, { systemClock: clock }] = await Promise.all([
          import('../open-vault.ts'),
          import('../../guard/index.ts'),
          import('../../base/index.ts'),
        ]);
        const { vault, audit } = await openSite(terminal, dataPaths(data), credential);
        if (off || set !== undefined) {
          const relay = set === undefined ? null : rooms.parseMailRelay(await readJsonFile(set, RELAY));
          const change = {
            action: 'configuration.change',
            actor: 'system',
            target: 'alerts.mail',
            outcome: 'success',
            detail: relay === null ? { relay: null } : { host: relay.host, port: relay.port },
          } as const;
          audit.record(change, () => {
            // Whoever holds the machine says which hosts it may speak to.
            if (relay !== null)
              rooms.setSiteHosts(vault, [...rooms.siteHosts(vault), `${relay.host}:${relay.port}`], clock);
            rooms.setMailRelay(vault, relay, clock);
          });
        }
        const { relay, waiting } = rooms.mailRelayStatus(vault);
        if (json) await terminal.print(JSON.stringify({ relay, waiting }));
        else
          await terminal.print(
            relay === null ? 'No relay is named.' : `${relay.host}:${relay.port}, ${waiting} alerts wait`,
          );
        return EXIT.ok;
      }),
    );
}

async function exported(
  incidents: Incidents,
  id: string,
  { out, json }: IncidentOptions,
  terminal: Terminal,
): Promise<void> {
  const { folder } = await incidents.export(id, out ?? `incident-${incidents.get(id).number}`, 'system');
  await terminal.print(json ? JSON.stringify({ folder }) : `Written: ${folder}`);
}

type Work = (incidents: Incidents, id: string, given: IncidentOptions, terminal: Terminal) => Promise<void>;

function add(commands: Commands, usage: string, summary: string, work: Work): void {
  const command = commands.program
    .command(usage)
    .summary(summary)
    .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`)
    .addOption(credentialOption())
    .option('--json', 'print JSON');
  if (usage.startsWith('export')) command.option('--out <dir>', 'a folder that does not exist yet');
  const example = `sotto incident ${usage.replace('<number>', '1')}`;
  command.addHelpText('after', more([example], CODES)).action(
    action(commands, options, async (terminal, [number = ''], given) => {
      const incidents = await openIncidents(terminal, given);
      const id = incidents.list().find((one) => String(one.number) === number)?.id ?? number;
      await work(incidents, id, given, terminal);
      return EXIT.ok;
    }),
  );
}

async function openIncidents(terminal: Terminal, { data, credential }: IncidentOptions): Promise<Incidents> {
  const [{ dataPaths, openSite }, rooms, { openMembers }, { systemClock: clock }] = await Promise.all([
    import('../open-vault.ts'),
    import('../../guard/index.ts'),
    import('../../identity/index.ts'),
    import('../../base/index.ts'),
  ]);
  const { vault, audit } = await openSite(terminal, dataPaths(data), credential);
  const members = openMembers(vault, audit, { clock });
  const rolesOf = (memberId: string) => members.rolesOf(memberId);
  const standstill = new rooms.Standstill(vault, audit, {
    clock,
    log: terminal.log,
    requests: null,
    rolesOf,
  });
  terminal.closing.defer(() => standstill.close());
  return new rooms.Incidents({ vault, audit, clock, members, standstill, alert: () => {} });
}

function lineOf({
  number,
  kind,
  severity,
  openedAt,
  closedAt,
  step,
}: Pick<Incident, 'number' | 'kind' | 'severity' | 'openedAt' | 'closedAt' | 'step'>): string {
  const state = closedAt === null ? `next: ${step}` : `closed ${new Date(closedAt).toISOString()}`;
  return `${String(number).padStart(4)}  ${severity.padEnd(7)}${kind.padEnd(26)}${new Date(openedAt).toISOString()}  ${state}`;
}

function linesOf(incident: Incident): readonly string[] {
  const marks = { done: '[x]', notNeeded: '[-]', open: '[ ]' } as const;
  return [
    lineOf(incident),
    incident.summary,
    ...incident.steps.flatMap(({ step, owner, signedBy, checks }) => [
      [
        step,
        ...(owner === null ? [] : [`owner ${owner}`]),
        ...(signedBy === null ? [] : [`signed by ${signedBy}`]),
      ].join('  '),
      ...checks.map(({ text, outcome }) => `  ${marks[outcome ?? 'open']} ${text}`),
    ]),
    `${incident.evidence.length} pieces of evidence`,
  ];
}
