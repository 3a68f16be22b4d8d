import { type Command, Option } from 'commander';
import { z } from 'zod';
import type { Member, Role } from '../identity/index.ts';
import { action, type Commands } from './command.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { credentialOption, more } from './help.ts';
import type { OpenSite } from './open-vault.ts';
import { CANNOT_OPEN, siteOptions } from './site-options.ts';
import type { Terminal } from './terminal.ts';

const common = siteOptions.extend({ as: z.string().min(1) });

/** What a command on an open site works with. */
export interface AtSite<Options> {
  readonly terminal: Terminal;
  readonly site: OpenSite;
  readonly member: Member;
  readonly args: readonly string[];
  readonly options: Options & z.output<typeof common>;
  /** Prints the value as one JSON object with `--json`, else the lines. */
  print(value: unknown, lines: readonly string[]): Promise<void>;
}

export interface SiteCommand<Shape extends z.ZodRawShape> {
  /** `show <id>`. */
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  /** Who may: one of these roles. */
  readonly roles: readonly Role[];
  readonly options?: Shape;
  readonly declare?: (command: Command) => Command;
  readonly examples: readonly string[];
  readonly work: (at: AtSite<z.output<z.ZodObject<Shape>>>) => Promise<void> | void;
}

/** Adds a command that opens the site's vault for a member who signs in. */
export function addSiteCommand<Shape extends z.ZodRawShape>(
  commands: Commands,
  { name, summary, description, roles, options, declare, examples, work }: SiteCommand<Shape>,
): void {
  const schema = z.object({ ...common.shape, ...(options ?? ({} as Shape)) });
  const command = commands.program
    .command(name)
    .summary(summary)
    .description(`${description} For members with one of the roles ${roles.join(', ')}.`)
    .addOption(
      new Option('--as <member>', 'the member who does it; asks for the passphrase').makeOptionMandatory(),
    )
    .addOption(credentialOption())
    .option('--json', 'print one JSON object')
    .addHelpText('after', more(examples, { 0: 'done', 1: 'refused, or not found', 3: CANNOT_OPEN }));
  (declare?.(command) ?? command).action(
    action(commands, schema, async (terminal, args, parsed): Promise<ExitCode> => {
      const [{ dataPaths, openSite }, { asMember }] = await Promise.all([
        import('./open-vault.ts'),
        import('./as-member.ts'),
      ]);
      const all = parsed as AtSite<z.output<z.ZodObject<Shape>>>['options'];
      const site = await openSite(terminal, dataPaths(all.data), all.credential);
      const member = await asMember(terminal, site, all.as, roles);
      await work({
        terminal,
        site,
        member,
        args,
        options: all,
        print: async (value, lines) => {
          if (all.json) return await terminal.print(JSON.stringify(value));
          for (const line of lines) await terminal.print(line);
        },
      });
      return EXIT.ok;
    }),
  );
}
