import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openThrowaway } from '../../main/appliance.ts';
import { installRoot, silentLog } from '../../main/base/index.ts';
import { deskVoice, promptSentences } from '../../main/conversation/index.ts';
import { levelOf, openWavEndpoint, readWav } from '../../main/media/index.ts';

const FRAME_MS = 20;
/** Quieter frames are no voice. */
const QUIET_DB = -65;

test('sentences follow each other without a gap: a reply lasts as long as its sentences', {
  timeout: 60_000,
}, async () => {
  const appliance = await openThrowaway({
    deskFolder: join(installRoot, 'desks', 'bank-branch'),
    log: silentLog,
  });
  onTestFinished(() => appliance.close());
  const { core, speech, folder } = appliance;
  const outFile = join(folder, 'agent.wav');
  const endpoint = await openWavEndpoint({ label: 'gaps', outFile });
  const live = core.converse({ member: null, endpoint, mode: 'handsFree' });
  const heard = await new Promise<string>((resolve) => {
    live.onEvent((event) => {
      if (event.type === 'heard') resolve(event.text);
    });
  });
  await live.end('done');

  const sentences = promptSentences(core.desk).filter((sentence) => heard.includes(sentence));
  expect(sentences.length).toBeGreaterThanOrEqual(4);
  let wholeMs = 0;
  for (const sentence of sentences)
    for await (const { samples, sampleRate } of speech.synthesiser.synthesise(sentence, deskVoice(core.desk)))
      wholeMs += (samples.length * 1000) / sampleRate;

  const { samples, sampleRate } = await readWav(outFile);
  const size = (sampleRate * FRAME_MS) / 1000;
  const loud = Array.from({ length: Math.floor(samples.length / size) }, (_, at) => at).filter(
    (at) => levelOf(samples.subarray(at * size, (at + 1) * size)).rmsDb > QUIET_DB,
  );
  const spokenMs = ((loud.at(-1) ?? 0) - (loud[0] ?? 0) + 1) * FRAME_MS;
  // The last sentence ends in a little quiet of its own, which is not counted here.
  expect(spokenMs).toBeGreaterThan(wholeMs - 700);
  expect(spokenMs).toBeLessThan(wholeMs + 60);
});
