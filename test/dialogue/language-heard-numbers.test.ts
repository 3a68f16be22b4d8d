import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { silentLog } from '../../main/base/index.ts';
import { compileDesk, type Expectation, loadDeskPack } from '../../main/dialogue/index.ts';
import { startSpeech } from '../../main/speech/index.ts';
import { hear, readWav } from '../speech/sound.ts';
import { dataFile } from '../support/data.ts';
import { sentencesOf } from './jsgf-sentences.ts';
import { NOW, wordsDesk } from './language-desk.ts';

const DIGITS = 'zero one two three four five six seven eight nine'.split(' ');
const bank = compileDesk(await loadDeskPack(new URL('../../desks/bank-branch', import.meta.url).pathname));
const words = await wordsDesk();

/** A fixed pseudo-random sequence, so that a failure comes back. */
function seeded(): () => number {
  let state = 7;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What is understood of sentences that the grammar makes of numbers alone. */
function numbersHeard(desk: typeof bank, flow: string, slot: string): string[] {
  const expectation: Expectation = { kind: 'slot', flow, slot };
  const isNumber =
    /^(zero|oh|one|two|three|four|five|six|seven|eight|nine|\w+teen|ten|eleven|twelve|\w+ty|double|triple|hundred)$/;
  return sentencesOf(desk.grammar(expectation).jsgf, 1500, seeded())
    .filter((sentence) => sentence.length > 0 && sentence.every((word) => isNumber.test(word)))
    .map(
      (sentence) => desk.understand(sentence.join(' '), expectation, NOW).slots[slot] ?? sentence.join(' '),
    );
}

it('a grammar for so many digits never makes another count', () => {
  for (const [desk, flow, slot, form] of [
    [bank, 'check_balance', 'customer_number', /^\d{6}$/],
    [bank, 'check_balance', 'phone_code', /^\d{4}$/],
    [words, 'visit', 'reference', /^\d{6,8}$/],
    [words, 'visit', 'phone', /^\+?\d{7,13}$/],
  ] as const) {
    const heard = numbersHeard(desk, flow, slot);
    expect(heard.length, slot).toBeGreaterThan(400);
    expect(
      heard.filter((value) => !form.test(value)),
      slot,
    ).toEqual([]);
  }
});

it('the expected answer is likelier than all else together', () => {
  const expectation: Expectation = { kind: 'slot', flow: 'transfer_money', slot: 'amount' };
  const sentences = sentencesOf(bank.grammar(expectation).jsgf, 800, seeded());
  const answers = sentences.filter(
    (sentence) => bank.understand(sentence.join(' '), expectation, NOW).slots.amount !== undefined,
  );
  expect(answers.length / sentences.length).toBeGreaterThan(0.75);
});

it("a person's six digits, said one at a time, are heard as six digits and mostly right", {
  timeout: 60_000,
}, async () => {
  const expectation: Expectation = { kind: 'slot', flow: 'check_balance', slot: 'customer_number' };
  const takes = readdirSync(dataFile('speech', 'spelled'));
  const speech = await startSpeech({ log: silentLog });
  try {
    const stream = await speech.recogniser.open(bank.grammar(expectation));
    const numbers = ['036925', '857342', '498189', '850343', '212507', '360728', '593604', '724863'];
    const heard: string[] = [];
    for (const [turn, number] of numbers.entries()) {
      const parts = [...number].map((digit, at) => {
        const own = takes.filter((file) => file.startsWith(`${DIGITS[Number(digit)]}-`));
        return readWav(dataFile('speech', 'spelled', own[(turn + at) % own.length] ?? '')).samples.slice(
          2000,
          -2000,
        );
      });
      const { text } = await hear(stream, Float32Array.from(parts.flatMap((part) => [...part])));
      heard.push(bank.understand(text, expectation, NOW).slots.customer_number ?? text);
    }
    await stream.close();
    expect(
      heard.filter((value, at) => value === numbers[at]).length,
      heard.join(', '),
    ).toBeGreaterThanOrEqual(6);
  } finally {
    await speech.close();
  }
});
