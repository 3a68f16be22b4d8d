import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { asSureAsHeard } from '../../main/conversation/understood.ts';
import { compileDesk, loadDeskPack } from '../../main/dialogue/index.ts';

const folder = fileURLToPath(new URL('../../desks/bank-branch', import.meta.url));
const desk = compileDesk(await loadDeskPack(folder));
const text = 'transfer fifty dollars from checking to savings';
const understanding = desk.understand(text, { kind: 'open' }, new Date(2026, 10, 18, 9).getTime());

function confidences(wordConfidences?: readonly number[]): Record<string, number> {
  const heard = { confidence: 0.5, ...(wordConfidences && { wordConfidences }) };
  return Object.fromEntries(
    asSureAsHeard(understanding, heard).commands.flatMap((command) =>
      command.command === 'setSlot' ? [[command.slot, command.confidence]] : [],
    ),
  );
}

test('only the slot whose word was hardly heard is unsure', () => {
  const sure = confidences([0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.2]);
  expect(sure.to_account).toBe(0.2);
  expect(sure.amount).toBeGreaterThan(0.8);
  expect(sure.from_account).toBeGreaterThan(0.8);
});

test('where the words do not fit the sentence, each slot is as sure as the sentence', () => {
  expect(confidences([0.9, 0.1])).toEqual({ amount: 0.5, from_account: 0.5, to_account: 0.5 });
  expect(confidences()).toEqual({ amount: 0.5, from_account: 0.5, to_account: 0.5 });
});

test('what else a sentence asks for is no surer than the sentence was heard', () => {
  const both = desk.understand(`what is my balance and ${text}`, { kind: 'open' }, 0);
  const further = asSureAsHeard(both, { confidence: 0.3 }).then?.flatMap(({ commands }) => commands) ?? [];
  const values = further.filter((command) => command.command === 'setSlot');
  expect(values.length).toBe(3);
  for (const { confidence } of values) expect(confidence).toBeLessThanOrEqual(0.3);
});
