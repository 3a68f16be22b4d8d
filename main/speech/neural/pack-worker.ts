import { z } from 'zod';
import { type Log, SottoError, SupervisedWorker, type WorkerTimings } from '../../base/index.ts';
import { type CheckedPack, checkedPack, type PackPlace } from '../../models/index.ts';

const PLACE = 'MODEL_PACK';
/** Gigabytes are hashed and loaded before an engine is ready. */
const LOAD_MS = 120_000;
const placeSchema = z.strictObject({ folder: z.string(), digest: z.string() });

/** The worker of a pack: it is told where the pack lies and which it must be, and nothing else. */
export function packWorker(
  engine: string,
  entry: URL,
  { folder, digest }: PackPlace,
  log: Log,
  timings: Partial<WorkerTimings> = {},
): SupervisedWorker {
  return new SupervisedWorker({
    area: 'speech',
    engine,
    entry,
    log,
    timings: { startMs: LOAD_MS, ...timings },
    environment: { ORT_DISABLE_TELEMETRY: '1', [PLACE]: JSON.stringify({ folder, digest }) },
  });
}

/**
 * The pack of this worker process, every byte of it checked just now: a worker is started again after a crash, long after
 * the pack was opened.
 * @throws SottoError `models/damaged`.
 */
export async function packOfWorker(): Promise<CheckedPack> {
  const place = process.env[PLACE];
  if (place === undefined)
    throw new SottoError('speech/wrong-pack', 'The engine was started without a pack.');
  return await checkedPack(placeSchema.parse(JSON.parse(place)));
}
