import { z } from 'zod';
import { SottoError, systemClock } from '../../base/index.ts';
import { action, type Commands } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { credentialOption, more } from '../help.ts';
import { siteOptions } from '../site-options.ts';
import { textOf } from '../text-file.ts';

const options = siteOptions.extend({
  host: z.string().optional(),
  port: z.coerce.number().int().optional(),
  ca: z.string().optional(),
  format: z.enum(['ocsf', 'cef']).optional(),
  certificate: z.string().optional(),
  key: z.string().optional(),
  off: z.boolean().default(false),
});

/** `sotto audit collector`: where the log is streamed to. */
export function addAuditCollector(commands: Commands): void {
  commands.program
    .command('collector')
    .summary('name the syslog collector that receives every entry')
    .description(
      'Names the collector of the site (syslog over TLS, RFC 5425) that receives every entry of the log, from the first on; or none; or tells which is named. Takes effect when Sotto starts.',
    )
    .option('--host <host>', 'its name, as in its certificate')
    .option('--port <port>', 'its port (else 6514)')
    .option('--ca <file>', 'the authority of its certificate, PEM')
    .option('--format <format>', 'ocsf (entries as they are hashed) or cef (else ocsf)')
    .option('--certificate <file>', 'this appliance’s own certificate, PEM, where it asks for one')
    .option('--key <file>', 'the key of that certificate, PEM')
    .option('--off', 'name none from now on')
    .addOption(credentialOption())
    .option('--json', 'print one JSON object: collector, waiting')
    .addHelpText(
      'after',
      more(['sotto audit collector --host siem.bank.example --ca site-ca.pem', 'sotto audit collector'], {
        0: 'done',
        3: 'there is no vault, it is in use, or its key cannot be had',
      }),
    )
    .action(
      action(commands, options, async (terminal, _, given) => {
        const [{ dataPaths, openSite }, { collectorStatus, parseCollector, setCollector }] =
          await Promise.all([import('../open-vault.ts'), import('../../audit/index.ts')]);
        const collector = given.host === undefined ? null : parseCollector(await described(given));
        const { vault, audit } = await openSite(terminal, dataPaths(given.data), given.credential);
        if (collector !== null || given.off) {
          const detail = { setting: 'audit.collector', on: collector !== null };
          audit.record({ action: 'configuration.change', actor: 'system', outcome: 'success', detail }, () =>
            setCollector(vault, collector, systemClock),
          );
        }
        const status = collectorStatus(vault);
        if (given.json) await terminal.print(JSON.stringify(status));
        else if (status.collector === null) await terminal.print('No collector is named.');
        else {
          const { host, port, format } = status.collector;
          await terminal.print(`${host}:${port} (${format}); ${status.waiting} entries wait`);
        }
        return EXIT.ok;
      }),
    );
}

async function described({ host, port, ca, format, certificate, key }: z.output<typeof options>) {
  if (ca === undefined)
    throw new SottoError('cli/usage', 'Which authority signs the certificate of the collector?', {
      remedy: 'Name its certificate with --ca FILE (PEM).',
    });
  const identity =
    certificate === undefined || key === undefined
      ? {}
      : { identity: { certificate: await textOf(certificate), key: await textOf(key) } };
  return { host, port, ca: await textOf(ca), format, ...identity };
}
