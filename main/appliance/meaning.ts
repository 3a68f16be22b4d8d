import type { AuditLog } from '../audit/index.ts';
import { codeOf, type Log, logId } from '../base/index.ts';
import { openPassageEmbedder, type PackEmbedder } from '../dialogue/index.ts';
import type { Models } from '../models/index.ts';
import { logCrash } from './crashes.ts';

export interface MeaningParts {
  readonly models: Models;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly log: Log;
}

/**
 * The embedding model that the site has chosen, which the caller closes; null without one, and where it is damaged or of
 * an engine that is not there: the pages are then found by their words alone.
 */
export async function chosenEmbedder({ models, audit, log }: MeaningParts): Promise<PackEmbedder | null> {
  const id = models.chosen().textEmbedding;
  if (id === undefined) return null;
  try {
    const embedder = openPassageEmbedder({ pack: await models.open(id), log });
    embedder.onCrash(({ engine }) => logCrash(audit, engine));
    return embedder;
  } catch (error) {
    log.warn('knowledge.embedderNotOpened', { code: logId(codeOf(error)) });
    return null;
  }
}
