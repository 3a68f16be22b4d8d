/** No entry stays longer without a checkpoint over it while there is activity. */
export const CHECKPOINT_EVERY_MS = 60_000;

/** A clock that goes back by no more is being disciplined (NTP), not set: the last time is used again. */
export const SMALLEST_CLOCK_STEP_MS = 1_000;
