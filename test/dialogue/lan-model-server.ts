/**
 * A server that speaks OpenAI's chat completions over TLS, in a process of its own. The name of the model that is asked
 * for says how it behaves. Arguments: the files of certificate and key. Prints its port.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

const [, , certificate = '', key = ''] = process.argv;
const KEY = 'Bearer lan-secret-0123456789';

let begun = 0;
/** Requests whose asker went before the answer was whole. */
let dropped = 0;

const server = createServer(
  { cert: readFileSync(certificate), key: readFileSync(key) },
  (request, response) => {
    const blocks: Buffer[] = [];
    request.on('data', (block: Buffer) => blocks.push(block));
    request.on('end', () => {
      const asked = JSON.parse(Buffer.concat(blocks).toString());
      if (asked.model !== 'tally') {
        begun += 1;
        response.once('close', () => {
          if (!response.writableFinished) dropped += 1;
        });
      }
      if (request.headers.authorization !== KEY) return void response.writeHead(401).end();
      /** As a stream of events, a few letters in each. */
      const begin = () => response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      const say = (content: string) =>
        response.write(`data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`);
      const answer = (content: string) => {
        begin();
        for (let at = 0; at < content.length; at += 7) say(content.slice(at, at + 7));
        const usage = {
          completion_tokens: 9,
          prompt_tokens: 50,
          prompt_tokens_details: { cached_tokens: 40 },
        };
        response.write(`data: ${JSON.stringify({ choices: [], usage })}\n\n`);
        response.end('data: [DONE]\n\n');
      };
      const behaviour: Readonly<Record<string, () => void>> = {
        good: () => answer(JSON.stringify({ commands: [{ command: 'startFlow', flow: 'block_card' }] })),
        tally: () => answer(JSON.stringify({ begun, dropped })),
        echo: () => answer(JSON.stringify(asked)),
        chatty: () => answer('Sure! I will block your card.'),
        foreign: () =>
          answer(JSON.stringify({ commands: [{ command: 'callTool', tool: 'transfer_money' }] })),
        whole: () => response.writeHead(200, { 'content-type': 'application/json' }).end('{"choices": []}'),
        garbled: () => {
          begin();
          response.end('data: {"choices": "none"}\n\ndata: [DONE]\n\n');
        },
        hangs: () => {
          begin();
          say('{"commands":');
        },
        slow: () => setTimeout(() => answer('{}'), 20_000),
        huge: () => {
          begin();
          for (let block = 0; block < 40; block += 1) say('x'.repeat(50_000));
          response.end('data: [DONE]\n\n');
        },
        redirect: () => response.writeHead(302, { location: 'https://elsewhere.example/' }).end(),
        drops: () => response.socket?.destroy(),
        half: () => {
          begin();
          say('{"commands":');
          setTimeout(() => response.socket?.destroy(), 50);
        },
      };
      behaviour[asked.model]?.();
    });
  },
);
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
