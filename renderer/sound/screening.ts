import type { InputOf } from '../../main/api/contract.ts';
import workletUrl from './screening-worklet.ts?worker&url';

export type SoundTrace = InputOf<'conversation.soundTrace'>['trace'];

/** Below this there is no voice to compare with: dBFS. */
const QUIET_DB = -50;

/**
 * Listens to the microphone beside the conversation, as it comes from the device: the browser's echo canceller, noise
 * suppression and the codec take away what is below 50 Hz, where ultrasound leaves its trace. Never stands in the way:
 * where it cannot listen, the appliance screens what arrives there.
 */
export async function screenMicrophone(
  deviceId: string | null,
  tell: (trace: SoundTrace) => unknown,
): Promise<() => void> {
  const raw = await navigator.mediaDevices.getUserMedia({
    audio: {
      echoCancellation: false,
      noiseSuppression: false,
      autoGainControl: false,
      channelCount: 1,
      ...(deviceId === null ? {} : { deviceId: { exact: deviceId } }),
    },
  });
  const context = new AudioContext({ sampleRate: 48_000 });
  const close = () => {
    for (const track of raw.getTracks()) track.stop();
    void context.close();
  };
  try {
    await context.audioWorklet.addModule(workletUrl);
    const node = new AudioWorkletNode(context, 'screening', { numberOfOutputs: 0 });
    node.port.onmessage = ({ data }: MessageEvent<SoundTrace>) => {
      if (data.voiceDb > QUIET_DB) tell(data);
    };
    context.createMediaStreamSource(raw).connect(node);
    return close;
  } catch (error) {
    close();
    throw error;
  }
}
