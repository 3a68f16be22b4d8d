import type { DoctorParts, SiteParts } from '../../appliance.ts';
import type { Paths } from '../../base/index.ts';
import { systemClock } from '../../base/index.ts';
import { action, type Commands } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { credentialOption, more } from '../help.ts';
import { siteOptions } from '../site-options.ts';
import type { Terminal } from '../terminal.ts';

const MARKS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

/** `sotto doctor`: what works on this machine and what does not. */
export function addDoctor(commands: Commands): void {
  commands.program
    .command('doctor')
    .summary('tell what works on this machine and what does not')
    .description(
      'Looks at everything that Sotto needs on this machine, with a remedy for what does not work. Where the vault opens ' +
        'without a question (keychain, credential, a file with the passphrase) and Sotto is stopped, at the site too: ' +
        'model packs and language model, tool servers on the LAN, collector, backups, retention.',
    )
    .addOption(credentialOption())
    .option('--json', 'print one JSON object: ok, checks (id, name, state, message, remedy)')
    .addHelpText(
      'after',
      more(['sotto doctor', 'sotto doctor --json'], {
        0: 'nothing failed (there may be warnings)',
        1: 'at least one check failed',
      }),
    )
    .action(
      action(commands, siteOptions, async (terminal, _, { data, json, credential }) => {
        const [{ examine }, { osKeychain, vaultState }, { dataPaths }] = await Promise.all([
          import('../../appliance.ts'),
          import('../../vault/index.ts'),
          import('../open-vault.ts'),
        ]);
        const paths = dataPaths(data);
        const machine = { paths, keychain: osKeychain(), clock: systemClock };
        const site = vaultState(paths) === 'absent' ? null : await siteOf(terminal, paths, credential);
        const checks = await examine(site === null ? machine : { ...machine, site });
        const ok = checks.every(({ state }) => state !== 'fail');
        if (json) await terminal.print(JSON.stringify({ ok, checks }));
        else
          for (const { name, state, message, remedy } of checks) {
            await terminal.print(`${MARKS[state]}  ${name}: ${message}`);
            if (remedy !== null) await terminal.print(`      next: ${remedy}`);
          }
        return ok ? EXIT.ok : EXIT.failed;
      }),
    );
}

/** The site as far as it opens without a question. */
async function siteOf(
  terminal: Terminal,
  paths: Paths,
  credential: string | undefined,
): Promise<NonNullable<DoctorParts['site']>> {
  const [{ openSiteUnasked }, { openModels }, { openRetention }] = await Promise.all([
    import('../open-vault.ts'),
    import('../../models/index.ts'),
    import('../../records/index.ts'),
  ]);
  try {
    const { vault, audit } = await openSiteUnasked(terminal, paths, credential);
    const clock = systemClock;
    return {
      vault,
      models: await openModels({ vault, audit, clock, paths }),
      retention: openRetention(vault, audit, { clock }),
      toolServers: () => lanServersOf(vault, paths, terminal),
      clock,
      log: terminal.log,
      load: true,
    };
  } catch (unseen) {
    return { unseen };
  }
}

/** Of the site's desk. Its servers on this machine are not started for a look. */
async function lanServersOf(
  vault: SiteParts['vault'],
  paths: Paths,
  { log }: Terminal,
): ReturnType<SiteParts['toolServers']> {
  const [{ siteDeskFolder }, { loadDeskPack }, { lanPort, tryLanServers }] = await Promise.all([
    import('../../appliance.ts'),
    import('../../dialogue/index.ts'),
    import('../../tools/index.ts'),
  ]);
  const pack = await loadDeskPack(await siteDeskFolder(vault, paths));
  const desk = { ...pack, id: pack.desk.id };
  const trials = await tryLanServers({ desk, lan: lanPort(vault), clock: systemClock, log });
  return trials.map(({ server, ok, message, remedy }) => ({
    ...{ server, ok, message },
    ...(remedy === null ? {} : { remedy }),
  }));
}
