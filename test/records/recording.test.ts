import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { openAuditLog } from '../../main/audit/index.ts';
import { openRecords, type Records } from '../../main/records/index.ts';
import { refusal, testClock, throwaway } from '../vault/support.ts';

const RATE = 8_000;
const WHO = { memberId: 'eve', reason: 'complaint 2026/4' };

async function recording() {
  const clock = testClock();
  const vault = await throwaway(clock);
  const audit = openAuditLog(vault, { clock });
  const records = openRecords(vault, audit, { clock });
  const begun = { deskId: 'd', packHash: 'h', memberId: 'ada', carrier: 'device', startedAt: 1 } as const;
  const writer = records.begin({ id: randomUUID(), ...begun });
  return { vault, audit, records, writer, recorder: writer.record('person', RATE) };
}

/** Milliseconds of the recording that are not silent, as [from, to) stretches of 10 ms. */
function loud(records: Records, id: string): readonly (readonly [number, number])[] {
  const stretches: [number, number][] = [];
  for (const { segments, sampleRate } of records.listen(WHO, id))
    for (const { startedMs, durationMs, sound } of segments)
      for (let ms = 0; ms < durationMs; ms += 10) {
        const at = startedMs + ms;
        if (sound.readInt16LE(2 * Math.floor((ms / 1000) * sampleRate)) === 0) continue;
        const last = stretches.at(-1);
        if (last?.[1] === at) last[1] = at + 10;
        else stretches.push([at, at + 10]);
      }
  return stretches;
}

const tone = (ms: number) => new Float32Array((ms * RATE) / 1000).fill(0.5);

test('a recording is heard once it is screened, with silence where words must not be kept and 250 ms around them', async () => {
  const { records, writer, recorder } = await recording();
  recorder.write(tone(2_600));
  expect(records.listen(WHO, writer.id)).toEqual([]);
  recorder.screen(2_600, [{ startMs: 900, endMs: 1_300 }]);
  expect(loud(records, writer.id)).toEqual([
    [0, 650],
    [1_550, 2_600],
  ]);
});

test('what was said while it was paused, and what could not be told apart, is not in it', async () => {
  const { records, writer, recorder } = await recording();
  recorder.write(tone(1_000));
  recorder.pause();
  recorder.write(tone(1_000));
  recorder.resume();
  recorder.write(tone(500));
  recorder.screen(2_500, []);
  recorder.write(tone(1_500));
  recorder.dropFrom(2_500);
  recorder.close();
  expect(loud(records, writer.id)).toEqual([
    [0, 1_000],
    [2_000, 2_500],
  ]);
});

test('a crash loses a second at most; what it left unscreened is let go', async () => {
  const { vault, audit, records, writer, recorder } = await recording();
  recorder.write(tone(1_500));
  recorder.screen(1_000, []);
  recorder.write(tone(2_000));
  const durations = vault.db.prepare('SELECT sum(duration_ms) FROM recordings').pluck();
  expect(durations.get()).toBeGreaterThanOrEqual(2_500);
  openRecords(vault, audit, { clock: testClock() }).closeAbandoned(5);
  expect(loud(records, writer.id)).toEqual([[0, 1_000]]);
});

test('nobody hears it without a reason, and it can be forgotten', async () => {
  const { records, writer, recorder, vault } = await recording();
  recorder.write(tone(1_000));
  recorder.screen(1_000, []);
  expect(await refusal(() => records.listen({ memberId: 'eve', reason: ' ' }, writer.id))).toBe(
    'records/reason-missing',
  );
  const before = vault.db.prepare('SELECT sound FROM recordings').pluck().get() as Buffer;
  expect(records.forgetSound(writer.id)).toBe(1);
  expect(records.listen(WHO, writer.id)).toEqual([]);
  const scope = { kind: 'conversation', id: writer.id } as const;
  expect(await refusal(() => vault.keys.open(scope, before, 'sound/person/0'))).toBe('vault/damaged');
});
