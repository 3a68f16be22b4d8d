import type { Clock, Json } from '../base/index.ts';
import type { ToolEntry } from './desk-tools.ts';
import type { CallContext } from './gateway.ts';
import type { CallCounter } from './limits.ts';
import type { ReadBack } from './read-back.ts';
import { type Refusal, refusal } from './refusal.ts';
import type { ToolSchemas } from './schemas.ts';

export interface PolicyParts {
  readonly clock: Clock;
  readonly counter: CallCounter;
  readonly readBack: ReadBack;
}

/** One call as it is judged: at the proposal, and once more before it is carried out. */
export interface CallRequest {
  readonly name: string;
  readonly tool: ToolEntry;
  readonly schemas: ToolSchemas;
  readonly arguments: Readonly<Record<string, Json>>;
  readonly context: CallContext;
}

/** Every check that stands before a call, in one place. Null when all of them hold. */
export function judge(request: CallRequest, parts: PolicyParts): Refusal | null {
  const { name, tool, schemas, context } = request;
  const now = parts.clock.now();
  if (!tool.roles.some((role) => context.roles.includes(role)))
    return refusal('role', 'The person signed in at this desk may not do that.');
  if (tool.hours && !within(tool.hours, now))
    return refusal('hours', 'I cannot do that at this time of day.');
  // A step-up that cannot be asked for yet must not become no step-up.
  if (tool.stepUp !== 'none')
    return refusal('step-up', 'That needs a further check that this desk cannot make yet.');
  if (!schemas.acceptsArguments(request.arguments))
    return refusal('arguments', 'I do not have what I need to do that.');
  return tooMuch(request, parts.readBack) ?? parts.counter.refuses(name, tool, context, now);
}

function tooMuch({ name, tool, arguments: given }: CallRequest, readBack: ReadBack): Refusal | null {
  for (const [argument, most] of Object.entries(tool.limits.most ?? {})) {
    const value = Object.hasOwn(given, argument) ? given[argument] : undefined;
    if (value === undefined) continue;
    // A limit on what is no number cannot be kept, so it refuses.
    if (typeof value !== 'number' || !(value <= most))
      return refusal(
        'too-much',
        `That is more than I may do at this desk. The most is ${readBack(name, argument, String(most))}.`,
      );
  }
  return null;
}

function within({ from, to }: { readonly from: string; readonly to: string }, now: number): boolean {
  const date = new Date(now);
  const time = `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;
  return from <= to ? time >= from && time < to : time >= from || time < to;
}
