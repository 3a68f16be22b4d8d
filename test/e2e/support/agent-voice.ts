/** Records the agent's voice in the page, from the remote WebRTC track that the window plays. */
import type { Page } from '@playwright/test';

declare global {
  interface Window {
    agentRecorder?: { readonly recorder: MediaRecorder; readonly blocks: Blob[] };
  }
}

export async function recordAgent(page: Page): Promise<void> {
  await page.getByTestId('agent-audio').evaluate(async (audio: HTMLAudioElement) => {
    while (!(audio.srcObject instanceof MediaStream)) await new Promise((resolve) => setTimeout(resolve, 20));
    const recorder = new MediaRecorder(audio.srcObject, { mimeType: 'audio/webm;codecs=opus' });
    const blocks: Blob[] = [];
    recorder.ondataavailable = ({ data }) => blocks.push(data);
    recorder.start(500);
    window.agentRecorder = { recorder, blocks };
  });
}

/** Everything since `recordAgent`: 16 kHz mono. */
export async function recordedAgent(page: Page): Promise<Float32Array> {
  const bytes = await page.evaluate(async () => {
    const recording = window.agentRecorder;
    if (recording === undefined) throw new Error('nothing is being recorded');
    const { recorder, blocks } = recording;
    const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve, { once: true }));
    if (recorder.state !== 'inactive') {
      recorder.stop();
      await stopped;
    }
    const context = new OfflineAudioContext(1, 1, 16_000);
    const sound = await context.decodeAudioData(await new Blob(blocks).arrayBuffer());
    const samples = Int16Array.from(
      sound.getChannelData(0),
      (value) => Math.max(-1, Math.min(1, value)) * 32_767,
    );
    const view = new Uint8Array(samples.buffer);
    let text = '';
    for (let at = 0; at < view.length; at += 32_768)
      text += String.fromCharCode(...view.subarray(at, at + 32_768));
    return btoa(text);
  });
  const buffer = Buffer.from(bytes, 'base64');
  return Float32Array.from({ length: buffer.length >> 1 }, (_, i) => buffer.readInt16LE(i * 2) / 32_768);
}
