import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { SottoError } from '../../base/index.ts';
import { type Checkpoint, openCheckpoint } from '../checkpoint.ts';
import { type NoteVerifier, noteVerifier } from '../signed-note.ts';

const KEY_FILE = 'vkey';
const KEPT = /^\d{16}\.checkpoint$/;

/**
 * What a witness keeps of one log, as plain files: `<store>/<origin>/vkey`, a `.checkpoint` (signed note) for every size
 * that was seen, and under `conflicts/` the signed notes that contradict them: the evidence.
 */
export class WitnessedLog {
  readonly verifier: NoteVerifier;
  readonly #folder: string;

  private constructor(folder: string, verifier: NoteVerifier) {
    this.#folder = folder;
    this.verifier = verifier;
  }

  /** Null when nothing is kept of this origin. @throws SottoError `audit/witness-store`. */
  static find(store: string, origin: string): WitnessedLog | null {
    const folder = join(store, folderName(origin));
    if (!existsSync(folder)) return null;
    const key = readText(join(folder, KEY_FILE)).trim();
    return new WitnessedLog(folder, noteVerifier(key));
  }

  static begin(store: string, verifier: NoteVerifier): WitnessedLog {
    const folder = join(store, folderName(verifier.name));
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeOnce(join(folder, KEY_FILE), `${verifier.verifierKey}\n`);
    return new WitnessedLog(folder, verifier);
  }

  /** Smallest first. @throws SottoError `audit/witness-store` when one of them does not bear the key's signature. */
  kept(): readonly Checkpoint[] {
    return readdirSync(this.#folder)
      .filter((name) => KEPT.test(name))
      .sort()
      .map((name) => {
        const checkpoint = openCheckpoint(readText(join(this.#folder, name)), this.verifier);
        if (checkpoint?.size === Number.parseInt(name, 10)) return checkpoint;
        throw storeDamaged(name);
      });
  }

  keep(note: string, { size }: Checkpoint): void {
    writeOnce(join(this.#folder, `${String(size).padStart(16, '0')}.checkpoint`), note);
  }

  /** Keeps a signed note that contradicts what is kept. */
  keepConflict(note: string, { size, root }: Checkpoint): void {
    const folder = join(this.#folder, 'conflicts');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeOnce(join(folder, `${size}-${root.toString('hex').slice(0, 16)}.checkpoint`), note);
  }
}

/** An origin as the name of a folder: two origins never share one, and none leads out of the store. */
function folderName(origin: string): string {
  const name = encodeURIComponent(origin).replaceAll(
    /[!'()*]|^\./g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return name.length <= 200 ? name : tooLong();
}

function tooLong(): never {
  throw new SottoError('audit/bad-origin', 'The name of this log is too long to be kept.');
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw storeDamaged(file);
  }
}

/** Complete or not there; what is there already stays. */
function writeOnce(file: string, content: string): void {
  if (existsSync(file)) return;
  const temporary = `${file}.new`;
  const fd = openSync(temporary, 'w', 0o600);
  try {
    // A disk that gets full in the middle takes a part and says how much; only the next write is refused.
    const bytes = Buffer.from(content);
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(temporary, file);
}

function storeDamaged(name: string): SottoError {
  return new SottoError(
    'audit/witness-store',
    `What the witness kept cannot be believed any more: ${name}.`,
    {
      remedy: 'Somebody changed the store. Restore it from a backup, and find out who.',
    },
  );
}
