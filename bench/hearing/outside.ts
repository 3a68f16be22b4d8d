/** What is not meant for the desk and would be acted on all the same: by the evidence of words, and with the VAD before it. */
import { silentLog } from '../../main/base/index.ts';
import type { CompiledDesk, Expectation } from '../../main/dialogue/index.ts';
import { startSpeech, type VoiceActivityStream } from '../../main/speech/index.ts';
import { weigh } from '../../main/speech/recogniser/evidence.ts';
import { spreadOf } from '../../main/speech/recogniser/spread.ts';
import { table } from '../machine.ts';
import { BenchDecoder } from './decoder.ts';
import { samplesOf, wavFiles } from './sound.ts';

const RATE = 16_000;
/** Frames of voice activity on end that make an utterance, as in a conversation. */
const SPEECH_FRAMES = 3;
const NOISES: Readonly<Record<string, readonly string[]>> = {
  'kitchen noise, 2 s': ['speech', 'intent', 'noise', 'kitchen.wav'],
  'drive-through noise, 2 s': ['sound', 'drive-thru.wav'],
  'office noise (people talk in it), 2 s': ['sound', 'office.wav'],
  'babble behind a speaker, 2 s': ['sound', 'babble-speech-15dB.wav'],
};

/** @param desks each with the clips in turn, under every kind of expectation in turn. */
export async function outsideTable(desks: readonly CompiledDesk[]): Promise<string> {
  const speech = await startSpeech({ log: silentLog });
  try {
    const vad = await speech.vad.open();
    const rows: (string | number)[][] = [];
    for (const [name, sounds] of soundsOutside()) rows.push([name, ...(await actedOn(desks, vad, sounds))]);
    return table(['sound', 'clips', 'words alone', 'with the VAD before'], rows);
  } finally {
    await speech.close();
  }
}

function soundsOutside(): [string, Float32Array[]][] {
  const orders = wavFiles('speech', 'intent', 'wav').filter((_, at) => at % 8 === 0);
  const read = wavFiles('speech', 'read')
    .filter((_, at) => at % 2 === 0)
    .map((file) => samplesOf('speech', 'read', file));
  return [
    ['orders for coffee', orders.map((file) => samplesOf('speech', 'intent', 'wav', file))],
    ['LibriSpeech, first 4 s', read.map((samples) => samples.subarray(0, 4 * RATE))],
    ['LibriSpeech, 2 s of it', read.map((samples) => samples.subarray(RATE, 3 * RATE))],
    ...Object.entries(NOISES).map(([name, path]): [string, Float32Array[]] => [
      name,
      pieces(samplesOf(...path)),
    ]),
  ];
}

/** Up to 12 pieces of 2 s, evenly. */
function pieces(sound: Float32Array): Float32Array[] {
  const count = Math.min(12, Math.floor(sound.length / (2 * RATE)));
  return Array.from({ length: count }, (_, at) => {
    const from = Math.floor((at * (sound.length - 2 * RATE)) / Math.max(1, count - 1));
    return sound.subarray(from, from + 2 * RATE);
  });
}

async function actedOn(
  desks: readonly CompiledDesk[],
  vad: VoiceActivityStream,
  sounds: readonly Float32Array[],
): Promise<(string | number)[]> {
  let [byWords, byBoth, tried] = [0, 0, 0];
  for (const desk of desks) {
    const decoder = new BenchDecoder();
    const expected = expectationsOf(desk);
    for (const [at, samples] of sounds.entries()) {
      tried += 1;
      if (!acts(desk, decoder, expected(at), samples)) continue;
      byWords += 1;
      if (await isSpeech(vad, samples)) byBoth += 1;
    }
    decoder.free();
  }
  const share = (count: number) => `${((count / tried) * 100).toFixed(1)} %`;
  return [tried, share(byWords), share(byBoth)];
}

function acts(
  desk: CompiledDesk,
  decoder: BenchDecoder,
  expectation: Expectation,
  samples: Float32Array,
): boolean {
  const grammar = desk.grammar(expectation);
  const { text, path, loop, phones } = decoder.decode(grammar, samples, { whole: false });
  const { inGrammar } = weigh(path, loop, (unit) => phones[unit] ?? '', {
    outsideAbove: grammar.outsideAbove,
    spreadDb: spreadOf(samples),
  });
  return (
    inGrammar &&
    desk.understand(text, expectation, 0).commands.some(({ command }) => command !== 'outOfScope')
  );
}

async function isSpeech(vad: VoiceActivityStream, samples: Float32Array): Promise<boolean> {
  vad.reset();
  let onEnd = 0;
  return (await vad.write(samples)).some((probability) => {
    onEnd = probability > 0.5 ? onEnd + 1 : 0;
    return onEnd >= SPEECH_FRAMES;
  });
}

/** Anything, a yes or no, a slot: half of the time anything. */
function expectationsOf(desk: CompiledDesk): (at: number) => Expectation {
  const flows = Object.values(desk.pack.flows);
  const slots = flows.flatMap(({ flow, slots }) => Object.keys(slots).map((slot) => ({ flow, slot })));
  return (at) => {
    const [flow, slot] = [flows[at % flows.length], slots[at % slots.length]];
    if (at % 4 === 1 && flow) return { kind: 'yesNo', flow: flow.flow };
    if (at % 4 === 3 && slot) return { kind: 'slot', ...slot };
    return { kind: 'open' };
  };
}
