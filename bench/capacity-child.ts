// People who call: WebRTC peers in a process of their own, so that their work is not the appliance's.
// Arguments: how many, seconds. Over IPC: { offer, peer } out, { answer, peer } in, { took, missed } out.
import { z } from 'zod';
import { delay } from '../main/base/index.ts';
import { levelOf, resample } from '../main/media/index.ts';
import { PERSON_RATE, personSays } from '../test/support/person.ts';
import { createWebRtcClient, type WebRtcClient } from '../test/support/webrtc-client.ts';

const RATE = 48_000;
const FRAME = 960;
const FRAME_MS = 20;
/** What arrives below this is silence. */
const SILENT_DB = -55;
/** The agent is done when it was silent for so long; then the person speaks. */
const QUIET_MS = 900;
const ANSWER_WITHIN_MS = 8_000;
/** People do not begin in the same moment. */
const APART_MS = 730;
const SAYS = [
  'what are your opening hours',
  'where can i park',
  'what can you do',
  'how much is a replacement card',
];

const [peers, seconds] = [Number(process.argv[2]), Number(process.argv[3])];
const took: number[] = [];
let missed = 0;

class Person {
  readonly #client: WebRtcClient;
  readonly #says: readonly Float32Array[];
  #next: number;
  #at = -1;
  #endedAt: number | null = null;
  #quietSince: number;
  #counted = 0;

  constructor(client: WebRtcClient, says: readonly Float32Array[], number: number) {
    this.#client = client;
    this.#says = says;
    this.#next = number;
    this.#quietSince = performance.now() + number * APART_MS;
  }

  beat(now: number): void {
    this.#hear(now);
    const speech = this.#says[this.#next % this.#says.length] ?? noise();
    if (this.#at < 0 && this.#endedAt === null && now - this.#quietSince > QUIET_MS) this.#at = 0;
    const frame = this.#at < 0 ? noise() : speech.slice(this.#at, this.#at + FRAME);
    this.#client.send(frame.length === FRAME ? frame : noise());
    if (this.#at < 0) return;
    this.#at += FRAME;
    if (this.#at + FRAME < speech.length) return;
    this.#at = -1;
    this.#next += 1;
    this.#endedAt = now;
  }

  /** The first sound after the end of speech is the answer. */
  #hear(now: number): void {
    const { heard, heardAt } = this.#client;
    for (; this.#counted < heard.length; this.#counted += 1) {
      const sound = heard[this.#counted];
      if (!sound || levelOf(sound).rmsDb < SILENT_DB) continue;
      const at = heardAt[this.#counted] ?? now;
      this.#quietSince = Math.max(this.#quietSince, at);
      if (this.#endedAt === null || at < this.#endedAt) continue;
      took.push(at - this.#endedAt);
      this.#endedAt = null;
    }
    if (this.#endedAt === null || now - this.#endedAt < ANSWER_WITHIN_MS) return;
    missed += 1;
    this.#endedAt = null;
  }
}

const says = await Promise.all(SAYS.map(sentence));
const clients = await Promise.all(Array.from({ length: peers }, () => createWebRtcClient()));
const answers = z.object({ answer: z.string(), peer: z.int() });
process.on('message', (message) => {
  const { answer, peer } = answers.parse(message);
  clients[peer]?.accept(answer);
});
for (const [peer, { offerSdp }] of clients.entries()) process.send?.({ offer: offerSdp, peer });
await Promise.all(clients.map(({ connected }) => connected));
const people = clients.map((client, i) => new Person(client, says, i));
const beganAt = performance.now();
for (let beats = 1; performance.now() - beganAt < seconds * 1000; beats += 1) {
  for (const person of people) person.beat(performance.now());
  await delay(Math.max(0, beganAt + beats * FRAME_MS - performance.now()));
}
process.send?.({ took, missed });
await new Promise((resolve) => process.once('disconnect', resolve));
for (const client of clients) client.close();
await delay(100);
process.exit(0);

/** At the rate of the peers, from its first sound to its last, so that its end is known to the frame. */
async function sentence(text: string): Promise<Float32Array> {
  const sound = resample(await personSays(text), PERSON_RATE, RATE);
  let end = sound.length;
  while (end > FRAME && levelOf(sound.subarray(end - FRAME, end)).rmsDb < -50) end -= FRAME;
  return sound.slice(0, end);
}

/** No microphone is ever wholly silent. */
function noise(): Float32Array {
  return new Float32Array(FRAME).map(() => (Math.random() - 0.5) * 0.0006);
}
