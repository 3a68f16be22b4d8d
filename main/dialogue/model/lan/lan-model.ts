import type { IncomingMessage } from 'node:http';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { z } from 'zod';
import { type Json, SottoError } from '../../../base/index.ts';
import type { Generated, Generation, LanguageModel } from '../language-model.ts';

const MOST_BYTES = 262_144;
const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** A server on the site's LAN that speaks OpenAI's chat completions: vLLM, llama-server. */
export interface LanModelOptions {
  /** `https://host:port/v1`; plain http on loopback only. */
  readonly url: string;
  /** The site's list: exact `host:port`. */
  readonly allowed: readonly string[];
  /** PEM of the authority of its certificate. Not needed on loopback without TLS. */
  readonly ca: string | null;
  /** The key that it asks for, from the vault. */
  readonly key: string | null;
  readonly model: string;
}

const answerSchema = z.object({
  choices: z
    .array(z.object({ message: z.object({ content: z.string() }), finish_reason: z.string().nullish() }))
    .min(1),
  usage: z.object({ completion_tokens: z.int() }).optional(),
});

/**
 * Opens nothing yet: each request is one POST to the one address, without proxies and redirects.
 * @throws SottoError `model/bad-address`, `model/not-allowed`, `model/no-authority`.
 */
export function openLanModel(options: LanModelOptions): LanguageModel {
  const url = checkedUrl(options);
  return {
    engine: 'lan',
    generate: (request) => generate(url, options, request),
    close: async () => {},
  };
}

function checkedUrl({ url: given, allowed, ca }: LanModelOptions): URL {
  const url = URL.canParse(given) ? new URL(`${given.replace(/\/$/, '')}/chat/completions`) : null;
  const plain = url?.protocol === 'http:' && LOOPBACK.has(url.hostname);
  if (url === null || (url.protocol !== 'https:' && !plain) || url.username || url.password)
    throw new SottoError('model/bad-address', 'The address of the language model cannot be used.', {
      remedy: 'Use https://host:port/v1; plain http is for loopback only.',
    });
  const address = `${url.hostname}:${url.port || (plain ? '80' : '443')}`;
  if (!allowed.includes(address))
    throw new SottoError('model/not-allowed', `The site does not allow a language model at ${address}.`, {
      remedy: 'Have IT put exactly this host and port on the list of the site.',
    });
  if (!plain && ca === null)
    throw new SottoError(
      'model/no-authority',
      'No authority is named for the language model’s certificate.',
      {
        remedy: 'Name the PEM file of the site’s authority.',
      },
    );
  return url;
}

async function generate(url: URL, options: LanModelOptions, request: Generation): Promise<Generated> {
  const { signal, maxTokens, schema } = request;
  signal.throwIfAborted();
  const startedAt = performance.now();
  const body = JSON.stringify({
    model: options.model,
    messages: [
      { role: 'system', content: request.system },
      { role: 'user', content: request.prompt },
    ],
    max_tokens: maxTokens,
    temperature: 0,
    stream: false,
    ...(schema === null ? {} : { response_format: responseFormat(schema) }),
  });
  const response = await post(url, options, body, signal);
  const firstTokenMs = performance.now() - startedAt;
  const parsed = answerSchema.safeParse(jsonOf(await read(response)));
  const choice = parsed.data?.choices[0];
  if (!parsed.success || choice === undefined) throw badAnswer();
  const { content: text } = choice.message;
  const tokens = parsed.data.usage?.completion_tokens ?? 0;
  return { text, firstTokenMs, tookMs: performance.now() - startedAt, tokens };
}

function responseFormat(schema: Json): Json {
  return { type: 'json_schema', json_schema: { name: 'commands', strict: true, schema } };
}

function post(
  url: URL,
  { ca, key }: LanModelOptions,
  body: string,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
    };
    const secure = url.protocol === 'https:';
    const options = { method: 'POST', headers, signal, agent: false as const };
    const sent = secure
      ? tlsRequest(url, { ...options, ...(ca === null ? {} : { ca: [ca] }), minVersion: 'TLSv1.2' })
      : plainRequest(url, options);
    sent.once('response', (response) => {
      if (response.statusCode === 200) return resolve(response);
      response.destroy(); // a redirect is an answer like any other that is not the one asked for
      reject(
        new SottoError('model/refused', 'The language model on the LAN refused the request.', {
          remedy: 'Look at its log; check its key and the name of its model.',
        }),
      );
    });
    sent.once('error', (error) =>
      reject(
        signal.aborted
          ? signal.reason
          : new SottoError('model/unreachable', 'The language model on the LAN does not answer.', {
              remedy: 'Check that it runs, its address, and the authority of its certificate.',
              cause: error,
            }),
      ),
    );
    sent.end(body);
  });
}

async function read(response: IncomingMessage): Promise<string> {
  const blocks: Buffer[] = [];
  let size = 0;
  try {
    for await (const block of response as AsyncIterable<Buffer>) {
      size += block.length;
      if (size > MOST_BYTES) throw badAnswer();
      blocks.push(block);
    }
  } catch (error) {
    response.destroy();
    throw error instanceof SottoError ? error : badAnswer();
  }
  return Buffer.concat(blocks).toString();
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function badAnswer(): SottoError {
  return new SottoError(
    'model/bad-answer',
    'The language model on the LAN answered something that is no answer.',
  );
}
