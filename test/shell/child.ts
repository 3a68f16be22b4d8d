/** A real child process for the shell's tests: the private pipe over the stand-in services. */
import { readHandover, servePipe, shellGone } from '../../main/api/index.ts';
import { standIn } from '../support/services.ts';

const { path, token } = await readHandover(process.stdin);
const { services } = standIn();
await servePipe({
  // The version is the process id, so that a test sees which child answers.
  services: {
    ...services,
    status: async () => ({ ...(await services.status()), version: String(process.pid) }),
  },
  path,
  token,
});
await shellGone(process.stdin);
process.exit(0);
