import type { IncomingMessage } from 'node:http';
import { Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { SottoError } from '../../../base/index.ts';
import {
  type AnswerForm,
  type Generated,
  type Generation,
  type LanguageModel,
  unlessAborted,
} from '../language-model.ts';
import { checkedUrl, type PinnedAddress, pinned } from './address.ts';
import { badAnswer, readEvents } from './event-stream.ts';

/** A server on the site's LAN that speaks OpenAI's chat completions: vLLM, llama-server. */
export interface LanModelOptions {
  /** `https://host:port/v1`; plain http on loopback only. */
  readonly url: string;
  /** The site's list: exact `host:port`. */
  readonly allowed: readonly string[];
  /** PEM of the authority of its certificate: the only one that counts. Not needed on loopback without TLS. */
  readonly ca: string | null;
  /** The key that it asks for, from the vault. Copied, and wiped when the model is closed. */
  readonly key: Uint8Array | null;
  readonly model: string;
  /** How the server is told the form of an answer; both understand `json_schema`, llama-server alone `grammar`. */
  readonly heldBy?: 'json_schema' | 'grammar';
}

const IDLE_MS = 60_000;

/**
 * Each request is one POST to the one address, without proxies and redirects, and nothing of it is kept. The name is
 * looked up with the first request, and never again.
 * @throws SottoError `model/bad-address`, `model/not-allowed`, `model/no-authority`, `model/bad-key`.
 */
export function openLanModel(options: LanModelOptions): LanguageModel {
  const url = checkedUrl(options.url, options.allowed, options.ca);
  const key = options.key === null ? null : Buffer.from(options.key);
  // What could end a header could begin another one.
  if (key !== null && !/^[\x21-\x7e]+$/.test(key.toString('latin1')))
    throw new SottoError('model/bad-key', 'The key of the language model holds what no key can hold.', {
      remedy: 'Store it again, without line ends and blanks.',
    });
  const agent = agentFor(url, options.ca);
  let address: Promise<PinnedAddress> | undefined;
  let closed = false;
  return {
    engine: 'lan',
    generate: async (request) => {
      if (closed) throw new SottoError('model/closed', 'The language model is closed.');
      request.signal.throwIfAborted();
      address ??= pinned(url);
      // A name that is not found now may be found later; one that is found stays as it is.
      address.catch(() => {
        address = undefined;
      });
      const at = await unlessAborted(address, request.signal);
      return await generate({ ...options, key, agent, at }, request);
    },
    close: async () => {
      closed = true;
      key?.fill(0);
      agent.destroy();
    },
  };
}

/** An agent of our own: the global one may have been given a proxy by the environment. */
function agentFor(url: URL, ca: string | null): PlainAgent | TlsAgent {
  const kept = { keepAlive: true, maxSockets: 4, timeout: IDLE_MS };
  if (url.protocol !== 'https:') return new PlainAgent(kept);
  return new TlsAgent({ ...kept, ...(ca === null ? {} : { ca: [ca] }), minVersion: 'TLSv1.2' });
}

interface Server extends LanModelOptions {
  readonly agent: PlainAgent | TlsAgent;
  readonly at: PinnedAddress;
}

async function generate(server: Server, request: Generation): Promise<Generated> {
  const { signal } = request;
  const startedAt = performance.now();
  let firstTokenMs = 0;
  const response = await post(server, bodyOf(server, request), signal);
  try {
    const { text, chunks, usage } = await readEvents(response, () => {
      firstTokenMs = performance.now() - startedAt;
    });
    return {
      text,
      firstTokenMs,
      tookMs: performance.now() - startedAt,
      tokens: usage?.completion_tokens ?? chunks,
      promptTokens: usage?.prompt_tokens ?? 0,
      reusedTokens: usage?.prompt_tokens_details?.cached_tokens ?? null,
    };
  } catch (error) {
    response.destroy();
    signal.throwIfAborted();
    throw error instanceof SottoError ? error : badAnswer();
  }
}

function bodyOf({ model, heldBy }: Server, { system, prompt, form, maxTokens }: Generation): string {
  return JSON.stringify({
    model,
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: prompt },
    ],
    max_tokens: maxTokens,
    temperature: 0,
    stream: true,
    stream_options: { include_usage: true },
    ...(heldBy === 'grammar' ? { grammar: form.grammar, cache_prompt: true } : responseFormat(form)),
  });
}

function responseFormat({ name, schema }: AnswerForm) {
  return { response_format: { type: 'json_schema', json_schema: { name, strict: true, schema } } };
}

function post({ key, agent, at }: Server, body: string, signal: AbortSignal): Promise<IncomingMessage> {
  const secure = at.url.protocol === 'https:';
  const headers = {
    'content-type': 'application/json',
    accept: 'text/event-stream',
    'content-length': Buffer.byteLength(body),
    ...(key === null ? {} : { authorization: `Bearer ${Buffer.from(key).toString('latin1')}` }),
  };
  const options = { method: 'POST', headers, signal, agent, lookup: lookupOf(at) };
  return new Promise((resolve, reject) => {
    const sent = secure ? tlsRequest(at.url, options) : plainRequest(at.url, options);
    sent.once('response', (response) => {
      const isStream = /^text\/event-stream\b/.test(response.headers['content-type'] ?? '');
      const from = response.socket.remoteAddress ?? '';
      if (response.statusCode === 200 && isStream && isPinned(at, from)) return resolve(response);
      response.destroy(); // a redirect is an answer like any other that is not the one asked for
      reject(response.statusCode === 200 ? badAnswer() : refused());
    });
    sent.on('error', () => reject(signal.aborted ? signal.reason : unreachable()));
    sent.end(body);
  });
}

/** Whatever is asked for, the answer is what was found at first. */
function lookupOf({ addresses }: PinnedAddress): LookupFunction {
  return (_, options, found) => {
    const [first] = addresses;
    if (options.all) found(null, [...addresses]);
    else found(null, first?.address ?? '', first?.family);
  };
}

function isPinned({ addresses }: PinnedAddress, from: string): boolean {
  return addresses.some(({ address }) => address === from || `::ffff:${address}` === from);
}

function refused(): SottoError {
  return new SottoError('model/refused', 'The language model on the LAN refused the request.', {
    remedy: 'Look at its log; check its key and the name of its model.',
  });
}

/** Without the cause: it would name addresses, and says no more than this. */
function unreachable(): SottoError {
  return new SottoError('model/unreachable', 'The language model on the LAN does not answer.', {
    remedy: 'Check that it runs, its address, and the authority of its certificate.',
  });
}
