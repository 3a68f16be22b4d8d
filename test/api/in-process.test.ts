import { connectInProcess, serveConnection } from '../../main/api/index.ts';
import { conformance } from './conformance.ts';

conformance('two queues in one process', async ({ services }) => ({
  connect: async () => {
    const { client, server } = connectInProcess();
    serveConnection(services, server, { carrier: 'inProcess' });
    return client;
  },
  close: async () => {},
}));
