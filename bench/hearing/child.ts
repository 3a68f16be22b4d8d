// One job of the bench of hearing, asked for and answered by messages.
import { JOBS, type JobName } from './jobs.ts';

process.once('message', async ({ name, args }: { name: JobName; args: never[] }) => {
  const job = JOBS[name] as (...given: never[]) => Promise<unknown>;
  const result = await job(...args);
  process.send?.(result, () => process.exit(0));
});
