/** The language model that a site has chosen: kept in the vault, opened when the appliance starts. */
import { z } from 'zod';
import type { AuditLog } from '../../audit/index.ts';
import { type Clock, type Log, SottoError } from '../../base/index.ts';
import type { Models } from '../../models/index.ts';
import { readSetting, type Vault, writeSetting } from '../../vault/index.ts';
import { checkedUrl } from './lan/address.ts';
import { openLanModel } from './lan/lan-model.ts';
import type { LanguageModel } from './language-model.ts';
import { openLlama } from './llama/llama.ts';

const CHOICE = 'model.language';
const SERVERS = 'model.servers';
const MOST_SERVERS = 20;
/** Beside the file itself: the memory of two lanes, and Node. */
const BESIDE_FILE_BYTES = 3 * 2 ** 30;

const choiceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('pack'), id: z.string().min(1).max(200) }),
  z.strictObject({
    kind: z.literal('lan'),
    url: z.string().max(500),
    model: z.string().min(1).max(200),
    /** PEM. */
    ca: z.string().max(100_000).nullable(),
    heldBy: z.enum(['json_schema', 'grammar']),
    key: z.string().max(4096).nullable(),
  }),
]);
export type LanguageModelChoice = z.infer<typeof choiceSchema>;

/** The site's list: exact `host:port`. */
const serversSchema = z
  .array(z.string().regex(/^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\]):\d{1,5}$/))
  .max(MOST_SERVERS);

export interface ModelSitePorts {
  readonly vault: Vault;
  readonly audit: AuditLog;
  readonly clock: Clock;
}

export function languageModelChoice(vault: Vault): LanguageModelChoice {
  return readSetting(vault, CHOICE, choiceSchema) ?? { kind: 'none' };
}

/** Servers on the LAN that a language model may be asked at. */
export function allowedModelServers(vault: Vault): readonly string[] {
  return readSetting(vault, SERVERS, serversSchema) ?? [];
}

/**
 * Chooses, from the next start on. A server must be on the list when it is chosen, and still be when it is opened.
 * @throws SottoError `model/bad-address`, `model/not-allowed`, `model/no-authority`.
 */
export function chooseLanguageModel(
  { vault, audit, clock }: ModelSitePorts,
  choice: LanguageModelChoice,
  actor: string,
): void {
  if (choice.kind === 'lan') checkedUrl(choice.url, allowedModelServers(vault), choice.ca);
  const detail = { setting: CHOICE, choice: choice.kind === 'pack' ? choice.id : choice.kind };
  audit.record({ action: 'model.choose', actor, outcome: 'success', detail }, () =>
    writeSetting(vault, CHOICE, choice, clock),
  );
}

/** @throws SottoError `model/bad-server`. */
export function setAllowedModelServers(
  { vault, audit, clock }: ModelSitePorts,
  servers: readonly string[],
  actor: string,
): void {
  const checked = serversSchema.safeParse([...new Set(servers)].sort());
  if (!checked.success)
    throw new SottoError('model/bad-server', 'A server is named by host and port.', {
      remedy: 'Write it as llm.branch.example:8443, in small letters.',
    });
  const detail = { setting: SERVERS, servers: checked.data.length };
  audit.record({ action: 'configuration.change', actor, outcome: 'success', detail }, () =>
    writeSetting(vault, SERVERS, checked.data, clock),
  );
}

/**
 * Opens the model that the site has chosen; null when it has chosen none, or a pack where no packs are. A pack is checked whole before it is loaded.
 * @throws SottoError `models/…`, `model/…`: the appliance goes on without it.
 */
export async function openChosenModel(
  vault: Vault,
  models: Models | null,
  log: Log,
  signal?: AbortSignal,
): Promise<LanguageModel | null> {
  const choice = languageModelChoice(vault);
  switch (choice.kind) {
    case 'none':
      return null;
    case 'lan': {
      const key = choice.key === null ? null : Buffer.from(choice.key);
      return openLanModel({ ...choice, key, allowed: allowedModelServers(vault) });
    }
    case 'pack': {
      if (!models) return null;
      const { manifest, path } = await models.open(choice.id, signal);
      const { engine } = manifest;
      if (engine.family !== 'gguf')
        throw new SottoError('model/not-a-language-model', 'The chosen pack holds no language model.', {
          remedy: 'Choose one whose engine is gguf: `sotto pack list` tells.',
        });
      const { contextTokens, threads, files } = engine;
      const size = manifest.files.find((file) => file.path === files.model)?.size ?? 0;
      const mostBytes = size + BESIDE_FILE_BYTES;
      return openLlama({ file: path(files.model), contextTokens, threads, log, mostBytes });
    }
  }
}
