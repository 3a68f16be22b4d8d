/** What a test expects of a turn, held against what came of it. */
import { isDeepStrictEqual } from 'node:util';
import type { Dialogue, Expectation } from '../acts.ts';
import { listOf, type ReplyName, repliesOf } from '../flow/wordings.ts';
import type { DeskDeclaration } from '../pack/schema.ts';
import type { ToolCall, TurnResult } from './stage.ts';
import type { Calls, Matcher, TurnDeclaration } from './test-schema.ts';

/** One expectation that was not met. */
export interface Miss {
  /** The key in the turn that says what was expected; null for the turn as a whole. */
  readonly key: keyof TurnDeclaration | 'opening' | null;
  readonly expected: string;
  readonly actual: string;
}

export function missesOf(
  turn: TurnDeclaration,
  result: TurnResult,
  dialogue: Dialogue,
  desk: DeskDeclaration,
): readonly Miss[] {
  const faults = result.faults.map((actual) => ({ key: null, expected: 'a test that can be held', actual }));
  const replies =
    turn.replied === undefined ? [] : repliesMissed('replied', turn.replied, result.reply, desk);
  return [
    ...faults,
    ...withheldIn(result),
    ...replies,
    ...callsMissed('called', turn.called, result.called),
    ...callsMissed('proposed', turn.proposed, result.proposed),
    ...stateMissed(turn, dialogue),
    ...handOffMissed(turn.handOff, result.handOff),
    ...valueMissed('ended', turn.ended, result.ended),
  ];
}

/** What was said before anybody spoke. */
export function openingMissed(
  expected: Parameters<typeof repliesMissed>[1] | undefined,
  result: TurnResult,
  desk: DeskDeclaration,
): readonly Miss[] {
  const replies = expected === undefined ? [] : repliesMissed('opening', expected, result.reply, desk);
  return [...withheldIn(result), ...replies];
}

function withheldIn({ withheld }: TurnResult): readonly Miss[] {
  return withheld.map(({ text, reasons }) => ({
    key: null,
    expected: 'replies that may be said',
    actual: `withheld (${reasons.join(', ')}): ${text}`,
  }));
}

function stateMissed(turn: TurnDeclaration, dialogue: Dialogue): readonly Miss[] {
  const { flow, slots } = dialogue.snapshot();
  const values = Object.entries(turn.state ?? {}).flatMap(([slot, value]) =>
    valueMissed('state', `${slot} ${value}`, `${slot} ${slots[slot] ?? '(not known)'}`),
  );
  return [
    ...valueMissed('asked', turn.asked, askedIn(dialogue.expectation)),
    ...valueMissed('flow', turn.flow, flow ?? 'none'),
    ...values,
  ];
}

function valueMissed(
  key: keyof TurnDeclaration,
  expected: string | boolean | undefined,
  actual: string | boolean,
): readonly Miss[] {
  if (expected === undefined || expected === actual) return [];
  return [{ key, expected: String(expected), actual: String(actual) }];
}

function callsMissed(
  key: 'called' | 'proposed',
  expected: Calls | undefined,
  actual: readonly ToolCall[],
): readonly Miss[] {
  if (expected === undefined || sameCalls(expected, actual)) return [];
  return [{ key, expected: callsInWords(expectedCalls(expected)), actual: callsInWords(actual) }];
}

export function repliesMissed(
  key: 'replied' | 'opening',
  matchers: Matcher | readonly Matcher[],
  reply: string,
  desk: DeskDeclaration,
): readonly Miss[] {
  const list: readonly Matcher[] = Array.isArray(matchers) ? matchers : [matchers as Matcher];
  return list.flatMap((matcher) =>
    matches(matcher, reply, desk)
      ? []
      : { key, expected: matcherInWords(matcher), actual: JSON.stringify(reply) },
  );
}

function matches(matcher: Matcher, reply: string, desk: DeskDeclaration): boolean {
  if (typeof matcher === 'string') return plain(reply).includes(plain(matcher));
  if ('is' in matcher) return plain(reply) === plain(matcher.is);
  if ('not' in matcher) return !plain(reply).includes(plain(matcher.not));
  if ('matches' in matcher) return new RegExp(matcher.matches, 'i').test(reply);
  return wordingsCalled(matcher.wording, desk).some((wording) => patternOf(wording).test(reply));
}

function matcherInWords(matcher: Matcher): string {
  if (typeof matcher === 'string') return JSON.stringify(matcher);
  if ('is' in matcher) return `exactly ${JSON.stringify(matcher.is)}`;
  if ('not' in matcher) return `no ${JSON.stringify(matcher.not)}`;
  return 'matches' in matcher ? `something like /${matcher.matches}/` : `the wording \`${matcher.wording}\``;
}

/** The wordings of a name: what the desk says, or Sotto where it does not. */
function wordingsCalled(name: string, desk: DeskDeclaration): readonly string[] {
  if (name === 'greeting') return listOf(desk.greeting);
  if (name === 'handOff') return listOf(desk.handOff.say);
  return repliesOf(desk, name as ReplyName) ?? [];
}

/** A wording with anything where its names stand. */
function patternOf(wording: string): RegExp {
  const parts = wording.split(/\{[^{}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(parts.join('.*'));
}

function plain(text: string): string {
  return text.toLowerCase().replace(/\s+/g, ' ').trim();
}

function askedIn(expectation: Expectation): string {
  if (expectation.kind === 'slot') return expectation.slot;
  return expectation.kind === 'yesNo' ? 'yesNo' : 'nothing';
}

interface ExpectedCall {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>> | null;
}

function expectedCalls(calls: Calls): readonly ExpectedCall[] {
  const list = Array.isArray(calls) ? calls : [calls];
  return list.flatMap((call): readonly ExpectedCall[] =>
    typeof call === 'string'
      ? [{ tool: call, arguments: null }]
      : Object.entries(call).map(([tool, given]) => ({ tool, arguments: given })),
  );
}

function sameCalls(expected: Calls, actual: readonly ToolCall[]): boolean {
  const list = expectedCalls(expected);
  return (
    list.length === actual.length &&
    list.every(({ tool, arguments: wanted }, index) => {
      const call = actual[index];
      return (
        call?.tool === tool &&
        Object.entries(wanted ?? {}).every(([name, value]) => isDeepStrictEqual(call.arguments[name], value))
      );
    })
  );
}

function callsInWords(calls: readonly { tool: string; arguments: unknown }[]): string {
  if (calls.length === 0) return 'no call';
  return calls
    .map(({ tool, arguments: given }) => (given === null ? tool : `${tool} ${JSON.stringify(given)}`))
    .join(', ');
}

function handOffMissed(
  expected: boolean | string | undefined,
  actual: TurnResult['handOff'],
): readonly Miss[] {
  if (expected === undefined) return [];
  if (typeof expected === 'boolean') return valueMissed('handOff', expected, actual !== null);
  const met =
    expected === 'urgent' ? actual?.urgent : actual && plain(actual.reason).includes(plain(expected));
  if (met) return [];
  const called = actual ? `${actual.reason}${actual.urgent ? ' (urgent)' : ''}` : 'nobody was called';
  return [{ key: 'handOff', expected, actual: called }];
}
