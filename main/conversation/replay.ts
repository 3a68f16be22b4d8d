import { z } from 'zod';
import { canonicalJson, type Json, SottoError } from '../base/index.ts';
import type { CompiledDesk } from '../dialogue/index.ts';
import type { Mind, TurnTaken } from './mind.ts';
import { type FreshDialogue, MindAgain } from './rehearsal.ts';

/** A conversation as it came in, with what tools answered. One a file. Holds what was said in clear. */
export interface ReplayLog {
  readonly format: 1;
  readonly deskId: string;
  /** Of the pack that it was held with: another decides otherwise. */
  readonly packHash: string;
  /** IANA name: "tomorrow" depends on it. */
  readonly timeZone: string;
  readonly turns: readonly TurnTaken[];
}

/** One thing that came out otherwise. */
export interface ReplayDifference {
  /** From 1. */
  readonly turn: number;
  readonly what: 'input' | 'understanding' | 'act' | 'end';
  readonly before: Json;
  readonly now: Json;
}

const fraction = z.number().min(0).max(1);
const anything = z.json();
const objectOfAnything = z.looseObject({});
const inputSchema = z.discriminatedUnion('input', [
  z.strictObject({ input: z.literal('begin') }),
  z.strictObject({
    input: z.literal('words'),
    text: z.string().max(20_000),
    via: z.enum(['voice', 'typed']),
    confidence: fraction,
    inGrammar: z.boolean(),
    wordConfidences: z.array(fraction).max(5000).optional(),
  }),
  z.strictObject({ input: z.literal('decide'), decision: z.enum(['approve', 'refuse']) }),
  z.strictObject({ input: z.enum(['proven', 'withdrawn']) }),
  z.strictObject({ input: z.literal('silence') }),
  z.strictObject({ input: z.literal('fault'), code: z.string().max(200) }),
]);
const actSchema = z.looseObject({
  act: z.enum(['say', 'propose', 'execute', 'withdraw', 'handOff', 'end']),
});
const resultSchema = z.looseObject({
  kind: z.enum(['ready', 'confirm', 'refused', 'ok', 'failed', 'unknown']),
});
const turnSchema = z.strictObject({
  at: z.number(),
  monotonicMs: z.number(),
  input: inputSchema,
  understanding: objectOfAnything.nullable(),
  byModel: z.literal(true).optional(),
  steps: z.array(z.strictObject({ act: actSchema, result: resultSchema.optional() })).max(2_000),
  whole: z.boolean(),
});
const logSchema = z.strictObject({
  format: z.literal(1),
  deskId: z.string(),
  packHash: z.string(),
  timeZone: z.string(),
  turns: z.array(turnSchema).max(1_000),
});

/** What a mind has been through; null when it was too much to keep. */
export function replayLog(mind: Mind): ReplayLog | null {
  const { pack } = mind.desk;
  if (!mind.turns) return null;
  return {
    format: 1,
    deskId: pack.desk.id,
    packHash: pack.hash,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    // As it stands now: turns still change while they run.
    turns: structuredClone(mind.turns) as readonly TurnTaken[],
  };
}

/**
 * Reads a replay log from its file's text. Acts and results are compared and fed back, never carried out, so that a
 * file which was tampered with can only make a wrong comparison.
 * @throws SottoError `replay/bad-file`
 */
export function parseReplayLog(text: string): ReplayLog {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw badFile('it is not JSON');
  }
  const parsed = logSchema.safeParse(raw);
  if (parsed.success) return parsed.data as unknown as ReplayLog;
  throw badFile(`its ${parsed.error.issues[0]?.path.join('.') || 'form'} is not that of a replay log`);
}

/**
 * Runs a conversation again from what came in, and tells what is decided otherwise now: what its words mean, what is
 * said, what is asked of tools. Tools are not asked: they answer as they did.
 * @throws SottoError `replay/other-pack` when the desk pack is not the one that it was held with.
 */
export function replay(
  desk: CompiledDesk,
  fresh: FreshDialogue,
  log: ReplayLog,
): readonly ReplayDifference[] {
  if (log.packHash !== desk.pack.hash) {
    throw new SottoError('replay/other-pack', 'The conversation was held with another desk pack.', {
      remedy: `Give the pack whose hash begins with ${log.packHash.slice(0, 12)}.`,
    });
  }
  const again = new MindAgain(desk, fresh);
  return log.turns.flatMap((before, index) => differences(index + 1, before, again.again(before)));
}

/**
 * What two conversations that should be one decided differently: of what was heard, the words and not how surely they
 * were heard. Silences are left out: they come when they come.
 */
export function compareReplays(before: ReplayLog, now: ReplayLog): readonly ReplayDifference[] {
  const told = (log: ReplayLog) =>
    log.turns.filter(({ input }) => input.input !== 'silence').map(withoutChance);
  const [first, second] = [told(before), told(now)];
  const found: ReplayDifference[] = [];
  for (let at = 0; at < Math.max(first.length, second.length); at += 1) {
    const [one, other] = [plain(first[at]), plain(second[at])];
    if (canonicalJson(one) !== canonicalJson(other))
      found.push({ turn: at + 1, what: 'input', before: one, now: other });
  }
  return found;
}

/** A turn without what differs from one hearing of the same sound to the next: times, confidences, names of proposals. */
function withoutChance({ input, steps }: TurnTaken): unknown {
  const heard = input.input === 'words' ? { ...input, confidence: null, wordConfidences: null } : input;
  const acts = steps.map(({ act }) => ('proposalId' in act ? { ...act, proposalId: null } : act));
  return { input: heard, acts };
}

function differences(turn: number, before: TurnTaken, now: TurnTaken): ReplayDifference[] {
  const found: ReplayDifference[] = [];
  const compare = (what: ReplayDifference['what'], first: unknown, second: unknown) => {
    const [one, other] = [plain(first), plain(second)];
    if (canonicalJson(one) !== canonicalJson(other)) found.push({ turn, what, before: one, now: other });
  };
  compare('understanding', before.understanding, now.understanding);
  for (let at = 0; at < Math.max(before.steps.length, now.steps.length); at += 1) {
    compare('act', before.steps[at]?.act ?? null, now.steps[at]?.act ?? null);
  }
  compare('end', before.whole, now.whole);
  return found;
}

/** As JSON would carry it. */
function plain(value: unknown): Json {
  return anything.parse(JSON.parse(JSON.stringify(value ?? null))) as Json;
}

function badFile(why: string): SottoError {
  return new SottoError('replay/bad-file', `The replay log cannot be used: ${why}.`, {
    remedy: 'Give a file that `sotto talk --keep-replay FILE` wrote.',
  });
}
