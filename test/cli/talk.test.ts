import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openAuditLog } from '../../main/audit/index.ts';
import { pathsIn, silentLog, systemClock } from '../../main/base/index.ts';
import type { ConversationEvent } from '../../main/conversation/index.ts';
import { openIdentity } from '../../main/identity/index.ts';
import { levelOf, readWav } from '../../main/media/index.ts';
import { createVault } from '../../main/vault/index.ts';
import { dataFile } from '../support/data.ts';
import { startPulseAudio } from '../support/pulseaudio.ts';
import { COFFEE, jsonLines, scratch, sotto, startSotto } from './sotto.ts';

type Event = { readonly at: number } & (
  | ConversationEvent
  | { readonly type: 'saying' | 'replySound'; readonly file: string; readonly audioMs: number }
);

const ORDER = dataFile('speech', 'intent', 'wav', '165bced7-3ecc-41f3-acf8-e584141f0379.wav');

describe('sotto talk with recordings', () => {
  it('says each when the agent listens, prints every event, and writes what the agent said', async () => {
    const out = join(scratch(), 'replies');
    const args = ['talk', '--desk', COFFEE, '--in', ORDER, '--out', out, '--json'];
    const { code, out: printed, err } = await sotto(args);
    const events = jsonLines<Event>(printed);
    const types = events.map(({ type }) => type);

    // Nothing is said before the opening has been heard.
    const saying = types.indexOf('saying');
    expect(types.indexOf('heard')).toBeLessThan(saying);
    expect(types.indexOf('partial')).toBeGreaterThan(saying);
    expect(events.filter(({ type }) => type === 'heard')).not.toContainEqual(
      expect.objectContaining({ interrupted: true }),
    );
    expect(events.find(({ type }) => type === 'understood')).toMatchObject({
      inScope: true,
      flow: 'orderDrink',
    });
    expect(types).not.toContain('level');
    expect(types.at(-1)).toBe('ended');
    expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).sort((a, b) => a - b));

    expect(readdirSync(out).sort()).toEqual(['conversation.wav', 'reply-00.wav', 'reply-01.wav']);
    const lengths = await Promise.all(
      readdirSync(out)
        .sort()
        .map(async (name) => {
          const { samples, sampleRate } = await readWav(join(out, name));
          expect(levelOf(samples).rmsDb, name).toBeGreaterThan(-50);
          return samples.length / sampleRate;
        }),
    );
    const [whole = 0, opening = 0, answer = 0] = lengths;
    expect(whole).toBeGreaterThan(opening + answer + 4);
    expect(err).toBe('sotto: no --data, so this conversation stands in a throwaway vault and is not kept\n');
    expect(code).toBe(0);
  }, 60_000);

  it('reads every recording before it begins', async () => {
    const { code, out } = await sotto([
      'talk',
      '--desk',
      COFFEE,
      '--in',
      ORDER,
      '--in',
      'gone.wav',
      '--json',
    ]);
    expect(jsonLines(out)).toMatchObject([{ error: { code: 'media/bad-wav' } }]);
    expect(code).toBe(1);
  });
});

describe('sotto talk on the devices of this machine', () => {
  it('hears an order at the microphone and answers on the speaker', async () => {
    const room = await startPulseAudio();
    onTestFinished(() => room.stop());
    const talk = startSotto(['talk', '--desk', COFFEE, '--json'], room.env);
    talk.child.stdin?.end();
    await talk.printed('"state":"listening"');
    const speaker = room.recordSpeaker();
    await room.playIntoRoom(ORDER);
    await talk.printed(/"type":"understood".*"flow":"orderDrink"/);
    await talk.printed(/"type":"understood".*"type":"heard"/s);
    expect(levelOf(await speaker.stop()).rmsDb).toBeGreaterThan(-50);
    talk.child.kill('SIGINT');
    expect((await talk.ended).code).toBe(130);
  }, 60_000);
});

describe('sotto talk, typed', () => {
  it('holds a conversation with the tools of the bank desk, one line after each answer', async () => {
    const input = 'block my card\n100200\n4711\nmy debit card\nyes\n';
    const { code, out } = await sotto(['talk', '--desk', 'bank-branch', '--typed', '--json'], { input });
    const events = jsonLines<Event>(out);
    const called = events.filter(({ type }) => type === 'toolAnswered');
    expect(called).toMatchObject([
      { tool: 'identify_customer', outcome: 'ok' },
      { tool: 'block_card', outcome: 'ok' },
    ]);
    // It was asked about before it was done.
    const asked = events.findIndex((event) => event.type === 'toolProposed' && event.needs !== 'none');
    const done = events.findIndex((event) => event.type === 'toolCalled' && event.tool === 'block_card');
    expect(asked).toBeGreaterThan(0);
    expect(done).toBeGreaterThan(asked);
    const replies = events.flatMap((event) => (event.type === 'reply' ? [event.text] : []));
    expect(replies.join(' ')).toContain('ending in four four one two is blocked');
    expect(code).toBe(0);
  });

  it('leaves nothing behind when interrupted: not its vault, not a library’s telemetry', async () => {
    const temporary = scratch();
    const talk = startSotto(['talk', '--desk', 'bank-branch', '--typed', '--json'], { TMPDIR: temporary });
    await talk.printed('"state":"listening"');
    expect(readdirSync(temporary)).not.toEqual([]);
    talk.child.kill('SIGINT');
    expect(await talk.ended).toMatchObject({ code: 130 });
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe('sotto talk on the vault of a site', () => {
  it('keeps the conversation, for the member who signed in', async () => {
    const { data, env } = await siteWithMember('ada');
    const args = ['talk', '--desk', 'bank-branch', '--typed', '--data', data];
    const anonymous = await sotto(args, { env });
    expect(anonymous.err).toContain('--user NAME');
    expect(anonymous.code).toBe(2);

    const { code, err } = await sotto([...args, '--user', 'ada'], { env, input: 'what time do you open\n' });
    expect(err).toBe('');
    expect(code).toBe(0);
    const log = await sotto(['audit', 'recent', '--data', data], { env });
    const acts = log.out.split('\n').map((line) => line.split('  ')[2]);
    for (const act of ['signIn.succeed', 'conversation.start', 'conversation.end', 'signIn.end'])
      expect(acts).toContain(act);
    const verified = await sotto(['audit', 'verify', '--data', data], { env });
    expect(verified.code).toBe(0);
  });
});

/** A data folder with one member of staff, and where the passphrases stand. */
async function siteWithMember(username: string): Promise<{ data: string; env: NodeJS.ProcessEnv }> {
  const folder = scratch();
  const paths = pathsIn(join(folder, 'data'));
  const passphrase = 'seven quiet herons wade at dusk';
  const file = join(folder, 'passphrase');
  writeFileSync(file, passphrase, { mode: 0o600 });
  const vault = await createVault(
    paths,
    { kind: 'passphrase', passphrase },
    { clock: systemClock, log: silentLog },
  );
  const log = openAuditLog(vault, { clock: systemClock });
  const identity = openIdentity(vault, log, { clock: systemClock });
  await identity.createMember({ username, displayName: 'Ada', passphrase, roles: ['staff'] }, 'system');
  log.close();
  vault.close();
  return { data: paths.data, env: { SOTTO_PASSPHRASE_FILE: file, SOTTO_MEMBER_PASSPHRASE_FILE: file } };
}
