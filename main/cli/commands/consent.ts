import { z } from 'zod';
import { systemClock } from '../../base/index.ts';
import type { Role } from '../../identity/index.ts';
import type { Commands } from '../command.ts';
import { addSiteCommand } from '../site-command.ts';

const LOOK: readonly Role[] = ['privacy', 'admin', 'auditor'];
const DECIDE: readonly Role[] = ['privacy', 'admin'];

/** `sotto consent …`: which policy holds at this site, and whether sound is recorded at all. */
export function addConsent(commands: Commands): void {
  const program = commands.program
    .command('consent')
    .summary('which policy of consent holds here, and whether sound is recorded')
    .description(
      'Shows and chooses what people are told and asked. These commands need the vault to themselves: stop Sotto first.',
    );
  const consent = { ...commands, program };
  addSiteCommand(consent, {
    name: 'show',
    summary: 'the policy in force, in its words',
    description:
      'Shows the policy in force: what is said and asked, its hash, and whether sound is recorded.',
    roles: LOOK,
    examples: ['sotto consent show --as ada'],
    work: async ({ site, print }) => {
      const { consentPolicies, siteConsent } = await import('../../records/index.ts');
      const { policy, recording } = siteConsent(site.vault);
      await print({ policy, recording, policies: consentPolicies() }, [
        `${policy.id} ${policy.version}: ${policy.title}`,
        `hash ${policy.hash}`,
        `recording: ${recording ? 'on, where the person agrees' : 'off'}`,
        ...policy.notices.map(({ say }) => `says: ${say}`),
        ...policy.asks.map(
          ({ say, when }) => `asks${when === 'recording' ? ' (where sound is recorded)' : ''}: ${say}`,
        ),
        `there are: ${consentPolicies().join(', ')}`,
      ]);
    },
  });
  addSiteCommand(consent, {
    name: 'set',
    summary: 'choose a policy, and whether sound is recorded',
    description:
      'Chooses one of the policies that ship with Sotto, or a file of the site’s own, which is checked.',
    roles: DECIDE,
    options: {
      policy: z.string().min(1).optional(),
      file: z.string().min(1).optional(),
      recording: z.enum(['on', 'off']).optional(),
    },
    declare: (command) =>
      command
        .option('--policy <id>', 'one that ships with Sotto')
        .option('--file <file.yaml>', 'one of your own')
        .option('--recording <on|off>', 'whether sound is recorded where the person agrees'),
    examples: ['sotto consent set --policy eu-gdpr --recording off --as ada'],
    work: async ({ site, member, options, print }) => {
      const { consentSettings, setConsent } = await import('../../records/index.ts');
      const { resolve } = await import('node:path');
      const before = consentSettings(site.vault);
      const chosen = options.file
        ? { file: resolve(options.file) }
        : options.policy
          ? { id: options.policy }
          : before.policy;
      const recording = options.recording === undefined ? before.recording : options.recording === 'on';
      const by = { memberId: member.id, clock: systemClock };
      const { policy } = setConsent(site.vault, site.audit, { policy: chosen, recording }, by);
      const told = { policy: policy.id, version: policy.version, hash: policy.hash, recording };
      await print(told, [`${policy.id} ${policy.version}, recording ${recording ? 'on' : 'off'}`]);
    },
  });
}
