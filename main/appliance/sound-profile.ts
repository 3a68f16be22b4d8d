import { join } from 'node:path';
import { type Clock, codeOf, type Log, logId, type Paths } from '../base/index.ts';
import { readSoundProfile, type SoundProfile, writeSoundProfile } from '../media/index.ts';

const fileIn = ({ data }: Pick<Paths, 'data'>) => join(data, 'sound.json');

/**
 * What the last sound check measured at this desk; null where there was none. A profile that cannot be read keeps nobody
 * from talking: the sound check is made anew.
 */
export async function siteSoundProfile(paths: Pick<Paths, 'data'>, log: Log): Promise<SoundProfile | null> {
  return await readSoundProfile(fileIn(paths)).catch((error: unknown) => {
    log.warn('sound.badProfile', { code: logId(codeOf(error)) });
    return null;
  });
}

/** Keeps what was measured through the window; a browser does not say which devices those were. */
export async function keepSoundProfile(
  paths: Pick<Paths, 'data'>,
  clock: Clock,
  { measured, settings }: Pick<SoundProfile, 'measured' | 'settings'>,
): Promise<void> {
  await writeSoundProfile(fileIn(paths), {
    format: 1,
    measuredAt: clock.now(),
    carrier: 'webrtc',
    microphone: null,
    speaker: null,
    measured,
    settings,
  });
}
