import { type Log, SupervisedWorker as Supervised, type WorkerTimings } from '../../base/index.ts';

/**
 * A speech engine in a process of its own. onnxruntime-node 1.30 reports home when it is loaded (a lookup of its
 * maker's host, and files under TMPDIR) unless it is told not to. It may collect its garbage when a conversation ends.
 */
export class SupervisedWorker extends Supervised {
  constructor(engine: string, entry: URL, log: Log, timings: Partial<WorkerTimings> = {}) {
    super({
      area: 'speech',
      engine,
      entry,
      log,
      timings,
      environment: { ORT_DISABLE_TELEMETRY: '1' },
      nodeArguments: ['--expose-gc'],
    });
  }
}
