import type { Clock } from '../base/index.ts';
import type { CompiledDesk, Expectation } from '../dialogue/index.ts';
import { type ClientTrace, type SoundWatch, screenTranscript } from '../guard/index.ts';
import { type EcholessMicrophone, type SoundEndpoint, withoutEcho } from '../media/index.ts';
import type { Speech, SpeechGrammar } from '../speech/index.ts';
import { Ears, type Utterance } from './ears.ts';
import type { EventBody } from './event-stream.ts';
import { type Finish, finishOf } from './finish.ts';
import type { TalkMode } from './live.ts';
import { Mouth } from './mouth.ts';
import { deskVoice, promptSentences } from './prompts.ts';
import type { Recording } from './recording.ts';
import { SoundGate } from './sound-gate.ts';
import { asksSensitive, WITHHELD } from './understood.ts';
import { isListening, isNoise, isRepeated, WordWatch } from './word-watch.ts';

/** Quieter speech than this is recognised badly: the person is told. dBFS. */
const TOO_QUIET_DB = -48;
/** What has neither become speech nor passed by then (the sound stopped coming) does not hold the agent. */
const LONGEST_STIR_MS = 400;
/**
 * The same after the window has silenced itself: nothing is played while it is silent (renderer/sound/hush.ts), and the
 * ears of a busy machine get the time to hear what it heard.
 */
const LONGEST_SILENCED_MS = 700;

export interface FloorOptions {
  readonly endpoint: SoundEndpoint;
  readonly speech: Speech;
  readonly desk: CompiledDesk;
  readonly expectation: () => Expectation;
  /** Null where the sound is not screened. */
  readonly soundWatch: SoundWatch | null;
  /** What may be said now. */
  readonly grammar: () => SpeechGrammar;
  /** Null where no sound is recorded. */
  readonly recording: Recording | null;
  readonly mode: TalkMode;
  /** Whether the agent's own voice comes back; undefined: nobody has measured it. */
  readonly echo: boolean | undefined;
  readonly clock: Clock;
  readonly listener: FloorListener;
}

export interface FloorListener {
  emit(event: EventBody): void;
  /** Who speaks has changed. */
  changed(): void;
  /** What would be said if the person had ended here. Must have no effect. */
  foresee(text: string): readonly string[];
  /** An utterance of words, screened. */
  heard(text: string, utterance: Utterance): void;
  /** What the person spoke is lost. */
  lost(code: string): void;
  /** The first sound of a reply. */
  sounded(): void;
  /** A reply is over. */
  spoken(heard: string, interrupted: boolean): void;
}

/**
 * Who has the floor: person or agent. Interruption has two steps: any speech holds the agent at once; words drop what
 * it was saying, and what turns out to be a cough lets it go on where it was held.
 */
export class Floor {
  readonly #options: FloorOptions;
  readonly #mouth: Mouth;
  readonly #microphone: EcholessMicrophone;
  readonly #gate: SoundGate | null;
  readonly #words = new WordWatch();
  #mode: TalkMode;
  #ears: Ears | null = null;
  /** Also while the ears are still opening: who holds the key then is heard as soon as they are open. */
  #keyDown = false;
  #hearing = false;
  #overAgent = false;
  #stirring: NodeJS.Timeout | null = null;
  /** Held because the window has silenced itself. */
  #silenced = false;
  #closed = false;

  constructor(options: FloorOptions) {
    this.#options = options;
    this.#mode = options.mode;
    const { endpoint, speech, desk, listener, recording } = options;
    const fixed = recording ? new Set(promptSentences(desk)) : null;
    this.#gate = options.soundWatch ? this.#makeGate(options.soundWatch) : null;
    this.#microphone = withoutEcho(this.#gate?.through(endpoint) ?? endpoint, options.clock, options.echo);
    this.#mouth = new Mouth(endpoint.playout, speech.synthesiser, deskVoice(desk), {
      speaking: (text, startMs) => recording?.speaking(text, fixed?.has(text) ?? false, startMs),
      started: () => listener.sounded(),
      finished: (heard, interrupted) => listener.spoken(heard, interrupted),
      broke: (code, repeating) => {
        const message = repeating ? 'The voice stopped; it was started again.' : 'The voice stopped.';
        listener.emit({ type: 'notice', code, message });
      },
    });
  }

  get hearing(): boolean {
    return this.#hearing;
  }

  get speaking(): boolean {
    return this.#mouth.speaking;
  }

  get paused(): boolean {
    return this.#mouth.paused;
  }

  /**
   * Opens the ears and listens until the sound ends.
   * @throws SottoError `speech/engine-unavailable`, or what ended the carrier (`media/device-lost`, …).
   */
  async listen(): Promise<void> {
    const { speech, desk, clock, grammar, recording } = this.#options;
    const ears = await Ears.open({
      speech,
      grammar: grammar(),
      pauses: desk.pack.desk.turnTaking,
      clock,
      mode: this.#mode,
      finish: (text) => this.#finish(text),
      ...(recording ? { tap: recording.tap } : {}),
      listener: {
        level: (level) => this.#options.listener.emit({ type: 'level', ...level }),
        stirred: (stirring) => this.#stirred(stirring),
        speechStarted: () => this.#speechStarted(),
        likely: (text) => this.#likely(text),
        partial: (text) => this.#partial(text),
        utterance: (utterance) => this.#utterance(utterance),
        broke: (code) => this.#broke(code),
        trouble: (code) => this.#trouble(code),
      },
    });
    if (this.#closed) return await ears.close();
    this.#ears = ears;
    ears.setMode(this.#mode);
    if (this.#keyDown) ears.key(true);
    this.expectNow();
    await ears.listen(this.#microphone.frames());
  }

  /** What may be said has changed. */
  expectNow(): void {
    this.#ears?.expect(this.#gate?.grammar ?? this.#options.grammar());
  }

  say(text: string): void {
    this.#mouth.say(text);
  }

  soundTrace(trace: ClientTrace): void {
    this.#options.soundWatch?.clientTrace(trace);
  }

  /**
   * The window heard its microphone stir, and has silenced the agent before the sound of it was even sent: held until it
   * is clear whether that is speech.
   */
  silenced(): void {
    if (this.#mode !== 'handsFree' || this.#closed || !this.#mouth.speaking) return;
    this.#mouth.pauseSilenced();
    if (this.#hearing) return;
    if (this.#stirring) clearTimeout(this.#stirring);
    this.#silenced = true;
    this.#stirring = setTimeout(() => {
      this.#silenced = false;
      this.#stirred(false);
    }, LONGEST_SILENCED_MS);
  }

  /** The agent stops at once. */
  stop(): void {
    this.#mouth.stop();
  }

  setMode(mode: TalkMode): void {
    this.#mode = mode;
    this.#keyDown = false;
    this.#stirred(false);
    if (this.#ears?.setMode(mode)) this.#goOn();
  }

  key(down: boolean): void {
    if (this.#mode !== 'pushToTalk') return;
    this.#keyDown = down;
    if (down) this.#mouth.stop();
    this.#ears?.key(down);
  }

  /** The agent falls silent, the ears are closed; nothing is told any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#hearing = false;
    if (this.#stirring) clearTimeout(this.#stirring);
    this.#microphone.close();
    this.#mouth.prepare([]);
    this.#mouth.stop();
    await this.#ears?.close();
  }

  /** Holds the tongue at the first sound of speech: told to nobody until it is speech. */
  #stirred(stirring: boolean): void {
    // Only speech, or the time set for it, ends that.
    if (this.#silenced) return;
    if (this.#stirring) clearTimeout(this.#stirring);
    this.#stirring = null;
    if (this.#hearing || this.#closed) return;
    if (stirring) this.#stirring = setTimeout(() => this.#stirred(false), LONGEST_STIR_MS);
    if (stirring) this.#mouth.pause();
    else this.#mouth.resume();
  }

  /** Gets the reply ready that would be given if the person had ended here. */
  #likely(text: string | null): void {
    const words = text === null ? '' : screenTranscript(text).text;
    this.#mouth.prepare(words === '' ? [] : this.#options.listener.foresee(words));
  }

  #speechStarted(): void {
    if (this.#stirring) clearTimeout(this.#stirring);
    this.#stirring = null;
    this.#silenced = false;
    this.#hearing = true;
    this.#overAgent = this.#mouth.speaking;
    this.#gate?.begin(this.#overAgent);
    this.#words.begin(this.#options.clock.monotonicMs());
    this.#mouth.pause();
    this.#options.listener.changed();
  }

  /** Where the speaker is heard in the microphone, the agent's own words over its own voice are not the person's. */
  #isEcho(text: string): boolean {
    if (!this.#overAgent || this.#microphone.echo.kind !== 'found') return false;
    return isRepeated(text, this.#mouth.saying);
  }

  /** "Mm hmm" is an answer where a question was heard to its end, and else means: go on. */
  #onlyListens(text: string): boolean {
    const { desk, expectation, clock } = this.#options;
    if (!isListening(text)) return false;
    const { inScope, commands } = desk.understand(text, expectation(), clock.now());
    return this.#overAgent || !inScope || commands.length === 0;
  }

  /** Over the agent's voice a sound that is no word must not hold it for a thought that never comes. */
  #finish(text: string): Finish {
    if (this.#overAgent && isListening(text)) return 'complete';
    const { desk, expectation, clock } = this.#options;
    const finish = finishOf(desk, text, expectation(), clock.now());
    return finish === 'midThought' && this.#mouth.speaking ? 'open' : finish;
  }

  #partial(text: string): void {
    if (text.length === 0) return;
    const { desk, expectation, listener, clock } = this.#options;
    if (this.#words.partial(text, clock.monotonicMs()) && !this.#isEcho(text)) this.#mouth.stop();
    listener.emit({ type: 'partial', text: asksSensitive(desk.pack, expectation()) ? WITHHELD : text });
  }

  #utterance(utterance: Utterance): void {
    const { text } = screenTranscript(utterance.recognition.text);
    const { inGrammar } = utterance.recognition;
    this.#noteLevel(utterance.level);
    const nothing = isNoise({ text, inGrammar, speechMs: utterance.speechMs }, this.#overAgent);
    if (nothing || this.#onlyListens(text) || this.#isEcho(text)) {
      this.#options.recording?.discard();
      this.#goOn();
      return;
    }
    this.#hearing = false;
    this.#mouth.stop();
    this.#mouth.resume();
    const admitted = this.#gate ? this.#gate.admit({ text, utterance }) : { text, utterance };
    // Sound that waited or was refused is not kept: what would be claimed now is another's.
    if (admitted?.utterance !== utterance) this.#options.recording?.discard();
    if (admitted) this.#options.listener.heard(admitted.text, admitted.utterance);
    else this.#options.listener.changed();
  }

  #makeGate(watch: SoundWatch): SoundGate {
    const { desk, clock, listener } = this.#options;
    return new SoundGate({
      watch,
      clock,
      outsideAbove: desk.pack.desk.outsideAbove,
      notice: (code, message) => listener.emit({ type: 'notice', code, message }),
      ask: (text) => {
        listener.emit({ type: 'reply', kind: 'question', text, source: null });
        this.say(text);
      },
      refuse: (code) => listener.lost(code),
      expectNow: () => this.expectNow(),
    });
  }

  /** It was no speech: the agent goes on where it was held. */
  #goOn(): void {
    this.#gate?.forget();
    this.#hearing = false;
    this.#mouth.resume();
    this.#options.listener.changed();
  }

  #broke(code: string): void {
    this.#options.recording?.discard();
    this.#gate?.forget();
    this.#hearing = false;
    this.#mouth.stop();
    this.#mouth.resume();
    this.#trouble(code);
    this.#options.listener.lost(code);
  }

  #trouble(code: string): void {
    const message = 'The hearing stopped for a moment; it is being started again.';
    this.#options.listener.emit({ type: 'notice', code, message });
  }

  #noteLevel(level: Utterance['level']): void {
    const notice = (code: string, message: string) =>
      this.#options.listener.emit({ type: 'notice', code, message });
    if (level.clipped) notice('level-clipped', 'You are too loud for the microphone.');
    else if (level.rmsDb < TOO_QUIET_DB) notice('level-low', 'I can hardly hear you.');
  }
}
