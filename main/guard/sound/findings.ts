import type { SoundFinding, SoundKind } from './contract.ts';
import type { SoundMeasures } from './measures.ts';
import type { TraceMeasure } from './trace.ts';

/**
 * Where people's recordings end and attacks begin: chosen on one half of the human recordings (`bench/guard-sound.ts`),
 * so that each kind alone stays well below one false finding in a hundred. `at` scores 0.5, `sure` 1.
 */
const LIMITS = {
  /** Correlation less its standard error. */
  follows: { at: 0.24, sure: 0.6 },
  /** The same over a client's four seconds, which hold less voice than an utterance. */
  clientFollows: { at: 0.32, sure: 0.7 },
  /** dBFS above 17 kHz, against the voice: no voice reaches there. No human recordings at 48 kHz were at hand. */
  above: { at: -20, sure: 0 },
  toneMs: { at: 150, sure: 450 },
  /** A line that moves: sweeps, whistles. */
  lineMs: { at: 430, sure: 1_500 },
  keyMs: { at: 80, sure: 160 },
  flatMs: { at: 150, sure: 600 },
  flatShare: { at: 0.3, sure: 1 },
  comb: { at: 0.24, sure: 0.5 },
  /** 4.5-7 kHz against the voice, dB, downward: 16 kHz microphones never fall so far. */
  trebleDb: { at: -70, sure: -100 },
  /** dB a second, downward: a room holds the sound up, a person's or a loudspeaker's. */
  decayDb: { at: 141, sure: 90 },
  clipped: { at: 0.02, sure: 0.2 },
  /** Share of bits that differ, downward. */
  differs: { at: 0.31, sure: 0.1 },
} as const;
/** Of less the long-term spectrum and the decay say little. */
const LEAST_AUDIBLE_MS = 900;
/** Quieter than this above speech is the noise of a converter, dBFS. */
const ABOVE_AUDIBLE_DB = -55;
/** v² of a voice that can be understood is not further below it, dB. */
const LOWEST_TRACE_DB = -60;

/** What the measures of an utterance show, strongest first; nothing under 0.5. */
export function findingsIn(measures: SoundMeasures): SoundFinding[] {
  const { toneMs, lineMs, keyMs, flatMs, flatShare, audibleMs, clipped } = measures;
  const long = audibleMs >= LEAST_AUDIBLE_MS;
  const found: (SoundFinding | null)[] = [
    ...(measures.trace ? traceFindings(measures.trace, 'endpoint') : []),
    finding('tone', score(toneMs, LIMITS.toneMs), `one tone for ${toneMs} ms`),
    finding('tone', score(lineMs, LIMITS.lineMs), `a line without harmonics for ${lineMs} ms`),
    finding('dtmf', score(keyMs, LIMITS.keyMs), `a telephone key for ${keyMs} ms`),
    finding('noise', score(flatMs, LIMITS.flatMs), `a flat spectrum for ${flatMs} ms`),
    audibleMs >= 300
      ? finding(
          'noise',
          score(flatShare, LIMITS.flatShare),
          `${percent(flatShare)} of the sound is flat noise`,
        )
      : null,
    finding('clipping', score(clipped, LIMITS.clipped), `${percent(clipped)} of the sound is cut off`),
    long ? finding('comb', score(measures.comb, LIMITS.comb), 'notches at even distances') : null,
    long
      ? finding('reverberant', score(measures.decayDb, LIMITS.decayDb), 'far away, or in a room that rings')
      : null,
    long
      ? finding(
          'band-limited',
          score(measures.trebleDb, LIMITS.trebleDb),
          'nothing above 4.5 kHz, as over a telephone',
        )
      : null,
  ];
  return strongestOfEach(found.flatMap((each) => each ?? []));
}

/** What a client measured before its codec, judged as if it had been measured here. */
export function traceFindings(
  { follows, lowDb, aboveDb, voiceDb }: TraceMeasure,
  from: SoundFinding['from'],
): SoundFinding[] {
  const above = aboveDb !== null && aboveDb > ABOVE_AUDIBLE_DB ? score(aboveDb - voiceDb, LIMITS.above) : 0;
  const trace =
    lowDb > LOWEST_TRACE_DB ? score(follows, from === 'client' ? LIMITS.clientFollows : LIMITS.follows) : 0;
  const found = [
    finding('ultrasound', trace, `below 50 Hz the sound follows the voice (${follows.toFixed(2)})`, from),
    finding('above-speech', above, `${(aboveDb ?? 0).toFixed(0)} dBFS above 17 kHz`, from),
  ];
  return found.flatMap((each) => each ?? []);
}

/** An utterance like an earlier one to the last bits. */
export function repeatFinding(nearest: {
  readonly differs: number;
  readonly ms: number;
}): SoundFinding | null {
  const reason = `${nearest.ms} ms as heard before (${percent(nearest.differs)} of the print differs)`;
  return finding('repeat', score(nearest.differs, LIMITS.differs), reason);
}

/** What a model says of a voice, against what its pack says of people's. */
export function syntheticFinding(likely: number, limit: number): SoundFinding | null {
  const reason = `a model takes the voice for synthetic (${percent(likely)})`;
  return finding('synthetic', score(likely, { at: limit, sure: 1 }), reason);
}

function finding(
  kind: SoundKind,
  value: number,
  reason: string,
  from: SoundFinding['from'] = 'endpoint',
): SoundFinding | null {
  return value >= 0.5 ? { kind, score: Number(value.toFixed(3)), reason, from } : null;
}

/** 0.5 at `at`, 1 at `sure` and beyond, in a line between and below; either may be the greater. */
function score(value: number, { at, sure }: { readonly at: number; readonly sure: number }): number {
  if (Number.isNaN(value)) return 0;
  return Math.max(0, Math.min(1, 0.5 + (0.5 * (value - at)) / (sure - at)));
}

export function strongestOfEach(findings: readonly SoundFinding[]): SoundFinding[] {
  const byKind = new Map<SoundKind, SoundFinding>();
  for (const each of findings) {
    if (each.score > (byKind.get(each.kind)?.score ?? 0)) byKind.set(each.kind, each);
  }
  return [...byKind.values()].sort((a, b) => b.score - a.score);
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
