/**
 * Media: sound in and out. Recordings (WAV), the machine's devices (PortAudio) and a renderer or other peer
 * (WebRTC) all stand behind one `SoundEndpoint`: 20 ms frames in, and a playout that knows what was heard.
 */
export { DeskEar } from './commissioning/desk-ear.ts';
export { type EchoPath, echoProbe, findEcho } from './commissioning/echo.ts';
export {
  type MeasureOptions,
  measureDesk,
  type SoundCheckStage,
  type SoundMeasurement,
} from './commissioning/measure.ts';
export {
  findingsOf,
  readSoundProfile,
  type SoundFinding,
  type SoundProfile,
  type SoundSettings,
  settingsFor,
  soundMeasurementSchema,
  soundProfileSchema,
  soundSettingsSchema,
  writeSoundProfile,
} from './commissioning/profile.ts';
export {
  type DeviceEndpoint,
  type DeviceOptions,
  listDevices,
  openDeviceEndpoint,
} from './device/endpoint.ts';
export type { Device } from './device/messages.ts';
export type { EchoState } from './echo/echo-canceller.ts';
export { type EcholessMicrophone, withoutEcho } from './echo/without-echo.ts';
export { levelOf } from './level.ts';
export { Resampler, resample } from './resample.ts';
export type * from './sound.ts';
export { openWavEndpoint, type Reply, type WavEndpoint, type WavEndpointOptions } from './wav-endpoint.ts';
export { parseWav, type Recording, readWav } from './wav-read.ts';
export { WavWriter, writeWav } from './wav-write.ts';
export { acceptWebRtc, releaseWebRtc, type WebRtcOptions } from './webrtc/accept.ts';
export type { WebRtcCounters, WebRtcEndpoint } from './webrtc/endpoint.ts';
