/** The notation of the table of sentences: what is expected, and what a sentence means then. */
import type { CompiledDesk, Expectation } from '../../main/dialogue/index.ts';

const NOW = new Date(2026, 10, 18, 9).getTime();

export function expectationOf(expected: string): Expectation {
  if (expected === 'open') return { kind: 'open' };
  if (expected.endsWith('?')) return { kind: 'yesNo', flow: expected.slice(0, -1) };
  const [flow = '', slot = ''] = expected.split('.');
  return { kind: 'slot', flow, slot };
}

export function meaningOf(desk: CompiledDesk, expectation: Expectation, text: string): string {
  const { commands, slots } = desk.understand(text, expectation, NOW);
  const parts = commands.flatMap((command) => {
    if (command.command === 'startFlow') return command.flow;
    if (command.command === 'setSlot' || command.command === 'correctSlot') return [];
    return command.command === 'outOfScope' ? 'nothing' : command.command;
  });
  const values = Object.entries(slots)
    .map(([slot, value]) => `${slot}=${value}`)
    .sort();
  return [...parts, ...values].join(' ') || 'nothing';
}
