import { Option } from 'commander';
import { z } from 'zod';
import { action, type Commands } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { credentialOption, more } from '../help.ts';
import type { Terminal } from '../terminal.ts';

const options = z.object({
  headless: z.boolean().default(false),
  port: z.coerce.number().int().min(0).max(65_535).optional(),
  host: z.string().optional(),
  trustedProxy: z.array(z.union([z.ipv4(), z.ipv6()])).default([]),
  desk: z.string().optional(),
  credential: z.string().optional(),
  open: z.boolean().default(true),
  json: z.boolean().default(false),
  data: z.string().optional(),
});
type StartOptions = z.output<typeof options>;

/** Until somebody stops it: this is its ordinary end. */
const UNTIL_STOPPED = { stopped: EXIT.ok };

/** `sotto start`: the appliance with its window, or headless. */
export function addStart(commands: Commands): void {
  commands.program
    .command('start')
    .summary('start the appliance and open its window')
    .description(
      'Starts the appliance and opens its window; where no window can be opened it says why, and serves the same pages over HTTPS.',
    )
    .option('--headless', 'serve over HTTPS, and open no window')
    .option('--port <n>', 'the HTTPS port (7443); 0 takes any free one')
    .option('--host <address>', 'an address of this machine to serve on, for other machines (127.0.0.1)')
    .addOption(
      new Option(
        '--trusted-proxy <address>',
        'believe what this proxy says of who is behind it (X-Forwarded-For); give it again for another',
      ).argParser<string[]>((address, before = []) => [...before, address]),
    )
    .option('--desk <dir>', 'use this desk pack instead of the one chosen at set-up')
    .addOption(credentialOption())
    .option('--no-open', 'open no browser')
    .option('--json', 'print the address as one JSON object: url, fingerprint, authorityFile')
    .addHelpText(
      'after',
      more(
        [
          'sotto start',
          'sotto start --headless --port 8443',
          'sotto start --host 192.168.7.20 --data /var/lib/sotto',
        ],
        {
          0: 'it was stopped (Ctrl+C, SIGTERM), or its window was closed',
          1: 'it could not start',
          3: 'the port is taken, or the vault is in use or its key cannot be had',
        },
      ),
    )
    .action(
      action(
        commands,
        options,
        async (terminal, _, chosen) => {
          const { findWindow } = await import('../hosting/electron.ts');
          const window = chosen.headless || chosen.host !== undefined ? null : findWindow(process.env);
          if (window === null) return await serve(terminal, chosen);
          if ('binary' in window) return await inWindow(terminal, window, chosen);
          terminal.tell(`sotto: no window of its own, because ${window.missing}; serving headless`);
          return await serve(terminal, chosen);
        },
        UNTIL_STOPPED,
      ),
    );
}

/** `sotto appliance`: the child that the desktop shell starts; not for people. */
export function addAppliance(commands: Commands): void {
  commands.program
    .command('appliance', { hidden: true })
    .addOption(new Option('--desk <dir>').env('SOTTO_DESK'))
    .addOption(credentialOption())
    .action(
      action(
        commands,
        options,
        async (terminal, _, { desk, credential, data }) => {
          const [{ readHandover, servePipe, shellGone }, { runAppliance }, { dataPaths }, { stderrLog }] =
            await Promise.all([
              import('../../api/index.ts'),
              import('../hosting/appliance.ts'),
              import('../open-vault.ts'),
              import('../../base/index.ts'),
            ]);
          const handover = await readHandover(terminal.input);
          const gone = shellGone(terminal.input);
          const services = await runAppliance(terminal, {
            paths: dataPaths(data),
            host: 'electron',
            desk,
            credential,
            mediaAddress: undefined,
            log: stderrLog,
          });
          const served = await servePipe({ services, ...handover, log: stderrLog });
          terminal.closing.defer(() => served.close());
          await gone;
          return EXIT.ok;
        },
        UNTIL_STOPPED,
      ),
    );
}

async function inWindow(
  terminal: Terminal,
  window: { readonly binary: string; readonly entry: string },
  { data, desk, credential }: StartOptions,
): Promise<ExitCode> {
  const [{ openWindow }, { deskFolder }, { dataPaths }, { resolve }] = await Promise.all([
    import('../hosting/window.ts'),
    import('../desk-folder.ts'),
    import('../open-vault.ts'),
    import('node:path'),
  ]);
  const well = await openWindow(terminal, window, {
    SOTTO_HOME: dataPaths(data).data,
    ...(desk === undefined ? {} : { SOTTO_DESK: deskFolder(desk) }),
    ...(credential === undefined ? {} : { SOTTO_CREDENTIAL_FILE: resolve(credential) }),
  });
  return well ? EXIT.ok : EXIT.failed;
}

async function serve(terminal: Terminal, chosen: StartOptions): Promise<ExitCode> {
  const [
    { startHeadless },
    { runAppliance },
    { openBrowser },
    { dataPaths },
    { installRoot, stderrLog },
    { join },
  ] = await Promise.all([
    import('../../headless/index.ts'),
    import('../hosting/appliance.ts'),
    import('../hosting/window.ts'),
    import('../open-vault.ts'),
    import('../../base/index.ts'),
    import('node:path'),
  ]);
  const { port, host, desk, credential, data, json, open, trustedProxy: trustedProxies } = chosen;
  const paths = dataPaths(data);
  const services = await runAppliance(terminal, {
    paths,
    host: 'headless',
    desk,
    credential,
    mediaAddress: host,
    log: stderrLog,
  });
  const headless = await startHeadless({
    services,
    certificates: paths.certificates,
    rendererFolder: join(installRoot, 'dist', 'renderer'),
    log: stderrLog,
    trustedProxies,
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
  });
  terminal.closing.defer(() => headless.close());
  const { url, fingerprint, authorityFile } = headless;
  if (json) await terminal.print(JSON.stringify({ url, fingerprint, authorityFile }));
  else {
    await terminal.print(`Sotto is at ${url}`);
    await terminal.print(`Its authority: ${authorityFile}`);
    await terminal.print(`  SHA-256 ${fingerprint}`);
    await terminal.print(
      `To talk from this terminal: bin/sotto talk --desk ${desk ?? 'bank-branch'} (add --typed to type)`,
    );
    await terminal.print('Ctrl+C stops it.');
  }
  if (open && !chosen.headless) openBrowser(url, process.env);
  return await new Promise<never>(() => {});
}
