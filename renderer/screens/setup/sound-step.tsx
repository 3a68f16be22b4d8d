import { CircleCheck, Mic, Square, Volume2 } from 'lucide-react';
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useAppliance } from '../../api/use-appliance.ts';
import { Button } from '../../components/button.tsx';
import { ErrorMessage, Message } from '../../components/message.tsx';
import { Meter } from '../../components/meter.tsx';
import { MicrophonePicker } from '../../components/microphone-picker.tsx';
import { useMicrophones } from '../../sound/use-microphones.ts';
import { Measurement } from './measurement.tsx';
import { SoundCheck } from './sound-check.ts';
import type { StepProps } from './steps.tsx';

/** Microphone in, test sentence out. Nothing of it is kept, and it may be skipped. */
export function SoundStep({ draft, change }: StepProps) {
  const heard = draft.soundHeard === 'yes';
  return <SoundPanel heard={heard} onHeard={(yes) => change({ soundHeard: yes ? 'yes' : null })} />;
}

interface PanelProps {
  readonly heard: boolean;
  readonly onHeard: (heard: boolean) => void;
}

/** The sound check, in set-up and at the Desk. */
export function SoundPanel({ heard, onHeard }: PanelProps) {
  const appliance = useAppliance();
  const check = useMemo(() => new SoundCheck(appliance), [appliance]);
  const view = useSyncExternalStore(check.subscribe, check.view);
  const microphones = useMicrophones();
  useEffect(() => () => check.stop(), [check]);
  const { refresh } = microphones;
  const running = view.stage === 'running';
  useEffect(() => {
    if (running) refresh();
  }, [running, refresh]);
  const [playing, setPlaying] = useState(true);
  const audio = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    if (audio.current !== null) audio.current.srcObject = view.voice;
    if (view.voice !== null)
      audio.current?.play().then(
        () => setPlaying(true),
        () => setPlaying(false),
      );
  }, [view.voice]);
  return (
    <div className="sound">
      <MicrophonePicker microphones={microphones} onChoose={(id) => void check.switchMicrophone(id)} />
      <div className="sound-row" data-done={view.spoke || undefined}>
        <Mic aria-hidden="true" size={22} strokeWidth={1.6} />
        <div>
          <p className="sound-title">Your voice</p>
          <p role="status">
            {!running
              ? 'Start the check, then say a sentence.'
              : view.clipped
                ? 'Too loud: it distorts. Move back a little, or turn the microphone down.'
                : view.spoke
                  ? 'The appliance hears you.'
                  : 'Say a sentence: “Good morning, this is a test.”'}
          </p>
          <Meter levels={check.levels} label="Microphone level" />
        </div>
        {view.spoke ? (
          <CircleCheck className="sound-ok" aria-hidden="true" size={22} strokeWidth={1.8} />
        ) : null}
      </div>
      <div className="sound-row" data-done={heard || undefined}>
        <Volume2 aria-hidden="true" size={22} strokeWidth={1.6} />
        <div>
          <p className="sound-title">Its voice</p>
          <p>{running ? 'The appliance speaks a test sentence now.' : 'You will hear a test sentence.'}</p>
          <Button icon={CircleCheck} disabled={!running} aria-pressed={heard} onClick={() => onHeard(!heard)}>
            I heard it
          </Button>
        </div>
        {heard ? <CircleCheck className="sound-ok" aria-hidden="true" size={22} strokeWidth={1.8} /> : null}
      </div>
      <Measurement view={view} onMeasure={() => void check.measure()} />
      <div className="sound-actions">
        {running ? (
          <Button icon={Square} onClick={() => check.stop()}>
            Stop
          </Button>
        ) : (
          <Button
            icon={Mic}
            busy={view.stage === 'starting'}
            onClick={() => void check.start(microphones.chosen)}
          >
            {view.stage === 'starting' ? 'Starting…' : 'Start the sound check'}
          </Button>
        )}
      </div>
      {playing ? null : (
        <Message tone="warn">
          The browser does not play sound here yet. Press Stop, then start once more.
        </Message>
      )}
      {view.problem === null ? null : (
        <Message tone="warn" title={view.problem.message} alert>
          {view.problem.remedy}
        </Message>
      )}
      {view.error === null ? null : <ErrorMessage error={view.error} />}
      {/* biome-ignore lint/a11y/useMediaCaption: a test sentence, and what it is for stands beside it */}
      <audio ref={audio} autoPlay data-testid="agent-audio" />
    </div>
  );
}
