import { AudioLines, Keyboard, Mic } from 'lucide-react';
import { useState } from 'react';
import type { DeskSummary } from '../../../main/api/contract.ts';
import { Button } from '../../components/button.tsx';
import { ErrorMessage, Message } from '../../components/message.tsx';
import { MicrophonePicker } from '../../components/microphone-picker.tsx';
import type { Microphones } from '../../sound/use-microphones.ts';
import { ModeSwitch } from './mode-switch.tsx';
import { Orb } from './orb.tsx';
import { SoundDialog } from './sound-dialog.tsx';
import type { Talk, TalkView } from './talk.ts';

interface Props {
  readonly talk: Talk;
  readonly view: TalkView;
  readonly desk: DeskSummary;
  readonly microphones: Microphones;
}

/** Before a conversation: one thing to press, and what can be asked for. */
export function Idle({ talk, view, desk, microphones }: Props) {
  const connecting = view.stage === 'connecting';
  const [checking, setChecking] = useState(false);
  const start = (voice: boolean) => void talk.start({ voice, deviceId: microphones.chosen });
  return (
    <main className="idle">
      <section className="idle-start" aria-label="Start">
        <Orb
          state={connecting ? 'connecting' : 'ready'}
          hint={
            connecting && view.withVoice ? 'Allow the microphone if you are asked' : 'The microphone is off'
          }
          levels={talk.levels}
        />
        <div className="idle-actions">
          <Button look="primary" large icon={Mic} busy={connecting} onClick={() => start(true)}>
            Start conversation
          </Button>
          <Button icon={Keyboard} busy={connecting} onClick={() => start(false)}>
            Type instead
          </Button>
        </div>
        <div className="idle-problem">
          {view.microphone === null ? null : (
            <Message tone="warn" title={view.microphone.message} alert>
              {view.microphone.remedy}
            </Message>
          )}
          {view.error === null ? null : <ErrorMessage error={view.error} />}
        </div>
        <div className="idle-sound">
          <ModeSwitch mode={view.mode} onMode={(mode) => void talk.setMode(mode)} />
          <MicrophonePicker microphones={microphones} />
          <Button look="quiet" icon={AudioLines} busy={connecting} onClick={() => setChecking(true)}>
            Check the sound
          </Button>
        </div>
      </section>
      <section className="idle-about" aria-labelledby="idle-title">
        <p className="eyebrow">{desk.name}</p>
        <h1 id="idle-title">What {desk.agentName} can do</h1>
        <ul className="abilities">
          {desk.abilities.map((ability) => (
            <li key={ability}>{ability}</li>
          ))}
        </ul>
        <p className="idle-person">Ask for {desk.handOffTo} at any time, by voice or by typing.</p>
      </section>
      {checking ? <SoundDialog onClose={() => setChecking(false)} /> : null}
    </main>
  );
}
