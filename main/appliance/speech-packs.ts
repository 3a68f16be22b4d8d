import { codeOf, type Log, logId } from '../base/index.ts';
import type { CheckedPack, Models } from '../models/index.ts';
import { type SpeechPacks, type SupervisedSpeech, startSpeech } from '../speech/index.ts';

/** The kinds of packs that speech is made with. */
export const SPEECH_KINDS = ['recogniser', 'synthesiser', 'denoiser', 'speakerEmbedding'] as const;

export interface SpeechPackParts {
  readonly log: Log;
  /** The engines that are always there. */
  readonly speech: SupervisedSpeech;
  readonly models: Models;
}

/**
 * The engines that conversations are held with: those that are always there, or, where the site has chosen packs, engines
 * with these, which the caller closes. A pack that is damaged, missing or does not load is told and gone without.
 */
export async function speechWithPacks(parts: SpeechPackParts): Promise<SupervisedSpeech> {
  const packs = await chosenPacks(parts);
  if (Object.keys(packs).length === 0) return parts.speech;
  try {
    return await startSpeech({ log: parts.log, packs });
  } catch (error) {
    parts.log.warn('models.enginesNotStarted', { code: logId(codeOf(error)) });
    return parts.speech;
  }
}

async function chosenPacks({ log, models }: SpeechPackParts): Promise<SpeechPacks> {
  const chosen = models.chosen();
  const packs: Partial<Record<(typeof SPEECH_KINDS)[number], CheckedPack>> = {};
  for (const kind of SPEECH_KINDS) {
    const id = chosen[kind];
    if (id === undefined) continue;
    try {
      packs[kind] = await models.open(id);
    } catch (error) {
      log.warn('models.notOpened', { code: logId(codeOf(error)), kind: logId(kind) });
    }
  }
  return packs;
}
