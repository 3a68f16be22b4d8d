import type { Clock, Json } from '../base/index.ts';
import type { ToolEntry } from './desk-tools.ts';
import type { CallContext } from './gateway.ts';
import { type CallCounter, overLedgerLimits } from './limits.ts';
import type { ReadBack } from './read-back.ts';
import { type Refusal, refusal } from './refusal.ts';
import type { ToolSchemas } from './schemas.ts';
import type { Switches } from './state/kill-switch.ts';
import type { ToolLedger } from './state/ledger.ts';
import type { StepUps } from './step-up/step-up.ts';

export interface PolicyParts {
  readonly deskId: string;
  readonly clock: Clock;
  /** IANA; undefined for that of the machine. */
  readonly timeZone: string | undefined;
  readonly switches: Switches;
  readonly counter: CallCounter;
  readonly ledger: ToolLedger;
  readonly stepUps: StepUps;
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
  const stopped = stoppedNow(name, tool.risk, parts.switches);
  if (stopped) return stopped;
  if (!tool.roles.some((role) => context.roles.includes(role)))
    return refusal('role', 'The person signed in at this desk may not do that.');
  if (tool.hours && !within(tool.hours, parts.clock.now(), parts.timeZone))
    return refusal('hours', 'I cannot do that at this time of day.');
  const impossible = tool.stepUp === 'none' ? null : parts.stepUps.impossible(context.memberId);
  if (impossible) return impossible;
  if (!schemas.acceptsArguments(request.arguments))
    return refusal('arguments', 'I do not have what I need to do that.');
  return (
    tooMuch(request, parts.readBack) ??
    parts.counter.refuses(name, tool, context) ??
    overLedgerLimits(parts.ledger, parts.deskId, request, parts.readBack)
  );
}

/** Whether a kill switch covers the tool. Switches that cannot be read count as thrown. */
export function stoppedNow(name: string, risk: string, switches: Switches): Refusal | null {
  const stopped = refusal('stopped', 'That has been switched off for now.');
  try {
    return switches.stops(name, risk) ? stopped : null;
  } catch {
    return stopped;
  }
}

function tooMuch({ name, tool, arguments: given }: CallRequest, readBack: ReadBack): Refusal | null {
  const { most = {}, mostPerDay = {} } = tool.limits;
  for (const argument of new Set([...Object.keys(most), ...Object.keys(mostPerDay)])) {
    const value = Object.hasOwn(given, argument) ? given[argument] : undefined;
    if (value === undefined) continue;
    const limit = most[argument] ?? Number.POSITIVE_INFINITY;
    // A limit on what is no number cannot be kept, so it refuses; less than nothing would give back what was used up.
    if (typeof value !== 'number' || !(value >= 0) || !(value <= limit))
      return refusal(
        'too-much',
        limit === Number.POSITIVE_INFINITY
          ? 'That is not an amount that I can use.'
          : `That is more than I may do at this desk. The most is ${readBack(name, argument, String(limit))}.`,
      );
  }
  return null;
}

/** By the wall clock of the place, as people keep hours: an hour that summer time takes away is not missed. */
function within(
  { from, to }: { readonly from: string; readonly to: string },
  now: number,
  timeZone: string | undefined,
): boolean {
  const format = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(timeZone === undefined ? {} : { timeZone }),
  });
  const time = format.format(now);
  return from <= to ? time >= from && time < to : time >= from || time < to;
}
