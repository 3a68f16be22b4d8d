/** The language model that a command was told to use: the site's, a GGUF file, or a server on the LAN. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { SottoError } from '../base/index.ts';
import type { LanguageModel } from '../dialogue/index.ts';
import type { Terminal } from './terminal.ts';
import { secretFrom, textOf } from './text-file.ts';

/** As the command line gives it. */
export interface GivenModel {
  /** True: the site's. */
  readonly model: string | true;
  readonly modelName?: string | undefined;
  readonly ca?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly grammar: boolean;
  readonly data?: string | undefined;
  readonly credential?: string | undefined;
}

/**
 * Opens it, for as long as the command runs.
 * @throws SottoError `cli/usage`, `model/none-chosen`, `model/…`, `models/…`, and what opens the vault.
 */
export async function openGivenModel(terminal: Terminal, given: GivenModel): Promise<LanguageModel> {
  const model = await opened(terminal, given);
  terminal.closing.defer(() => model.close());
  return model;
}

async function opened(terminal: Terminal, given: GivenModel): Promise<LanguageModel> {
  if (given.model === true) return await siteModel(terminal, given);
  if (/^https?:\/\//.test(given.model)) return await lanModel(terminal, given.model, given);
  const file = resolve(given.model);
  if (!existsSync(file))
    throw new SottoError('cli/usage', 'There is no model of this name.', {
      remedy: 'Name a GGUF file or an address https://host:port/v1; without a name it is the site’s.',
    });
  const { openLlama } = await import('../dialogue/index.ts');
  return openLlama({ file, log: terminal.log });
}

async function siteModel(terminal: Terminal, { data, credential }: GivenModel): Promise<LanguageModel> {
  const [{ dataPaths, openSite }, { openModels }, { openChosenModel }, { systemClock }] = await Promise.all([
    import('./open-vault.ts'),
    import('../models/index.ts'),
    import('../dialogue/index.ts'),
    import('../base/index.ts'),
  ]);
  const paths = dataPaths(data);
  const { vault, audit } = await openSite(terminal, paths, credential);
  const models = await openModels({ vault, audit, clock: systemClock, paths });
  const model = await openChosenModel(vault, models, terminal.log, terminal.signal);
  if (model) return model;
  throw new SottoError('model/none-chosen', 'This site has chosen no language model.', {
    remedy: 'Choose one with `sotto model`, or name a GGUF file or an address here.',
  });
}

/** Whoever names an address here has it asked: the list of a site is for what its desks may ask by themselves. */
async function lanModel(terminal: Terminal, url: string, given: GivenModel): Promise<LanguageModel> {
  const { modelName, ca, keyFile, grammar } = given;
  if (modelName === undefined)
    throw new SottoError('cli/usage', 'Which model of that server?', {
      remedy: 'Name it with --model-name, as the server does.',
    });
  const { openLanModel } = await import('../dialogue/index.ts');
  const { hostname, port, protocol } = new URL(url);
  return openLanModel({
    url,
    model: modelName,
    allowed: [`${hostname}:${port || (protocol === 'http:' ? '80' : '443')}`],
    ca: ca === undefined ? null : await textOf(ca),
    key: keyFile === undefined ? null : Buffer.from(await secretFrom(terminal, keyFile)),
    heldBy: grammar ? 'grammar' : 'json_schema',
  });
}
