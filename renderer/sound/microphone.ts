/** Why there is no microphone, in words and with what to do about it. */
export interface MicrophoneProblem {
  readonly code: 'denied' | 'none' | 'busy' | 'unplugged' | 'insecure' | 'failed';
  readonly message: string;
  readonly remedy: string;
}

export class MicrophoneError extends Error {
  readonly problem: MicrophoneProblem;

  constructor(problem: MicrophoneProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

export const UNPLUGGED: MicrophoneProblem = {
  code: 'unplugged',
  message: 'The microphone was unplugged.',
  remedy: 'Plug it in again or choose another one. You can go on by typing.',
};

/**
 * Opens the microphone with the browser's echo cancellation, noise suppression and gain control in its path.
 * @throws MicrophoneError
 */
export async function openMicrophone(deviceId: string | null): Promise<MediaStream> {
  if (navigator.mediaDevices === undefined) throw new MicrophoneError(INSECURE);
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: {
        echoCancellation: true,
        noiseSuppression: true,
        autoGainControl: true,
        channelCount: 1,
        ...(deviceId === null ? {} : { deviceId: { exact: deviceId } }),
      },
    });
  } catch (error) {
    throw new MicrophoneError(problemOf(error));
  }
}

export interface Microphone {
  readonly id: string;
  readonly label: string;
}

/** Microphones of this machine. Labels are empty until the person allowed one; those are left out. */
export async function listMicrophones(): Promise<readonly Microphone[]> {
  if (navigator.mediaDevices === undefined) return [];
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices
    .filter((device) => device.kind === 'audioinput' && device.label !== '')
    .map((device) => ({ id: device.deviceId, label: device.label }));
}

/** Maps the DOMException names of W3C Media Capture to what a person can do. */
export function problemOf(error: unknown): MicrophoneProblem {
  const name = error instanceof Error ? error.name : '';
  return PROBLEMS[name] ?? FAILED;
}

const INSECURE: MicrophoneProblem = {
  code: 'insecure',
  message: 'The browser gives no microphone to this page.',
  remedy: 'Open the page by its https:// address, and have IT install this appliance’s certificate.',
};
const DENIED: MicrophoneProblem = {
  code: 'denied',
  message: 'The microphone is blocked for this window.',
  remedy:
    'Allow the microphone in the browser’s address bar or the system settings. You can go on by typing.',
};
const NONE: MicrophoneProblem = {
  code: 'none',
  message: 'No microphone was found.',
  remedy: 'Plug one in; it is noticed by itself. You can go on by typing.',
};
const BUSY: MicrophoneProblem = {
  code: 'busy',
  message: 'The microphone is in use by another program.',
  remedy: 'Close the other program, or choose another microphone.',
};
const FAILED: MicrophoneProblem = {
  code: 'failed',
  message: 'The microphone did not start.',
  remedy: 'Unplug it and plug it in again, or choose another one.',
};
const PROBLEMS: Readonly<Record<string, MicrophoneProblem>> = {
  NotAllowedError: DENIED,
  SecurityError: DENIED,
  NotFoundError: NONE,
  OverconstrainedError: NONE,
  NotReadableError: BUSY,
  AbortError: FAILED,
};
