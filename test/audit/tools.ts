/** Tools that are not ours, with which an auditor verifies an export. A machine that lacks one fails the test. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
}

const SOURCE = fileURLToPath(new URL('independent/main.go', import.meta.url));
/** Where Debian keeps the sources of golang-golang-x-mod-dev. */
const DEBIAN_GO_PATH = '/usr/share/gocode';

/** Compiles the verifier on Go's own transparency-log packages; nothing is fetched. */
export function buildTlogVerifier(): {
  readonly run: (...args: readonly string[]) => Outcome;
  remove(): void;
} {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-tlog-'));
  const program = join(folder, 'verifier');
  const env = {
    ...process.env,
    GO111MODULE: 'off',
    GOPATH: DEBIAN_GO_PATH,
    GOCACHE: join(folder, 'cache'),
    GOFLAGS: '',
  };
  const built = run('go', ['build', '-o', program, SOURCE], { env });
  if (built.code !== 0)
    throw new Error(
      `Needs Go and its transparency-log packages (apt-get install -y golang-go golang-golang-x-mod-dev): ${built.out}`,
    );
  rmSync(join(folder, 'cache'), { recursive: true, force: true });
  return {
    run: (...args) => run(program, args),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** `ssh-keygen -Y verify`, exactly as VERIFY.md says. */
export function sshVerify(folder: string): Outcome {
  const input = openSync(join(folder, 'SHA256SUMS'), 'r');
  const signer = (readdirSync(folder).find((name) => name.endsWith('.vkey')) ?? '').replace('.vkey', '');
  const files = ['-f', 'allowed_signers', '-I', signer, '-s', 'SHA256SUMS.sig'];
  return run('ssh-keygen', ['-Y', 'verify', '-n', 'audit-export@sotto', ...files], { cwd: folder, input });
}

export function sha256sumCheck(folder: string): Outcome {
  return run('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: folder });
}

export function shell(command: string, folder: string): Outcome {
  return run('sh', ['-c', command], { cwd: folder });
}

function run(
  command: string,
  args: readonly string[],
  {
    cwd = '.',
    env = process.env,
    input = 'ignore',
  }: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly input?: number | 'ignore' } = {},
): Outcome {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    env: { ...env, LC_ALL: 'C' },
    encoding: 'utf8',
    stdio: [input, 'pipe', 'pipe'],
  });
  if (error !== undefined) throw new Error(`${command} does not run on this machine`, { cause: error });
  return { code: status, out: `${stdout}${stderr}`.trim() };
}
