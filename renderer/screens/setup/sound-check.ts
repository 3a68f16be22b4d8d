import type { OutputOf, WireError } from '../../../main/api/contract.ts';
import { type Appliance, wireErrorOf } from '../../api/appliance.ts';
import { MicrophoneError, type MicrophoneProblem } from '../../sound/microphone.ts';
import { openVoiceLine, type VoiceLine } from '../../sound/voice-line.ts';
import { LevelSource, silence } from '../../state/level.ts';

type Measuring = OutputOf<'sound.measure'>;
type Stage = Extract<Measuring, { type: 'stage' }>['stage'];
export type Measured = Extract<Measuring, { type: 'result' }>;

export interface SoundCheckView {
  readonly stage: 'idle' | 'starting' | 'running';
  /** The appliance took something for speech. */
  readonly spoke: boolean;
  readonly clipped: boolean;
  readonly voice: MediaStream | null;
  readonly problem: MicrophoneProblem | null;
  readonly error: WireError | null;
  /** What the measurement is at; null when none is under way. */
  readonly measuring: Stage | null;
  readonly result: Measured | null;
}

const IDLE: SoundCheckView = {
  stage: 'idle',
  spoke: false,
  clipped: false,
  voice: null,
  problem: null,
  error: null,
  measuring: null,
  result: null,
};

/** One sound check after another; at most one at a time. */
export class SoundCheck {
  readonly levels = new LevelSource();
  readonly #appliance: Appliance;
  readonly #listeners = new Set<() => void>();
  #view: SoundCheckView = IDLE;
  #line: VoiceLine | null = null;
  #reading: AbortController | null = null;
  #id: string | null = null;
  /** Counts starts and stops, so that a start that was overtaken by a stop is noticed. */
  #round = 0;

  constructor(appliance: Appliance) {
    this.#appliance = appliance;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly view = (): SoundCheckView => this.#view;

  async start(deviceId: string | null): Promise<void> {
    if (this.#view.stage !== 'idle') return;
    this.#round += 1;
    const round = this.#round;
    this.#set({ ...IDLE, spoke: this.#view.spoke, stage: 'starting' });
    try {
      const line = await openVoiceLine({
        deviceId,
        exchange: (sdp) => this.#begin(sdp),
        onVoice: (voice) => this.#set({ voice }),
        onProblem: (problem) => this.#set({ problem }),
        onBroken: () => this.stop(),
      });
      // Left in the meantime: nothing may keep listening.
      this.#line = line;
      if (this.#round !== round) return this.stop();
      this.#set({ stage: 'running' });
    } catch (error) {
      if (this.#round !== round) return;
      this.stop();
      if (error instanceof MicrophoneError) this.#set({ problem: error.problem });
      else this.#set({ error: wireErrorOf(error) });
    }
  }

  stop(): void {
    this.#round += 1;
    this.#reading?.abort();
    this.#line?.close();
    if (this.#id !== null) this.#appliance.call('sound.end', { checkId: this.#id }).catch(() => {});
    this.#id = null;
    this.#line = null;
    this.#reading = null;
    this.levels.set(silence);
    this.#set({ stage: 'idle', voice: null, clipped: false, measuring: null });
  }

  /** Measures room, echo and voice; the appliance keeps the result. */
  async measure(): Promise<void> {
    const checkId = this.#id;
    const signal = this.#reading?.signal;
    if (checkId === null || signal === undefined || this.#view.measuring !== null) return;
    this.#set({ measuring: 'quiet', result: null, error: null });
    try {
      for await (const event of this.#appliance.listen('sound.measure', { checkId }, signal)) {
        if (event.type === 'stage') this.#set({ measuring: event.stage });
        else this.#set({ result: event });
      }
    } catch (error) {
      if (!signal.aborted) this.#set({ error: wireErrorOf(error) });
    }
    this.#set({ measuring: null });
  }

  async switchMicrophone(deviceId: string | null): Promise<void> {
    try {
      await this.#line?.switchMicrophone(deviceId);
      this.#set({ problem: null });
    } catch (error) {
      if (error instanceof MicrophoneError) this.#set({ problem: error.problem });
    }
  }

  async #begin(sdp: string): Promise<string> {
    const answer = await this.#appliance.call('sound.check', { sdp });
    this.#id = answer.checkId;
    void this.#read(answer.checkId);
    return answer.sdp;
  }

  async #read(checkId: string): Promise<void> {
    const reading = new AbortController();
    this.#reading = reading;
    try {
      for await (const level of this.#appliance.listen('sound.levels', { checkId }, reading.signal)) {
        this.levels.set(level);
        if (level.speech && !this.#view.spoke) this.#set({ spoke: true });
        if (level.clipped !== this.#view.clipped) this.#set({ clipped: level.clipped });
      }
    } catch (error) {
      if (!reading.signal.aborted) this.#set({ error: wireErrorOf(error) });
    }
    if (!reading.signal.aborted) this.stop();
  }

  #set(change: Partial<SoundCheckView>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of [...this.#listeners]) listener();
  }
}
