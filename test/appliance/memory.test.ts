/** An appliance that serves one conversation after the other keeps none of them, nor what its engines made for them. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openThrowaway, type Throwaway } from '../../main/appliance.ts';
import { delay, installRoot, NODE_ARGUMENTS, NODE_ENVIRONMENT, silentLog } from '../../main/base/index.ts';
import type { LiveConversation } from '../../main/conversation/index.ts';
import { openWavEndpoint, type SoundEndpoint } from '../../main/media/index.ts';
import { eventually } from '../support/eventually.ts';

const BANK = join(installRoot, 'desks', 'bank-branch');
const LINES = [
  'what are your opening hours',
  'i lost my debit card',
  'one zero zero two zero zero',
  'cancel',
];
const TYPED = 12;
const ENVIRONMENT = Object.entries(NODE_ENVIRONMENT).map(([name, value]) => `${name}=${value}`);

let collect: () => void;

beforeAll(() => {
  setFlagsFromString('--expose-gc');
  collect = runInNewContext('gc');
});

describe('a conversation that has ended is held by nothing', () => {
  test('typed, with a tool that was called in it', { timeout: 60_000 }, async () => {
    const { core } = await appliance(false);
    const ended: WeakRef<LiveConversation>[] = [];
    for (let held = 0; held < TYPED; held += 1) ended.push(await converse(core, null));
    await gone(ended);
  });

  test('spoken, with ears and a voice', { timeout: 60_000 }, async () => {
    const { core } = await appliance(true);
    const endpoints = [await openWavEndpoint({ label: 'test' }), await openWavEndpoint({ label: 'test' })];
    const ended: WeakRef<object>[] = endpoints.map((endpoint) => new WeakRef(endpoint));
    for (let endpoint = endpoints.pop(); endpoint; endpoint = endpoints.pop())
      ended.push(await converse(core, endpoint));
    await gone(ended);
  });
});

describe('every process of Node that serves for hours is bounded alike in what it may newly make', () => {
  test('the engines and the tool servers', { timeout: 60_000 }, async () => {
    const { core } = await appliance(true);
    await core.gateway.health();
    const started = childrenOf(process.pid).filter(
      ({ words }) =>
        /node$/.test(words[0] ?? '') && words.some((word) => /worker\.ts$|server\.ts$/.test(word)),
    );
    expect(started).toHaveLength(4);
    for (const { words, environment } of started) {
      expect(words).toEqual(expect.arrayContaining([...NODE_ARGUMENTS]));
      expect(environment).toEqual(expect.arrayContaining(ENVIRONMENT));
    }
  });

  test('the appliance itself', () => {
    const names = Object.keys(NODE_ENVIRONMENT).map((name) => `process.env.${name}`);
    const tell = `data:text/javascript,console.log(JSON.stringify([process.execArgv,[${names}]]))`;
    const { stdout } = spawnSync(join(installRoot, 'bin', 'sotto'), ['--version'], {
      env: { ...process.env, NODE_OPTIONS: `--import=${tell}` },
      encoding: 'utf8',
    });
    expect(stdout.split('\n')).toContain(JSON.stringify([NODE_ARGUMENTS, Object.values(NODE_ENVIRONMENT)]));
  });

  test('which is what npm starts', () => {
    const { scripts } = JSON.parse(readFileSync(join(installRoot, 'package.json'), 'utf8'));
    expect(scripts.start).toBe('bin/sotto start');
  });
});

async function appliance(sound: boolean): Promise<Throwaway> {
  const opened = await openThrowaway({ deskFolder: BANK, log: silentLog, sound });
  onTestFinished(() => opened.close());
  return opened;
}

async function converse(
  core: Throwaway['core'],
  endpoint: SoundEndpoint | null,
): Promise<WeakRef<LiveConversation>> {
  const live = core.converse({ member: null, endpoint, mode: 'handsFree' });
  for (const line of LINES) {
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const deaf = live.onEvent(({ type }) => {
      if (type === 'timing') resolve();
    });
    live.type(line);
    await Promise.race([done, delay(1_000)]);
    deaf();
  }
  await live.end('test-over');
  return new WeakRef(live);
}

/** What was a moment ago may still stand on a stack, or wait for a timer of seconds. */
async function gone(ended: readonly WeakRef<object>[]): Promise<void> {
  await eventually(() => {
    collect();
    expect(ended.filter((each) => each.deref() !== undefined)).toHaveLength(0);
  });
}

/** The command lines of the processes that one has started. */
interface Child {
  readonly words: readonly string[];
  readonly environment: readonly string[];
}

function childrenOf(pid: number): readonly Child[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .map((name) => ({
      words: readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0'),
      environment: readFileSync(`/proc/${name}/environ`, 'utf8').split('\0'),
    }));
}

/** Null for one that has ended meanwhile. */
function parentOf(name: string): number | null {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1]);
  } catch {
    return null;
  }
}
