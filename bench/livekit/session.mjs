// The same turn through @livekit/agents: its session, its Silero plug-in and its endpointing, with Sotto's recogniser,
// dialogue and synthesiser behind its interfaces. JavaScript, so that the project's types do not depend on a package that
// is installed for this bench alone.

import { ReadableStream } from 'node:stream/web';
import { initializeLogger, llm, stt, tts, voice } from '@livekit/agents';
import * as silero from '@livekit/agents-plugin-silero';
import { AudioFrame } from '@livekit/rtc-node';

const RATE = 16_000;
const FRAME = RATE / 50;

/**
 * Opens a session. `hear()` opens Sotto's recognition stream, `answer(text)` is its dialogue (a list of sentences),
 * `speak(text)` its synthesiser. `pauseMs`: how long the Silero VAD and the endpointing wait after speech; null: both as
 * the packages come. `say(samples, speechEndsAt)` feeds a recording in real time and resolves with the milliseconds from
 * the end of its speech to the first sound of the reply.
 */
export async function openSession({ hear, answer, speak, pauseMs }) {
  initializeLogger({ pretty: false, level: 'fatal' });
  const vad = await silero.VAD.load(pauseMs === null ? {} : { minSilenceDuration: pauseMs });
  const input = new Input();
  const output = new Output();
  const session = new voice.AgentSession({
    vad,
    // Without these three the session leaves out the nodes that Person overrides.
    stt: new NoRecogniser(),
    llm: new NoModel(),
    tts: new NoVoice(),
    turnHandling: {
      turnDetection: 'vad',
      ...(pauseMs === null ? {} : { endpointing: { mode: 'fixed', minDelay: pauseMs, maxDelay: 3000 } }),
    },
  });
  session.input.audio = input;
  session.output.audio = output;
  await session.start({ agent: new Person({ instructions: '' }, { vad, hear, answer, speak }) });
  return {
    say: (samples, speechEndsAt) => input.say(samples, speechEndsAt, output),
    close: async () => {
      input.stop();
      await session.close();
    },
  };
}

class NoRecogniser extends stt.STT {
  label = 'sotto';
  constructor() {
    super({ streaming: true, interimResults: false });
  }
}

class NoModel extends llm.LLM {
  label() {
    return 'sotto';
  }
}

class NoVoice extends tts.TTS {
  label = 'sotto';
  constructor() {
    super(RATE, 1, { streaming: true });
  }
}

class Person extends voice.Agent {
  constructor(options, parts) {
    super(options);
    this.parts = parts;
  }

  /** Decodes while the sound comes in, as Sotto does; its VAD says when an utterance begins and ends. */
  async sttNode(audio) {
    const { vad, hear } = this.parts;
    return new ReadableStream({
      start: async (controller) => {
        const heard = vad.stream();
        const recogniser = await hear();
        let open = false;
        const recent = [];
        const feed = async () => {
          for await (const frame of audio) {
            heard.pushFrame(frame);
            const samples = Float32Array.from(frame.data, (value) => value / 32_768);
            if (open) recogniser.write(samples);
            else if (recent.push(samples) > 25) recent.shift();
          }
        };
        feed().catch(() => {});
        for await (const event of heard) {
          if (event.type === 0) {
            controller.enqueue({ type: stt.SpeechEventType.START_OF_SPEECH });
            await recogniser.begin();
            for (const samples of recent.splice(0)) recogniser.write(samples);
            open = true;
          } else if (event.type === 2 && open) {
            open = false;
            const { text } = await recogniser.finish();
            const data = { text, language: 'en', startTime: 0, endTime: 0, confidence: 1 };
            controller.enqueue({ type: stt.SpeechEventType.FINAL_TRANSCRIPT, alternatives: [data] });
            controller.enqueue({ type: stt.SpeechEventType.END_OF_SPEECH });
          }
        }
      },
    });
  }

  async llmNode(chat) {
    const last = chat.items.findLast((item) => item.role === 'user');
    const sentences = this.parts.answer(last?.textContent ?? '');
    return new ReadableStream({
      start: (controller) => {
        for (const sentence of sentences) controller.enqueue(`${sentence} `);
        controller.close();
      },
    });
  }

  async ttsNode(text) {
    const { speak } = this.parts;
    return new ReadableStream({
      start: async (controller) => {
        for await (const sentence of text)
          for await (const { samples, sampleRate } of speak(sentence)) {
            const data = Int16Array.from(samples, (value) => Math.max(-1, Math.min(1, value)) * 32_767);
            controller.enqueue(new AudioFrame(data, sampleRate, 1, data.length));
          }
        controller.close();
      },
    });
  }
}

/** Twenty milliseconds of sound every twenty milliseconds, silence between recordings. */
class Input extends voice.AudioInput {
  #queue = [];
  #controller;
  #timer;
  #done = null;

  constructor() {
    super();
    const stream = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
      },
    });
    this.multiStream.addInputStream(stream);
    let next = performance.now();
    const beat = () => {
      next += 20;
      this.#push();
      this.#timer = setTimeout(beat, Math.max(0, next - performance.now()));
    };
    beat();
  }

  async say(samples, speechEndsAt, output) {
    const frames = [];
    for (let at = 0; at < samples.length; at += FRAME) {
      const data = new Int16Array(FRAME);
      samples.subarray(at, at + FRAME).forEach((value, i) => {
        data[i] = Math.max(-1, Math.min(1, value)) * 32_767;
      });
      frames.push({ data, last: at <= speechEndsAt && speechEndsAt < at + FRAME });
    }
    const ended = new Promise((resolve) => {
      this.#done = resolve;
    });
    this.#queue.push(...frames);
    const endedAt = await ended;
    return (await output.firstSoundAfter(endedAt)) - endedAt;
  }

  stop() {
    clearTimeout(this.#timer);
    this.#controller.close();
  }

  #push() {
    const { data = roomNoise(), last = false } = this.#queue.shift() ?? {};
    this.#controller.enqueue(new AudioFrame(data, RATE, 1, FRAME));
    if (last) this.#done?.(performance.now());
  }
}

/** No microphone gives exact zeroes; a few steps of noise, as Sotto's own endpoint on recordings has. */
function roomNoise() {
  return Int16Array.from({ length: FRAME }, () => (Math.random() - 0.5) * 20);
}

/** Plays nothing: notes when the first sound of a reply comes, and reports it as played at once. */
class Output extends voice.AudioOutput {
  #waiting = null;
  #open = false;

  firstSoundAfter() {
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  async captureFrame(frame) {
    await super.captureFrame(frame);
    if (this.#open) return;
    this.#open = true;
    this.#waiting?.(performance.now());
    this.#waiting = null;
    this.onPlaybackStarted(Date.now());
  }

  flush() {
    super.flush();
    if (!this.#open) return;
    this.#open = false;
    this.onPlaybackFinished({ playbackPosition: 0, interrupted: false });
  }

  clearBuffer() {
    this.flush();
  }
}
