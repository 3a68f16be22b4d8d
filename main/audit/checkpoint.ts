import { type NoteSigner, type NoteVerifier, openNote } from './signed-note.ts';

/** A statement of the log about its whole content (C2SP tlog-checkpoint). */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

export function signCheckpoint(size: number, root: Buffer, signer: NoteSigner): string {
  return signer.sign(`${signer.name}\n${size}\n${root.toString('base64')}\n`);
}

/** The checkpoint in a note; null when the signature is not this key's or the text is no checkpoint. */
export function openCheckpoint(note: string, verifier: NoteVerifier): Checkpoint | null {
  const text = openNote(note, verifier);
  const [, origin, digits, encoded] =
    /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n/.exec(text ?? '') ?? [];
  if (origin === undefined || digits === undefined || encoded === undefined) return null;
  return { origin, size: Number(digits), root: Buffer.from(encoded, 'base64') };
}
