import koffi from 'koffi';
import { SottoError } from '../../base/index.ts';

const REMEDY = 'apt-get install espeak-ng';
/** From `speak_lib.h`. */
const SYNCHRONOUS = 2;
const DONT_EXIT_ON_ERROR = 0x8000;
const RATE = 1;
const UTF8 = 1;
/** `[[…]]` in the text holds mnemonics. */
const INLINE_PHONEMES = 0x100;
/** Mnemonics in ASCII, with `_` between phonemes (bits 8-23 hold the separator). */
const MNEMONICS = '_'.charCodeAt(0) << 8;
const BLOCK_MS = 60;

type Native = ReturnType<typeof bind>;

function bind() {
  const library = koffi.load('libespeak-ng.so.1');
  const callback = koffi.proto('int EspeakCallback(void *, int, void *)');
  return {
    callback,
    initialise: library.func('int espeak_Initialize(int, int, const char *, int)'),
    setCallback: library.func('void espeak_SetSynthCallback(EspeakCallback *)'),
    setVoice: library.func('int espeak_SetVoiceByName(const char *)'),
    setParameter: library.func('int espeak_SetParameter(int, int, int)'),
    synthesise: library.func('int espeak_Synth(const char *, size_t, uint, int, uint, uint, void *, void *)'),
    phonemes: library.func('const char *espeak_TextToPhonemes(_Inout_ const void **, int, int)'),
  };
}

/**
 * eSpeak NG (`libespeak-ng.so.1`), of which a process has exactly one: callers take turns. Synthesis runs on a
 * thread of its own; its callback comes back to this one, so that a stop can arrive between blocks.
 */
export class Espeak {
  readonly sampleRate: number;
  readonly #native: Native;
  #block: (samples: Int16Array) => boolean = () => false;
  #voice: string | undefined;

  /** @throws SottoError `speech/engine-unavailable`. */
  constructor() {
    try {
      this.#native = bind();
    } catch (cause) {
      throw new SottoError('speech/engine-unavailable', 'The eSpeak NG library is not installed.', {
        remedy: REMEDY,
        cause,
      });
    }
    this.sampleRate = this.#native.initialise(SYNCHRONOUS, BLOCK_MS, null, DONT_EXIT_ON_ERROR);
    if (this.sampleRate <= 0) {
      throw new SottoError('speech/engine-unavailable', 'eSpeak NG found no voice data.', { remedy: REMEDY });
    }
    const callback = (sound: unknown, count: number): number => {
      // An exception must not cross native frames.
      try {
        if (!sound || count <= 0) return 0;
        return this.#block(Int16Array.from(koffi.decode(sound, 'int16', count))) ? 0 : 1;
      } catch {
        return 1;
      }
    };
    this.#native.setCallback(koffi.register(callback, koffi.pointer(this.#native.callback)));
  }

  /** @throws SottoError `speech/unknown-voice`. */
  choose(voice: string): void {
    if (voice === this.#voice) return;
    if (this.#native.setVoice(voice) !== 0) {
      this.#voice = undefined;
      throw new SottoError('speech/unknown-voice', 'eSpeak NG has no voice of this name.', {
        remedy: 'Choose one that `espeak-ng --voices` lists, such as en-us.',
      });
    }
    this.#voice = voice;
  }

  /** `onBlock` gets each block as it is made and returns false to stop. One call at a time. */
  async speak(text: string, rate: number, onBlock: (samples: Int16Array) => boolean): Promise<void> {
    this.#native.setParameter(RATE, rate, 0);
    this.#block = onBlock;
    const size = Buffer.byteLength(text) + 1;
    const result = await new Promise<number>((resolve, reject) => {
      this.#native.synthesise.async(
        text,
        size,
        0,
        1,
        0,
        UTF8 | INLINE_PHONEMES,
        null,
        null,
        (error: unknown, status: number) => (error ? reject(error) : resolve(status)),
      );
    });
    this.#block = () => false;
    if (result !== 0) throw new SottoError('speech/engine-failed', 'eSpeak NG refused the sentence.');
  }

  /** Phoneme mnemonics of a text, `_` between them. */
  phonemes(text: string): string {
    const cursor: [unknown] = [Buffer.from(`${text}\0`)];
    const clauses: string[] = [];
    while (cursor[0]) clauses.push(this.#native.phonemes(cursor, UTF8, MNEMONICS) ?? '');
    return clauses.join(' ').trim();
  }
}
