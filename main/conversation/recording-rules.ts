import type { DeskPack, Expectation, Understanding } from '../dialogue/index.ts';
import type { MaskedSpan } from '../guard/index.ts';
import type { Span, SubjectReference } from '../records/index.ts';
import type { Recognition } from '../speech/index.ts';

/**
 * When in an utterance the masked parts of its text were said; null when that cannot be told: then none of it may be
 * kept. `text` is what was screened of the recognition.
 */
export function timesOf(
  text: string,
  masked: readonly MaskedSpan[],
  { words }: Pick<Recognition, 'words'>,
): readonly Span[] | null {
  const said = [...text.matchAll(/\S+/g)];
  const known = said.length === words.length && said.every(({ 0: word }, at) => word === words[at]?.text);
  if (!known) return masked.length === 0 && words.length === 0 ? [] : null;
  const spans = masked.map(({ start, end }) => {
    const own = words.filter((_, at) => {
      const { 0: word = '', index = 0 } = said[at] ?? {};
      return index < end && index + word.length > start;
    });
    const [first, last] = [own[0], own.at(-1)];
    return first && last ? { startMs: first.startMs, endMs: last.endMs } : null;
  });
  return spans.every((span) => span !== null) ? spans : null;
}

/** The question of the slot that is asked for; empty where none is. */
export function questionOf(pack: DeskPack, expected: Expectation): string {
  const ask = expected.kind === 'slot' ? pack.flows[expected.flow]?.slots[expected.slot]?.ask : undefined;
  return [ask ?? []].flat().join(' ');
}

/** Whether what is asked for now stands in a step that the pack keeps out of recordings: payment data. */
export function pausesRecording(pack: DeskPack, expected: Expectation): boolean {
  if (expected.kind === 'open') return false;
  const pauses = (slot: string | null) => (step: Steps[number]) =>
    'collect' in step && step.recording === 'pause' && (slot === null || step.collect.includes(slot));
  // A slot may be asked for in a flow that this one does; a yes or no belongs to the flow itself.
  if (expected.kind === 'slot')
    return Object.values(pack.flows).some(({ steps }) => anyStep(steps, pauses(expected.slot)));
  return anyStep(pack.flows[expected.flow]?.steps ?? [], pauses(null));
}

/**
 * Whom an utterance says the conversation is about: the slots that the pack declares a subject to be known by. Several
 * slots of one kind are taken together, in the order of the flow: the person is known once all of them are.
 * @param known the flow's slots from earlier turns.
 */
export function subjectsIn(
  pack: DeskPack,
  understanding: Understanding,
  expected: Expectation,
  known: Readonly<Record<string, string>>,
): readonly SubjectReference[] {
  const name = understanding.flow ?? (expected.kind === 'open' ? null : expected.flow);
  const flow = name === null ? undefined : pack.flows[name];
  const slotsOf = new Map<string, string[]>();
  for (const [slot, { subject }] of Object.entries(flow?.slots ?? {})) {
    if (subject === false) continue;
    const kind = subject === true ? slot : subject;
    slotsOf.set(kind, [...(slotsOf.get(kind) ?? []), slot]);
  }
  const all = { ...known, ...understanding.slots };
  return [...slotsOf].flatMap(([kind, slots]) => {
    const values = slots.map((slot) => all[slot]);
    const isNew = slots.some((slot) => understanding.slots[slot] !== undefined);
    return isNew && values.every((value) => value !== undefined) ? [{ kind, value: values.join(' ') }] : [];
  });
}

type Steps = NonNullable<DeskPack['flows'][string]>['steps'];

function anyStep(steps: Steps, is: (step: Steps[number]) => boolean): boolean {
  return steps.some((step) => {
    const inner = [
      ...('then' in step ? [...step.then, ...(step.else ?? [])] : []),
      ...('call' in step ? (step.otherwise ?? []) : []),
    ];
    return is(step) || anyStep(inner, is);
  });
}
