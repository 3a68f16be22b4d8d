import { rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Checkout } from './checkout.ts';

const SPEECH = ['libpocketsphinx3', 'pocketsphinx-en-us', 'espeak-ng', 'libespeak-ng1'];
const SOUND = ['libasound2', 'libasound2-plugins'];
const COMPILING = ['g++', 'make', 'python3'];
const RUNNING = [...SPEECH, ...SOUND];
const without = (packages: readonly string[], ...gone: string[]) =>
  packages.filter((name) => !gone.includes(name));

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.remove());

const noting = (tool: string, then = '') => `echo "$*" >> '${checkout.at(`${tool}-calls`)}'\n${then}`;
/** apt-cache of a release with these packages, in its own words. */
const archive = (names: readonly string[]) =>
  names.map((name) => `printf '%s:\\n  Installed: (none)\\n  Candidate: 1.0\\n' '${name}'`).join('\n');

describe('what is missing', () => {
  it('is nothing when all is there: no word, no apt, no npm, no build', () => {
    const tools = { npm: noting('npm'), 'apt-get': noting('apt-get') };
    checkout.setup([], { packages: RUNNING });
    const second = checkout.setup([], { packages: RUNNING, tools, root: true });
    expect(second).toEqual({ status: 0, said: '', printed: '' });
    expect(checkout.calls('npm')).toEqual([]);
    expect(checkout.calls('apt-get')).toEqual([]);
    expect(checkout.calls('node')).toHaveLength(1);
  });

  it('is told with the one command that installs it, under the names of this release', () => {
    const tools = { 'apt-cache': archive(['libasound2t64', 'espeak-ng']) };
    const machine = { packages: without(RUNNING, 'libasound2', 'espeak-ng'), tools };
    const { printed } = checkout.setup(['--dry-run'], machine);
    expect(JSON.parse(printed)).toMatchObject({
      npm: false,
      command: 'sudo apt-get update && sudo apt-get install -y espeak-ng libasound2t64',
    });
  });

  it('counts a package of another release’s name as there', () => {
    const packages = [...without(RUNNING, 'libasound2'), 'libasound2t64'];
    expect(JSON.parse(checkout.setup(['--dry-run'], { packages }).printed)).toMatchObject({ needs: [] });
  });

  it('asks for a compiler only when there is something to compile, and takes any that is there', () => {
    const names = (tools = {}) => {
      const { printed } = checkout.setup(['--dry-run'], { packages: RUNNING, tools });
      const { needs } = JSON.parse(printed) as { needs: { packages: string[] }[] };
      return needs.flatMap(({ packages }) => packages);
    };
    expect(names()).toEqual([]);
    rmSync(checkout.at('node_modules'), { recursive: true });
    expect(names()).toEqual(COMPILING);
    expect(names({ python3: 'exit 0' })).toEqual(['g++', 'make']);
  });

  it('asks for a browser and the like only for the tests', () => {
    const { printed } = checkout.setup(['--dry-run', '--for-tests'], { packages: RUNNING });
    expect(printed).toContain('chromium');
    expect(checkout.setup(['--dry-run'], { packages: RUNNING }).printed).not.toContain('chromium');
  });
});

describe('a person who is not root', () => {
  const apt = () => ({ 'apt-get': noting('apt-get') });

  it('is told the command and goes on, where only speech is missing', () => {
    const { status, said } = checkout.setup([], { packages: without(RUNNING, 'espeak-ng'), tools: apt() });
    expect(status).toBe(0);
    expect(said).toContain('espeak-ng (speaking)');
    expect(said).toContain('  sudo apt-get update && sudo apt-get install -y espeak-ng\n');
    expect(said).toContain('typed conversations work');
    expect(checkout.calls('apt-get')).toEqual([]);
  });

  it('is stopped before npm where there is no compiler', () => {
    rmSync(checkout.at('node_modules'), { recursive: true });
    const tools = { ...apt(), npm: noting('npm') };
    const { status, said } = checkout.setup([], { packages: RUNNING, tools });
    expect(status).toBe(1);
    expect(said).toContain('sudo apt-get install -y g++ make python3');
    expect(checkout.calls('npm')).toEqual([]);
  });

  it('is stopped before the tests where what they need is missing', () => {
    const { status, said } = checkout.setup(['--for-tests'], { packages: RUNNING, tools: apt() });
    expect(status).toBe(1);
    expect(said).toMatch(/sudo apt-get install -y chromium pulseaudio .*sox/);
  });
});

describe('root', () => {
  it('has it installed, and hears what and why', () => {
    const tools = { 'apt-get': noting('apt-get') };
    const machine = { packages: without(RUNNING, 'libespeak-ng1'), tools, root: true };
    const { status, said } = checkout.setup([], machine);
    expect(status).toBe(0);
    expect(said).toContain('libespeak-ng1 (speaking)');
    const [update, install] = checkout.calls('apt-get');
    expect(update).toMatch(/ update$/);
    expect(install).toMatch(/ install libespeak-ng1$/);
  });

  it('hears apt’s own reason when it fails, and goes on only where it can', () => {
    const tools = { 'apt-get': 'echo "E: Could not resolve deb.debian.org"; exit 100' };
    const soft = checkout.setup([], { packages: without(RUNNING, 'espeak-ng'), tools, root: true });
    expect(soft).toMatchObject({ status: 0, said: expect.stringContaining('E: Could not resolve') });
    rmSync(checkout.at('node_modules'), { recursive: true });
    const hard = checkout.setup([], { packages: RUNNING, tools, root: true });
    expect(hard).toMatchObject({ status: 1, said: expect.stringContaining('apt-get install -y g++ make') });
  });
});

describe('npm packages', () => {
  const machine = (npm: string) => ({
    packages: [...RUNNING, ...COMPILING],
    tools: { npm: noting('npm', npm) },
  });

  it('are installed again when package-lock.json changes', () => {
    checkout.setup([], machine('exit 0'));
    expect(checkout.calls('npm')).toEqual([]);
    const lock = { packages: { 'node_modules/zod': { version: '4.0.1', integrity: 'sha512-b' } } };
    checkout.write('package-lock.json', JSON.stringify(lock));
    const lockFile = checkout.at('package-lock.json');
    const written = checkout.at('node_modules/.package-lock.json');
    const copy = `while IFS= read -r line || [ -n "$line" ]; do echo "$line"; done < '${lockFile}' > '${written}'`;
    expect(checkout.setup([], machine(copy)).status).toBe(0);
    expect(checkout.calls('npm')).toHaveLength(1);
    expect(checkout.calls('npm')[0]).toMatch(/^ci /);
  });

  it.each([
    ['npm error code EAI_AGAIN', 'The npm registry cannot be reached.'],
    ['npm error code ENOSPC', 'The disk is full.'],
    ['npm error gyp ERR! stack Error: not found: make', 'did not compile'],
    ['npm error code EINTEGRITY', 'not the one that package-lock.json names'],
  ])('failing with %s are explained', (words, cause) => {
    rmSync(checkout.at('node_modules'), { recursive: true });
    const { status, said } = checkout.setup([], machine(`echo '${words}' >&2; exit 1`));
    expect(status).toBe(1);
    expect(said).toContain(cause);
    expect(said).toContain(words);
    expect(said).toContain(checkout.at('.cache/setup.log'));
  });

  it('that npm left half done, running no install scripts, are noticed', () => {
    rmSync(checkout.at('node_modules'), { recursive: true });
    const { status, said } = checkout.setup([], machine('exit 0'));
    expect(status).toBe(1);
    expect(said).toContain('ignore-scripts');
  });
});

describe('the window', () => {
  it('is built again when it, or anything it imports of the contract, changes', () => {
    const builds = () => {
      checkout.setup([], { packages: RUNNING });
      return checkout.calls('node').length;
    };
    expect(builds()).toBe(1);
    expect(builds()).toBe(1);
    checkout.write('renderer/main.ts', '// changed\n');
    expect(builds()).toBe(2);
    checkout.write('main/base/kept.ts', 'export const kept = 2;\n');
    expect(builds()).toBe(3);
    checkout.write('main/base/another.ts', 'export const another = 1;\n');
    expect(builds()).toBe(3);
    rmSync(checkout.at('dist'), { recursive: true });
    checkout.installModules();
    expect(builds()).toBe(4);
  });
});

it('takes over the lock of a setup that died', () => {
  checkout.write('.cache/setup.lock', '');
  writeFileSync(checkout.at('.cache/setup.lock'), '4194304');
  expect(checkout.setup([], { packages: RUNNING }).status).toBe(0);
  expect(checkout.calls('node')).toHaveLength(1);
});
