import { codeOf, type Log, logId } from '../base/index.ts';
import { openSyntheticVoiceModel, type SyntheticVoices } from '../guard/index.ts';
import { Resampler } from '../media/index.ts';
import type { Models } from '../models/index.ts';

/**
 * What tells synthetic voices, where the site has chosen a pack for it; the caller closes its model. A pack that is damaged,
 * missing or does not load is told and gone without.
 */
export async function syntheticVoices(parts: {
  readonly models: Models;
  readonly log: Log;
}): Promise<SyntheticVoices | null> {
  const { models, log } = parts;
  const id = models.chosen().antispoof;
  if (id === undefined) return null;
  try {
    const model = await openSyntheticVoiceModel(await models.open(id), log);
    return { model, resampler: (fromRate, toRate) => new Resampler(fromRate, toRate) };
  } catch (error) {
    log.warn('models.notOpened', { code: logId(codeOf(error)), kind: logId('antispoof') });
    return null;
  }
}
