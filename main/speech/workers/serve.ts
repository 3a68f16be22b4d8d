import { type Emit, type Operations, serveWorker as serve } from '../../base/index.ts';

/** The child's side of a speech engine. */
export function serveWorker(load: (emit: Emit) => Promise<Operations>): Promise<void> {
  return serve('speech', load);
}
