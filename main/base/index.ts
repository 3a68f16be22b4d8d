/**
 * Base: what every room stands on and none owns: typed errors, time, ids, bounded queues, events,
 * canonical JSON, Fourier transforms, numbers in words, markup, log lines, notes between programs, and the layout of the data
 * folder. It imports no other room.
 */
export { canonicalJson, type Json } from './canonical-json.ts';
export { type Clock, delay, systemClock } from './clock.ts';
export { type DroppedNote, dropNote, droppedNotes } from './drop-box.ts';
export { Emitter, type Unsubscribe } from './emitter.ts';
export { codeOf, hasCode, SottoError } from './errors.ts';
export { emptySpectrum, Fft, type Spectrum } from './fft.ts';
export { newId } from './ids.ts';
export { type Log, type LogDetail, type LogId, logId, silentLog, stderrLog } from './log.ts';
export { escapeMarkup } from './markup.ts';
export { NODE_ARGUMENTS, NODE_ENVIRONMENT } from './node-arguments.ts';
export {
  cardinalInWords,
  digitsInWords,
  ordinalInWords,
  TENS_IN_WORDS,
  UNITS_IN_WORDS,
  yearInWords,
} from './number-words.ts';
export { defaultDataFolder, installRoot, type Paths, pathsIn } from './paths.ts';
export { BoundedQueue, type Overflow } from './queue.ts';
export { joinSamples } from './samples.ts';
export { WAV_HEADER_BYTES, wavHeader } from './wav-header.ts';
export { type Emit, type Operations, serveWorker } from './workers/serve.ts';
export {
  type StreamListener,
  SupervisedWorker,
  type WorkerCrash,
  type WorkerOptions,
  type WorkerTimings,
} from './workers/supervisor.ts';
