/**
 * A server that speaks OpenAI's chat completions over TLS, in a process of its own. The name of the model that is asked
 * for says how it behaves. Arguments: the files of certificate and key. Prints its port.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

const [, , certificate = '', key = ''] = process.argv;
const KEY = 'Bearer lan-secret-0123456789';

const server = createServer(
  { cert: readFileSync(certificate), key: readFileSync(key) },
  (request, response) => {
    const blocks: Buffer[] = [];
    request.on('data', (block: Buffer) => blocks.push(block));
    request.on('end', () => {
      const asked = JSON.parse(Buffer.concat(blocks).toString());
      if (request.headers.authorization !== KEY) return void response.writeHead(401).end();
      const answer = (content: string) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(
          JSON.stringify({ choices: [{ message: { content } }], usage: { completion_tokens: 9 } }),
        );
      };
      const behaviour: Readonly<Record<string, () => void>> = {
        good: () => answer(JSON.stringify({ commands: [{ command: 'startFlow', flow: 'block_card' }] })),
        echo: () => answer(JSON.stringify(asked)),
        chatty: () => answer('Sure! I will block your card.'),
        foreign: () =>
          answer(JSON.stringify({ commands: [{ command: 'callTool', tool: 'transfer_money' }] })),
        slow: () => setTimeout(() => answer('{}'), 20_000),
        huge: () => answer('x'.repeat(2_000_000)),
        redirect: () => response.writeHead(302, { location: 'https://elsewhere.example/' }).end(),
        drops: () => response.socket?.destroy(),
        half: () => {
          response.writeHead(200);
          response.write('{"choices": [');
          response.socket?.destroy();
        },
      };
      behaviour[asked.model]?.();
    });
  },
);
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
