import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import koffi from 'koffi';
import { SottoError } from '../../base/index.ts';
import { finiteStateGrammar, type WordGraph } from './word-graph.ts';

/** Where Debian and Ubuntu put the general US English model. */
export const MODEL_FOLDER = '/usr/share/pocketsphinx/model/en-us';
export const DICTIONARY_FILE = `${MODEL_FOLDER}/cmudict-en-us.dict`;

const REMEDY = 'apt-get install libpocketsphinx3 pocketsphinx-en-us';

/** A stretch of the best path, in frames of 10 ms from the start of the utterance. */
export interface Segment {
  /** A word, a phone or a filler such as `<sil>`; alternative pronunciations end in `(2)`. */
  readonly unit: string;
  readonly firstFrame: number;
  readonly lastFrame: number;
  /** Acoustic score, log domain (base 1.0001, shifted right by 10 bits); higher is better. */
  readonly acoustic: number;
}

/** How much the grammar's likelihoods count beside those of the sound: as PocketSphinx weighs its language models. */
const PRIORS_WEIGHT = 6.5;

type Pointer = unknown;
type Native = ReturnType<typeof bind>;
let native: Native | undefined;

/** Finds the library and its model. @throws SottoError `speech/engine-unavailable` where one is missing. */
export function requirePocketSphinx(): void {
  library();
}

function library(): Native {
  if (native) return native;
  for (const file of [`${MODEL_FOLDER}/en-us/mdef`, `${MODEL_FOLDER}/en-us-phone.lm.bin`, DICTIONARY_FILE]) {
    if (!existsSync(file)) throw unavailable('The English model of PocketSphinx is not installed.');
  }
  try {
    native = bind();
    // Once and for all: a log file per decoder (`-logfn`) would be opened for each conversation and never closed.
    native.silenceLog(null);
  } catch (cause) {
    throw unavailable('The PocketSphinx library is not installed.', cause);
  }
  return native;
}

function unavailable(message: string, cause?: unknown): SottoError {
  return new SottoError('speech/engine-unavailable', message, { remedy: REMEDY, cause });
}

/** The C functions used here, of PocketSphinx 5prealpha (`libpocketsphinx.so.3`) and its sphinxbase. */
function bind() {
  const sphinx = koffi.load('libpocketsphinx.so.3');
  const base = koffi.load('libsphinxbase.so.3');
  return {
    argumentTable: sphinx.func('void *ps_args()'),
    parseArguments: base.func('void *cmd_ln_parse_r(void *, void *, int, const char **, int)'),
    freeArguments: base.func('int cmd_ln_free_r(void *)'),
    silenceLog: base.func('void err_set_logfp(void *)'),
    create: sphinx.func('void *ps_init(void *)'),
    free: sphinx.func('int ps_free(void *)'),
    addWord: sphinx.func('int ps_add_word(void *, const char *, const char *, int)'),
    logarithms: sphinx.func('void *ps_get_logmath(void *)'),
    setGraph: sphinx.func('int ps_set_fsg(void *, const char *, void *)'),
    readGraph: base.func('void *fsg_model_readfile(const char *, void *, float)'),
    freeGraph: base.func('int fsg_model_free(void *)'),
    select: sphinx.func('int ps_set_search(void *, const char *)'),
    forget: sphinx.func('int ps_unset_search(void *, const char *)'),
    begin: sphinx.func('int ps_start_utt(void *)'),
    process: sphinx.func('int ps_process_raw(void *, const int16_t *, size_t, int, int)'),
    end: sphinx.func('int ps_end_utt(void *)'),
    hypothesis: sphinx.func('const char *ps_get_hyp(void *, _Out_ int32_t *)'),
    frames: sphinx.func('int ps_get_n_frames(void *)'),
    segments: sphinx.func('void *ps_seg_iter(void *)'),
    nextSegment: sphinx.func('void *ps_seg_next(void *)'),
    segmentUnit: sphinx.func('const char *ps_seg_word(void *)'),
    segmentFrames: sphinx.func('void ps_seg_frames(void *, _Out_ int *, _Out_ int *)'),
    segmentScores: sphinx.func(
      'int32_t ps_seg_prob(void *, _Out_ int32_t *, _Out_ int32_t *, _Out_ int32_t *)',
    ),
  };
}

/**
 * One PocketSphinx decoder. Every call is synchronous; only to be used inside a worker process.
 * Writes no log: the library's own log holds what people say.
 */
export class Decoder {
  readonly #native: Native;
  #handle: Pointer;

  /**
   * @param options command-line style options of PocketSphinx, e.g. `{ '-dict': file }`.
   * @throws SottoError `speech/engine-unavailable`.
   */
  constructor(options: Readonly<Record<string, string>>) {
    this.#native = library();
    const all = { '-hmm': `${MODEL_FOLDER}/en-us`, ...options };
    const words = Object.entries(all).flat();
    const table = this.#native.argumentTable();
    const parsed: Pointer = this.#native.parseArguments(null, table, words.length, words, 1);
    if (!parsed) throw unavailable('PocketSphinx refused its options.');
    this.#handle = this.#native.create(parsed);
    this.#native.freeArguments(parsed);
    if (!this.#handle) throw unavailable('PocketSphinx could not load its model.');
  }

  /** `phones` in ARPAbet. False when a phone is unknown or the word is already there. */
  addWord(word: string, phones: string): boolean {
    return this.#native.addWord(this.#handle, word, phones, 0) >= 0;
  }

  /** Compiles a grammar under a name. False when a word of it has no pronunciation. */
  addGrammar(name: string, graph: WordGraph): boolean {
    const native = this.#native;
    const fsg: Pointer = inFile(finiteStateGrammar(graph), (file) =>
      native.readGraph(file, native.logarithms(this.#handle), PRIORS_WEIGHT),
    );
    if (!fsg) return false;
    const taken = native.setGraph(this.#handle, name, fsg) === 0;
    native.freeGraph(fsg);
    return taken;
  }

  removeGrammar(name: string): void {
    this.#native.forget(this.#handle, name);
  }

  select(name: string): boolean {
    return this.#native.select(this.#handle, name) === 0;
  }

  begin(): boolean {
    return this.#native.begin(this.#handle) === 0;
  }

  process(samples: Int16Array): void {
    this.#native.process(this.#handle, samples, samples.length, 0, 0);
  }

  /** A whole utterance at once: its features are normalised by its own mean. */
  processWhole(samples: Int16Array): void {
    this.#native.process(this.#handle, samples, samples.length, 0, 1);
  }

  end(): boolean {
    return this.#native.end(this.#handle) === 0;
  }

  /** The best path's words so far, undefined when there is none (after `end`: none that the grammar allows). */
  hypothesis(): string | undefined {
    const score = [0];
    return this.#native.hypothesis(this.#handle, score) ?? undefined;
  }

  /** Frames of 10 ms decoded in this utterance. */
  get frames(): number {
    return this.#native.frames(this.#handle);
  }

  /** The best path, stretch by stretch. */
  segments(): Segment[] {
    const found: Segment[] = [];
    const [first, last, acoustic, language, back] = [[0], [0], [0], [0], [0]];
    let at: Pointer = this.#native.segments(this.#handle);
    while (at) {
      this.#native.segmentFrames(at, first, last);
      this.#native.segmentScores(at, acoustic, language, back);
      found.push({
        unit: this.#native.segmentUnit(at) ?? '',
        firstFrame: first?.[0] ?? 0,
        lastFrame: last?.[0] ?? 0,
        acoustic: acoustic?.[0] ?? 0,
      });
      at = this.#native.nextSegment(at);
    }
    return found;
  }

  free(): void {
    if (this.#handle) this.#native.free(this.#handle);
    this.#handle = undefined;
  }
}

/** Lends the text as a file, which is how the library takes it. */
function inFile<T>(text: string, use: (file: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-grammar-'));
  try {
    const file = join(folder, 'grammar.fsg');
    writeFileSync(file, text);
    return use(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
