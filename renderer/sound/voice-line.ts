import { type MicrophoneProblem, openMicrophone, UNPLUGGED } from './microphone.ts';

/** All candidates are in the offer (no trickle); on one machine or one LAN they are there at once. */
const GATHERING_LIMIT_MS = 2000;

export interface VoiceLineOptions {
  readonly deviceId: string | null;
  /** Carries the offer to the appliance and brings its answer. */
  readonly exchange: (sdpOffer: string) => Promise<string>;
  /** The agent's voice. */
  readonly onVoice: (stream: MediaStream) => void;
  readonly onProblem: (problem: MicrophoneProblem) => void;
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
  const close = () => {
    closed = true;
    stop(microphone);
    peer.close();
  };
  try {
    const track = watch(microphone, options.onProblem);
    const sender = peer.addTrack(track, microphone);
    peer.addEventListener('track', (event) =>
      options.onVoice(event.streams[0] ?? new MediaStream([event.track])),
    );
    peer.addEventListener('connectionstatechange', () => {
      if (!closed && peer.connectionState === 'failed') options.onBroken();
    });
    await peer.setLocalDescription(await peer.createOffer());
    await gathered(peer);
    const answer = await options.exchange(peer.localDescription?.sdp ?? '');
    await peer.setRemoteDescription({ type: 'answer', sdp: answer });
    return {
      switchMicrophone: async (deviceId) => {
        const next = await openMicrophone(deviceId);
        if (closed) return stop(next);
        await sender.replaceTrack(watch(next, options.onProblem));
        stop(microphone);
        microphone = next;
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
