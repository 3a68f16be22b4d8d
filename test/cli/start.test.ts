import { readFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createClient } from '../../main/api/index.ts';
import { ApplianceChild } from '../../main/shell/index.ts';
import { ENTRY, jsonLines, scratch, sotto, startSotto } from './sotto.ts';

describe('sotto start', () => {
  it('serves headless where no window can be opened, says why, and ends well when stopped', async () => {
    const data = join(scratch(), 'data');
    const start = startSotto(['start', '--port', '0', '--json', '--data', data]);
    const [address] = jsonLines<{ url: string; authorityFile: string; fingerprint: string }>(
      await start.printed('\n'),
    );
    expect(address?.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/$/);
    expect(await page(address?.url ?? '', address?.authorityFile ?? '')).toBe(200);
    start.child.kill('SIGTERM');
    const { code, err } = await start.ended;
    expect(err).toMatch(/^sotto: no window of its own, because .+; serving headless$/m);
    expect(code).toBe(0);
  });

  it('tells a port that is taken', async () => {
    const first = startSotto([
      'start',
      '--headless',
      '--port',
      '0',
      '--json',
      '--data',
      join(scratch(), 'a'),
    ]);
    const [address] = jsonLines<{ url: string }>(await first.printed('\n'));
    const { port } = new URL(address?.url ?? '');
    const second = await sotto(['start', '--headless', '--port', port, '--data', join(scratch(), 'b')]);
    expect(second.err).toContain(`sotto: The port ${port} of 127.0.0.1 cannot be opened.`);
    expect(second.code).toBe(3);
  });

  it('takes a port that cannot be one for wrong usage', async () => {
    const { code, err } = await sotto(['start', '--headless', '--port', '70000']);
    expect(err).toContain('--port');
    expect(code).toBe(2);
  });
});

describe('sotto appliance, the child of the window', () => {
  it('serves the private pipe it is handed, and ends with its shell', async () => {
    const data = join(scratch(), 'data');
    process.env.SOTTO_HOME = data;
    onTestFinished(() => {
      delete process.env.SOTTO_HOME;
    });
    const child = new ApplianceChild({ command: [process.execPath, ENTRY, 'appliance'] });
    onTestFinished(() => child.stop());
    child.start();
    const client = createClient(await child.connect());
    expect(await client.call('system.status', {})).toMatchObject({ phase: 'setup', host: 'electron' });
    const closed = new Promise<void>((resolve) => client.onClose(resolve));
    await child.stop();
    await closed;
    expect(child.state).toBe('stopped');
  });

  it('refuses to be started by hand', async () => {
    const { code, err } = await sotto(['appliance'], { input: 'hello\n' });
    expect(err).toBe(
      'sotto: This is started by the desktop window and not by hand.\nnext: Use `sotto start`.\n',
    );
    expect(code).toBe(3);
  });
});

function page(url: string, authorityFile: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const ca = readFileSync(authorityFile);
    get(url, { ca, servername: 'localhost', agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
}
