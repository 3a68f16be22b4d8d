import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { SottoError } from '../base/index.ts';

/** https://www.sqlite.org/fileformat2.html#the_write_ahead_log */
const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const BIG_ENDIAN_SUMS = 0x377f0683;
const LITTLE_ENDIAN_SUMS = 0x377f0682;

/**
 * Refuses a write-ahead log from which SQLite would silently drop what was acknowledged. It reads one up to the first frame
 * whose checksum does not fit and takes the rest for what a crash cut off. A crash leaves one transaction unfinished, the
 * last: where whole ones follow the frame that does not fit, it was changed afterwards. Reads only; changes nothing.
 * Returns whether the last transaction is there but does not fit: a power cut in its middle, or a change after it.
 * @throws SottoError `vault/damaged`.
 */
export function refuseChangedLog(file: string): { readonly lastIncomplete: boolean } {
  let dropped = commitsDropped(file);
  // Whoever holds the vault open meanwhile may have begun the log anew while it was read.
  if (dropped > 1) dropped = commitsDropped(file);
  if (dropped > 1) throw changed();
  return { lastIncomplete: dropped === 1 };
}

/** Transactions that SQLite would not see; infinite when the log cannot be one of its. */
function commitsDropped(file: string): number {
  if (!existsSync(file)) return 0;
  const fd = openSync(file, 'r');
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    if (readSync(fd, header, 0, HEADER_BYTES, 0) < HEADER_BYTES) return 0; // nothing was ever committed to it
    return goodHeader(header) ? commitsAfterTheFirstMisfit(fd, header) : Number.POSITIVE_INFINITY;
  } finally {
    closeSync(fd);
  }
}

type Sums = readonly [number, number];

function goodHeader(header: Buffer): boolean {
  const magic = header.readUInt32BE(0);
  if (magic !== BIG_ENDIAN_SUMS && magic !== LITTLE_ENDIAN_SUMS) return false;
  const [first, second] = addTo([0, 0], header.subarray(0, 24), magic === BIG_ENDIAN_SUMS);
  return header.readUInt32BE(24) === first && header.readUInt32BE(28) === second;
}

/** How many transactions end at or after the first frame that does not continue the chain of checksums. */
function commitsAfterTheFirstMisfit(fd: number, header: Buffer): number {
  const bigEndian = header.readUInt32BE(0) === BIG_ENDIAN_SUMS;
  const frame = Buffer.alloc(FRAME_HEADER_BYTES + header.readUInt32BE(8));
  const salts = header.subarray(16, 24);
  let sums: Sums = [header.readUInt32BE(24), header.readUInt32BE(28)];
  let fits = true;
  let commits = 0;
  for (let at = HEADER_BYTES; readSync(fd, frame, 0, frame.length, at) === frame.length; at += frame.length) {
    // Frames of an earlier round of this log, which the database has taken in already.
    const earlier = !frame.subarray(8, 16).equals(salts);
    sums = addTo(addTo(sums, frame.subarray(0, 8), bigEndian), frame.subarray(FRAME_HEADER_BYTES), bigEndian);
    fits &&= !earlier && frame.readUInt32BE(16) === sums[0] && frame.readUInt32BE(20) === sums[1];
    if (!fits && !earlier && frame.readUInt32BE(4) !== 0) commits += 1;
  }
  return commits;
}

function addTo([one, other]: Sums, bytes: Buffer, bigEndian: boolean): Sums {
  let first = one;
  let second = other;
  for (let at = 0; at < bytes.length; at += 8) {
    first = (first + (bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)) + second) >>> 0;
    second = (second + (bigEndian ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4)) + first) >>> 0;
  }
  return [first, second];
}

function changed(): SottoError {
  return new SottoError('vault/damaged', 'The newest part of the database is damaged and cannot be read.', {
    remedy:
      'Keep a copy of the data folder (sotto.db-wal holds that part) and restore a backup; have the disk checked.',
  });
}
