import { type HushOptions, hushOnSpeech } from './hush.ts';
import { type MicrophoneProblem, openMicrophone, UNPLUGGED } from './microphone.ts';
import { reportPlayout } from './playout-report.ts';
import { type SoundTrace, screenMicrophone } from './screening.ts';

/** All candidates are in the offer (no trickle); on one machine or one LAN they are there at once. */
const GATHERING_LIMIT_MS = 2000;

export interface VoiceLineOptions {
  readonly deviceId: string | null;
  /** Carries the offer to the appliance and brings its answer. */
  readonly exchange: (sdpOffer: string) => Promise<string>;
  /** The agent's voice. */
  readonly onVoice: (stream: MediaStream) => void;
  readonly onProblem: (problem: MicrophoneProblem) => void;
  /** What was measured of the microphone before the codec; absent where nobody screens it. */
  readonly onTrace?: (trace: SoundTrace) => unknown;
  /** How speech silences the agent; absent where nobody is to be interrupted. */
  readonly hush?: Omit<HushOptions, 'microphone' | 'voice'>;
  /** How long the agent's sound is held here before it is heard. */
  readonly onPlayout?: (bufferMs: number) => unknown;
  /** The line broke; the appliance is still reachable or not, the connection says. */
  readonly onBroken: () => void;
}

/** A microphone and a speaker, connected to the appliance over WebRTC. */
export interface VoiceLine {
  /** Changes the microphone without a new connection. @throws MicrophoneError */
  switchMicrophone(deviceId: string | null): Promise<void>;
  close(): void;
}

/** @throws MicrophoneError, and whatever `exchange` throws; nothing stays open then. */
export async function openVoiceLine(options: VoiceLineOptions): Promise<VoiceLine> {
  let microphone = await openMicrophone(options.deviceId);
  const peer = new RTCPeerConnection({ iceServers: [] });
  let closed = false;
  let stopScreening = () => {};
  let stopHushing = () => {};
  let voice: MediaStreamTrack | null = null;
  const listen = () => {
    stopHushing();
    const [track] = microphone.getAudioTracks();
    if (!options.hush || !track || !voice) return;
    stopHushing = hushOnSpeech({ ...options.hush, microphone: track, voice });
  };
  const stopReporting = options.onPlayout ? reportPlayout(peer, options.onPlayout) : () => {};
  const screen = async (deviceId: string | null) => {
    stopScreening();
    stopScreening = () => {};
    if (options.onTrace === undefined) return;
    // Without it the appliance still screens what arrives there.
    const stopped = await screenMicrophone(deviceId, options.onTrace).catch(() => () => {});
    if (closed) stopped();
    else stopScreening = stopped;
  };
  const close = () => {
    closed = true;
    stopScreening();
    stopHushing();
    stopReporting();
    stop(microphone);
    peer.close();
  };
  try {
    const track = watch(microphone, options.onProblem);
    const sender = peer.addTrack(track, microphone);
    peer.addEventListener('track', (event) => {
      // On one machine or one LAN nothing comes late: what is held back here only delays answers and interruptions.
      event.receiver.jitterBufferTarget = 0;
      voice = event.track;
      listen();
      options.onVoice(event.streams[0] ?? new MediaStream([event.track]));
    });
    peer.addEventListener('connectionstatechange', () => {
      if (!closed && peer.connectionState === 'failed') options.onBroken();
    });
    await peer.setLocalDescription(await peer.createOffer());
    await gathered(peer);
    const answer = await options.exchange(peer.localDescription?.sdp ?? '');
    await peer.setRemoteDescription({ type: 'answer', sdp: answer });
    void screen(options.deviceId);
    return {
      switchMicrophone: async (deviceId) => {
        const next = await openMicrophone(deviceId);
        if (closed) return stop(next);
        await sender.replaceTrack(watch(next, options.onProblem));
        stop(microphone);
        microphone = next;
        listen();
        void screen(deviceId);
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

function watch(stream: MediaStream, onProblem: (problem: MicrophoneProblem) => void): MediaStreamTrack {
  const track = stream.getAudioTracks()[0];
  if (track === undefined) throw new Error('A microphone without an audio track.');
  track.addEventListener('ended', () => onProblem(UNPLUGGED));
  return track;
}

/** `stop()` fires no `ended` event, so this is never taken for an unplugged microphone. */
function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function gathered(peer: RTCPeerConnection): Promise<void> {
  if (peer.iceGatheringState === 'complete') return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, GATHERING_LIMIT_MS);
    peer.addEventListener('icegatheringstatechange', () => {
      if (peer.iceGatheringState !== 'complete') return;
      clearTimeout(timer);
      resolve();
    });
  });
}
