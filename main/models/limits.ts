/** What a pack may be at most; checked on what it declares before anything of that size is read or written. */
export interface PackLimits {
  readonly manifestBytes: number;
  readonly signatureBytes: number;
  readonly files: number;
  readonly fileBytes: number;
  readonly totalBytes: number;
}

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** A voice carries some 400 files of phoneme data; the largest language model that an appliance runs is one big file. */
export const LIMITS: PackLimits = {
  manifestBytes: MIB,
  signatureBytes: 1024,
  files: 4096,
  fileBytes: 24 * GIB,
  totalBytes: 32 * GIB,
};
