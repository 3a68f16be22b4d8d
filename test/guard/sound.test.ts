import { describe, expect, it } from 'vitest';
import { openAuditLog } from '../../main/audit/index.ts';
import {
  DEFAULT_SOUND_POLICY,
  decide,
  openSoundGuard,
  readSoundPolicy,
  type SoundFinding,
  type SoundPolicy,
  spokenChallenge,
  TraceMeter,
  writeSoundPolicy,
} from '../../main/guard/index.ts';
import { readWav } from '../../main/media/index.ts';
import { tone, ultrasound } from '../attack/sound-attacks.ts';
import { sotto } from '../cli/sotto.ts';
import { dataFile } from '../support/data.ts';
import { testClock, throwaway } from '../vault/support.ts';

const HUMAN = dataFile('speech', 'read', '2033-164914-0003.wav');
const QUIET = { overAgent: false };

async function guarded(policy?: SoundPolicy) {
  const clock = testClock();
  const vault = await throwaway(clock);
  const audit = openAuditLog(vault, { clock });
  const guard = openSoundGuard({ audit, clock, ...(policy ? { policy } : {}) });
  const logged = () =>
    audit
      .recent(100)
      .map(({ json }) => JSON.parse(json))
      .filter(({ metadata }) => metadata.event_code === 'guard.finding')
      .map(({ unmapped }) => unmapped);
  return { clock, vault, audit, guard, logged };
}

function finding(kind: SoundFinding['kind'], score: number): SoundFinding {
  return { kind, score, reason: 'test', from: 'endpoint' };
}

describe('what is done', () => {
  it('is flagging, and refusing only what no voice can be', () => {
    expect(decide(DEFAULT_SOUND_POLICY, [])).toBe('ignore');
    expect(decide(DEFAULT_SOUND_POLICY, [finding('reverberant', 1), finding('repeat', 1)])).toBe('flag');
    // A person across the room, too.
    expect(decide(DEFAULT_SOUND_POLICY, [finding('reverberant', 1)])).toBe('ignore');
    expect(decide(DEFAULT_SOUND_POLICY, [finding('ultrasound', 0.7)])).toBe('flag');
    expect(decide(DEFAULT_SOUND_POLICY, [finding('ultrasound', 0.97), finding('comb', 0.6)])).toBe('refuse');
  });

  it('is what the site sets, kind by kind, and the setting is in the log', async () => {
    const { vault, audit, clock } = await guarded();
    expect(readSoundPolicy(vault)).toEqual(DEFAULT_SOUND_POLICY);
    const policy: SoundPolicy = { repeat: [{ from: 0.6, act: 'challenge' }], tone: [] };
    writeSoundPolicy(vault, audit, { policy, actor: 'system', clock });
    expect(readSoundPolicy(vault)).toEqual(policy);
    expect(decide(policy, [finding('repeat', 0.7), finding('tone', 1)])).toBe('challenge');
    // A kind that the site's policy does not name is flagged.
    expect(decide(policy, [finding('dtmf', 1)])).toBe('flag');
    expect(decide(policy, [finding('reverberant', 1)])).toBe('ignore');
    expect(decide({ reverberant: [{ from: 0.5, act: 'challenge' }] }, [finding('reverberant', 0.6)])).toBe(
      'challenge',
    );
    expect(audit.recent(1)[0]?.json).toContain('configuration.change');
  });

  it('leaves an entry for each finding that is acted on, and none for people', async () => {
    const { guard, logged } = await guarded();
    const watch = guard.watch('c1');
    const { samples } = await readWav(HUMAN);
    watch.begin();
    watch.push(samples, 16_000);
    expect(watch.end(QUIET)).toEqual({ action: 'ignore', findings: [] });
    watch.begin();
    watch.push(tone(1_000, 1_000), 16_000);
    expect(watch.end(QUIET).action).toBe('refuse');
    expect(logged()).toContainEqual(expect.objectContaining({ guard: 'sound', kind: 'tone', did: 'refuse' }));
  });

  it('knows across conversations what was heard before, but not the agent out of its own loudspeaker', async () => {
    const { guard } = await guarded();
    const { samples } = await readWav(HUMAN);
    const hears = (id: string, overAgent: boolean) => {
      const watch = guard.watch(id);
      watch.begin();
      watch.push(samples, 16_000);
      return watch.end({ overAgent }).findings.map(({ kind }) => kind);
    };
    expect(hears('c1', true)).toEqual([]);
    expect(hears('c2', false)).toEqual([]);
    expect(hears('c3', false)).toEqual(['repeat']);
    expect(hears('c4', true)).toEqual([]);
  });
});

describe('what a client measured before its codec', () => {
  it('adds to the evidence of the utterance, and is refused when it makes no sense', async () => {
    const { guard, logged } = await guarded();
    const { samples } = await readWav(HUMAN);
    const meter = new TraceMeter(48_000);
    meter.push(ultrasound(samples.subarray(0, 48_000), { carrierHz: 32_000, depth: 1 }));
    const trace = meter.read();
    if (!trace) throw new Error('Nothing was measured.');
    const watch = guard.watch('c1');
    watch.begin();
    watch.push(samples, 16_000);
    watch.clientTrace(trace);
    expect(watch.end(QUIET).findings).toMatchObject([{ kind: 'ultrasound', from: 'client' }]);
    expect(logged()).toHaveLength(1);
    expect(() => watch.clientTrace({ ...trace, follows: Number.NaN })).toThrow(/follows/);
    expect(() => watch.clientTrace({ ...trace, lowDb: Number.POSITIVE_INFINITY })).toThrow(/lowDb/);
  });
});

describe('a spoken challenge', () => {
  it('asks for other digits each time, and is answered by them in order, however they are written', () => {
    const asked = new Set(Array.from({ length: 20 }, () => spokenChallenge().prompt));
    expect(asked.size).toBeGreaterThan(15);
    const { prompt, answeredBy } = spokenChallenge();
    const digits = prompt.slice(prompt.lastIndexOf(':') + 2, -1);
    expect(digits.split(' ')).toHaveLength(4);
    expect(answeredBy(`it is ${digits}`)).toBe(true);
    expect(answeredBy(digits.replaceAll('zero', 'oh'))).toBe(true);
    expect(answeredBy(digits.split(' ').toReversed().join(' '))).toBe(
      digits === digits.split(' ').toReversed().join(' '),
    );
    expect(answeredBy(`${digits} nine`)).toBe(false);
    expect(answeredBy('')).toBe(false);
  });
});

describe('sotto guard audio', () => {
  it('tells the findings of each file, and that synthetic voices are not looked for', async () => {
    const key = dataFile('sound', 'dtmf', 'dtmf-5.wav');
    const { code, out } = await sotto(['guard', 'audio', '--json', HUMAN, key, HUMAN]);
    const told = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(told.map(({ file, action }) => [file, action])).toEqual([
      [HUMAN, 'ignore'],
      [key, 'refuse'],
      [HUMAN, 'flag'],
    ]);
    expect(told[1].findings).toMatchObject([{ kind: 'dtmf', score: 1 }]);
    expect(told[2].findings).toMatchObject([{ kind: 'repeat' }]);
    expect(told[0].synthetic.there).toBe(false);
  });

  it('goes on after a file that cannot be read, and says so', async () => {
    const { code, out } = await sotto(['guard', 'audio', '--json', import.meta.filename, HUMAN]);
    const [bad, good] = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(1);
    expect(bad.error.code).toBe('media/bad-wav');
    expect(good.action).toBe('ignore');
  });
});
