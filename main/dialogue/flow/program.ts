import type { FlowDeclaration, Step } from '../pack/schema.ts';
import { placeholdersOf } from '../pack/template.ts';
import { type Condition, parseCondition, pathsOf } from './condition.ts';

export interface CallOp {
  readonly op: 'call';
  readonly tool: string;
  readonly arguments: Readonly<Record<string, string | number | boolean>>;
  readonly save: string | null;
  /** Where to go on when it was refused or failed. */
  readonly otherwise: number;
}

export type Op =
  | { readonly op: 'collect'; readonly slots: readonly string[] }
  | { readonly op: 'say'; readonly wordings: readonly string[] }
  | CallOp
  | { readonly op: 'unless'; readonly condition: Condition; readonly to: number }
  | { readonly op: 'jump'; readonly to: number }
  | { readonly op: 'answer'; readonly question: string }
  | { readonly op: 'forget'; readonly slots: readonly string[] }
  | { readonly op: 'handOff'; readonly reason: string }
  | { readonly op: 'end'; readonly reason: string }
  | { readonly op: 'start'; readonly flow: string };

/**
 * A flow's steps laid out in a line, branches as jumps: where a flow stands is then one number, and it can be left
 * and come back to at any step. Jumps only go forward, so a flow always ends.
 */
export function programOf(flow: FlowDeclaration): readonly Op[] {
  const ops: Op[] = [];
  /** Calls whose `otherwise` block is laid out after the main line. */
  const aside: { readonly at: number; readonly steps: readonly Step[] }[] = [];
  layOut(flow.steps, ops, aside);
  const jumpsToEnd: number[] = [ops.push({ op: 'jump', to: 0 }) - 1];
  for (let next = aside.shift(); next; next = aside.shift()) {
    const call = ops[next.at];
    if (call?.op === 'call') ops[next.at] = { ...call, otherwise: ops.length };
    layOut(next.steps, ops, aside);
    jumpsToEnd.push(ops.push({ op: 'jump', to: 0 }) - 1);
  }
  for (const at of jumpsToEnd) ops[at] = { op: 'jump', to: ops.length };
  return ops.map((op) => (op.op === 'call' && op.otherwise < 0 ? { ...op, otherwise: ops.length } : op));
}

/** The slots that a step reads: what a correction must go back to. */
export function slotsReadBy(op: Op): readonly string[] {
  if (op.op === 'collect') return op.slots;
  if (op.op === 'unless') return pathsOf(op.condition).map(([head]) => head ?? '');
  if (op.op !== 'call') return [];
  return Object.values(op.arguments).flatMap((value) =>
    typeof value === 'string' ? placeholdersOf(value).map(([head]) => head ?? '') : [],
  );
}

function layOut(steps: readonly Step[], ops: Op[], aside: { at: number; steps: readonly Step[] }[]): void {
  for (const step of steps) {
    if ('if' in step) layOutBranch(step, ops, aside);
    else {
      if ('call' in step && step.otherwise) aside.push({ at: ops.length, steps: step.otherwise });
      ops.push(opOf(step));
    }
  }
}

function layOutBranch(
  step: Extract<Step, { if: string }>,
  ops: Op[],
  aside: { at: number; steps: readonly Step[] }[],
): void {
  const condition = parseCondition(step.if);
  const test = ops.push({ op: 'unless', condition, to: 0 }) - 1;
  layOut(step.then, ops, aside);
  if (step.else) {
    const over = ops.push({ op: 'jump', to: 0 }) - 1;
    ops[test] = { op: 'unless', condition, to: ops.length };
    layOut(step.else, ops, aside);
    ops[over] = { op: 'jump', to: ops.length };
  } else ops[test] = { op: 'unless', condition, to: ops.length };
}

function opOf(step: Exclude<Step, { if: string }>): Op {
  if ('collect' in step) return { op: 'collect', slots: step.collect };
  if ('say' in step) return { op: 'say', wordings: typeof step.say === 'string' ? [step.say] : step.say };
  if ('call' in step)
    return {
      op: 'call',
      tool: step.call,
      arguments: step.with ?? {},
      save: step.save ?? null,
      otherwise: -1,
    };
  if ('answer' in step) return { op: 'answer', question: step.answer };
  if ('forget' in step) return { op: 'forget', slots: step.forget };
  if ('handOff' in step) return { op: 'handOff', reason: step.handOff };
  if ('end' in step) return { op: 'end', reason: step.end };
  return { op: 'start', flow: step.start };
}
