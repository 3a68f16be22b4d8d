import { z } from 'zod';
import { type Log, SottoError, SupervisedWorker, type WorkerTimings } from '../base/index.ts';
import { type CheckedPack, checkedPack, type PackPlace } from './on-disk.ts';

const PLACE = 'MODEL_PACK';
/** Gigabytes are hashed and loaded before an engine is ready. */
const LOAD_MS = 120_000;
const placeSchema = z.strictObject({ folder: z.string(), digest: z.string() });

export interface PackWorkerOptions {
  /** The room, as its errors begin: `speech`. */
  readonly area: string;
  /** In the words of logs and errors. */
  readonly engine: string;
  /** The file that calls `serveWorker`. */
  readonly entry: URL;
  readonly pack: PackPlace;
  readonly log: Log;
  readonly timings?: Partial<WorkerTimings>;
}

/** The worker of a pack: it is told where the pack lies and which it must be, and nothing else. Not yet started. */
export function packWorker({ pack, timings, ...options }: PackWorkerOptions): SupervisedWorker {
  const { folder, digest } = pack;
  return new SupervisedWorker({
    ...options,
    timings: { startMs: LOAD_MS, ...timings },
    environment: { ORT_DISABLE_TELEMETRY: '1', [PLACE]: JSON.stringify({ folder, digest }) },
  });
}

/**
 * The pack of this worker process, every byte of it checked just now: a worker is started again after a crash, long after
 * the pack was opened.
 * @throws SottoError `models/no-pack` in a process that was started without one, `models/damaged`.
 */
export async function packOfWorker(): Promise<CheckedPack> {
  const place = process.env[PLACE];
  if (place === undefined) throw new SottoError('models/no-pack', 'The engine was started without a pack.');
  return await checkedPack(placeSchema.parse(JSON.parse(place)));
}
