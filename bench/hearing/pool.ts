/** Jobs of the bench in processes of their own, one a core: decoding is synchronous. */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { JOBS, JobName } from './jobs.ts';

type Job = {
  readonly [Name in JobName]: { readonly name: Name; readonly args: Parameters<(typeof JOBS)[Name]> };
}[JobName];
type Result<Name extends JobName> = Awaited<ReturnType<(typeof JOBS)[Name]>>;

/** A pool of processes; `run` resolves with what the job found, and tells how far the bench is. */
export class Pool {
  readonly #waiting: {
    readonly job: Job;
    readonly done: (result: unknown) => void;
    readonly failed: (error: Error) => void;
  }[] = [];
  #idle = Math.min(2, availableParallelism());
  #asked = 0;
  #done = 0;
  readonly #startedMs = performance.now();

  run<Name extends JobName>(name: Name, ...args: Parameters<(typeof JOBS)[Name]>): Promise<Result<Name>> {
    this.#asked += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.push({
        job: { name, args } as unknown as Job,
        done: (result) => resolve(result as Result<Name>),
        failed: reject,
      });
      // All are asked for before the first is begun, so that the progress tells of how many.
      setImmediate(() => this.#next());
    });
  }

  #next(): void {
    if (this.#idle === 0) return;
    const task = this.#waiting.shift();
    if (!task) return;
    this.#idle -= 1;
    void inProcess(task.job)
      .then((result) => {
        this.#done += 1;
        const seconds = Math.round((performance.now() - this.#startedMs) / 1000);
        console.log(
          `  ${this.#done} of ${this.#asked}, ${seconds} s: ${task.job.name} ${task.job.args.join(' ')}: ${JSON.stringify(result)}`,
        );
        task.done(result);
      }, task.failed)
      .finally(() => {
        this.#idle += 1;
        this.#next();
      });
  }
}

function inProcess(job: Job): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const child = fork(fileURLToPath(new URL('./child.ts', import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.once('message', (message) => resolve(message));
  child.once('error', reject);
  child.once('close', (code) => reject(new Error(`The job ${job.name} ended without a result (${code}).`)));
  child.send(job);
  return promise;
}
