/** A recogniser that serves one conversation after the other does not grow with them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { installRoot, silentLog } from '../../main/base/index.ts';
import { compileDesk, loadDeskPack } from '../../main/dialogue/index.ts';
import { startSpeech } from '../../main/speech/index.ts';

/** By then the heap has the size that one conversation after the other needs. */
const SETTLED_AFTER = 16;
const CONVERSATIONS = 30;
/** It was 2.8: nothing was collected for hours. */
const MOST_MIB_EACH = 1;

test('what a conversation leaves in the recogniser, memory and open files, is given back when it ends', {
  timeout: 60_000,
}, async () => {
  const desk = compileDesk(await loadDeskPack(join(installRoot, 'desks', 'bank-branch')));
  const [{ flow, slots } = { flow: '', slots: {} }] = Object.values(desk.pack.flows).filter(
    (each) => Object.keys(each.slots).length > 1,
  );
  const asked = Object.keys(slots).slice(0, 2);
  const grammars = [
    desk.grammar({ kind: 'open' }),
    ...asked.map((slot) => desk.grammar({ kind: 'slot', flow, slot })),
  ];
  const speech = await startSpeech({ log: silentLog });
  onTestFinished(() => speech.close());
  await speech.warmUp();
  const converse = async () => {
    const [first, ...others] = grammars;
    if (!first) throw new Error('no grammar');
    const stream = await speech.recogniser.open(first);
    for (const grammar of others) {
      await stream.setGrammar(grammar);
      await stream.begin();
      stream.write(new Float32Array(8_000));
      await stream.finish();
    }
    await stream.close();
  };
  let settled = 0;
  let opened = 0;
  for (let held = 1; held <= CONVERSATIONS; held += 1) {
    await converse();
    if (held !== SETTLED_AFTER) continue;
    settled = mebibytes(speech.pids().recogniser ?? 0);
    opened = openFiles(speech.pids().recogniser ?? 0);
  }
  expect(openFiles(speech.pids().recogniser ?? 0) - opened).toBeLessThan(CONVERSATIONS - SETTLED_AFTER);
  const grown = mebibytes(speech.pids().recogniser ?? 0) - settled;
  expect(grown / (CONVERSATIONS - SETTLED_AFTER)).toBeLessThan(MOST_MIB_EACH);
});

/** Anonymous memory of a process. */
function mebibytes(pid: number): number {
  return Number(/^RssAnon:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

/** Each conversation once left two open for good. */
function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}
