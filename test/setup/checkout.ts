/** A small checkout that setup finds complete, on a machine whose tools are as each test says. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Machine {
  /** Debian packages that are installed; null: it has no dpkg. */
  readonly packages: readonly string[] | null;
  /** Further tools: name to shell script. */
  readonly tools?: Record<string, string>;
  readonly root?: boolean;
}

export class Checkout {
  readonly folder = mkdtempSync(join(tmpdir(), 'sotto-setup-'));

  constructor() {
    cpSync('setup', this.at('setup'), { recursive: true });
    const lock = { packages: { '': {}, 'node_modules/zod': { version: '4.0.0', integrity: 'sha512-a' } } };
    this.write('package-lock.json', JSON.stringify(lock));
    this.write('renderer/main.ts', "import { contract } from '../main/api/contract.ts';\n");
    this.write('main/api/contract.ts', "export { kept } from '../base/kept.ts';\n");
    this.write('main/api/client.ts', '');
    this.write('main/base/kept.ts', 'export const kept = 1;\n');
    this.installModules();
    this.setup(['--dry-run'], { packages: [] });
  }

  /** As npm leaves it. The Node in it notes what it is asked to run, and makes the window. */
  installModules(): void {
    this.write('node_modules/.package-lock.json', readFileSync(this.at('package-lock.json'), 'utf8'));
    this.write('node_modules/naudiodon/build/Release/naudiodon.node', '');
    const node = this.write(
      'node_modules/node/bin/node',
      `#!/bin/sh\necho "$*" >> '${this.at('node-calls')}'\n: > '${this.at('dist/renderer/index.html')}'\n`,
    );
    chmodSync(node, 0o755);
    mkdirSync(this.at('dist/renderer'), { recursive: true });
  }

  at(path: string): string {
    return join(this.folder, path);
  }

  write(path: string, text: string): string {
    mkdirSync(dirname(this.at(path)), { recursive: true });
    writeFileSync(this.at(path), text);
    return this.at(path);
  }

  calls(tool: string): string[] {
    const file = this.at(`${tool}-calls`);
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  }

  setup(args: readonly string[], machine: Machine): { status: number | null; said: string; printed: string } {
    const tools = this.#tools(machine);
    const uid = machine.root === true ? 0 : 1000;
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      ['--import', `data:text/javascript,process.getuid=()=>${uid}`, this.at('setup/setup.mjs'), ...args],
      { encoding: 'utf8', env: { PATH: tools }, timeout: 20_000 },
    );
    return { status, said: stderr, printed: stdout };
  }

  /** A folder that is the whole search path. */
  #tools({ packages, tools = {} }: Machine): string {
    const folder = this.at('tools');
    rmSync(folder, { recursive: true, force: true });
    const rows = (packages ?? []).map((name) => `echo '${name} installed'`);
    const all = { ...(packages === null ? {} : { 'dpkg-query': rows.join('\n') }), ...tools };
    mkdirSync(folder, { recursive: true });
    for (const [name, script] of Object.entries(all)) {
      const file = this.write(`tools/${name}`, `#!/bin/sh\n${script}\n`);
      chmodSync(file, 0o755);
    }
    return folder;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
