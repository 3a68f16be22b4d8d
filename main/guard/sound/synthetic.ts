/**
 * Tells synthetic voices from people's, where a model for it is installed. None ships with Sotto, and none that can be
 * used without one is known to hold against voices it was not trained on: without a model this is not looked for at all.
 */
export interface SyntheticVoiceModel {
  readonly name: string;
  /** How likely the voice is synthetic, 0..1. @param samples mono; the model resamples as it needs. */
  score(samples: Float32Array, sampleRate: number): Promise<number>;
}

/** What is said where there is no model: never a score. */
export const NO_SYNTHETIC_VOICE_MODEL = {
  there: false,
  reason: 'no model that tells synthetic voices is installed',
} as const;
