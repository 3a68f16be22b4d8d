/** How far a long act is. */
export interface Progress {
  readonly bytes: number;
  readonly totalBytes: number;
}

export type OnProgress = (progress: Progress) => void;
