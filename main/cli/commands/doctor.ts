import { z } from 'zod';
import { action, type Commands } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { more } from '../help.ts';

const options = z.object({ json: z.boolean().default(false), data: z.string().optional() });
const MARKS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

/** `sotto doctor`: what works on this machine and what does not. */
export function addDoctor(commands: Commands): void {
  commands.program
    .command('doctor')
    .summary('tell what works on this machine and what does not')
    .description(
      'Looks at everything that Sotto needs on this machine, with a remedy for what does not work.',
    )
    .option('--json', 'print one JSON object: ok, checks (id, name, state, message, remedy)')
    .addHelpText(
      'after',
      more(['sotto doctor', 'sotto doctor --json'], {
        0: 'nothing failed (there may be warnings)',
        1: 'at least one check failed',
      }),
    )
    .action(
      action(commands, options, async (terminal, _, { data, json }) => {
        const [{ examine }, { osKeychain }, { systemClock }, { dataPaths }] = await Promise.all([
          import('../../appliance.ts'),
          import('../../vault/index.ts'),
          import('../../base/index.ts'),
          import('../open-vault.ts'),
        ]);
        const checks = await examine({
          paths: dataPaths(data),
          keychain: osKeychain(),
          clock: systemClock,
        });
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
