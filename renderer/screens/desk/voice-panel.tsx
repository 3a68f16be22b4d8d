import { Hand, PhoneOff, RotateCcw, Square } from 'lucide-react';
import type { DeskSummary } from '../../../main/api/contract.ts';
import { Button } from '../../components/button.tsx';
import { Message } from '../../components/message.tsx';
import { Meter } from '../../components/meter.tsx';
import { MicrophonePicker } from '../../components/microphone-picker.tsx';
import type { Microphones } from '../../sound/use-microphones.ts';
import { endReason } from '../../state/words.ts';
import { ModeSwitch } from './mode-switch.tsx';
import { Orb, type OrbState } from './orb.tsx';
import type { Talk, TalkView } from './talk.ts';
import { Withdraw } from './withdraw.tsx';

interface Props {
  readonly talk: Talk;
  readonly view: TalkView;
  readonly desk: DeskSummary;
  readonly microphones: Microphones;
}

/** The conversation's left side: what the agent is doing, how to speak to it, how to stop it. */
export function VoicePanel({ talk, view, desk, microphones }: Props) {
  const over = view.stage === 'over';
  const state: OrbState = over
    ? 'ended'
    : view.stage === 'connecting'
      ? 'connecting'
      : view.conversation.state;
  return (
    <section className="voice" aria-label="Voice">
      <Orb state={state} hint={hintFor(view, desk)} levels={talk.levels} />
      {view.withVoice ? <Meter levels={talk.levels} label="Microphone level" /> : null}
      {over ? (
        <div className="voice-actions">
          <Button look="primary" large icon={RotateCcw} onClick={() => talk.clear()}>
            New conversation
          </Button>
        </div>
      ) : (
        <>
          {view.withVoice ? <ModeSwitch mode={view.mode} onMode={(mode) => void talk.setMode(mode)} /> : null}
          {view.withVoice ? <TalkButton talk={talk} view={view} /> : null}
          <div className="voice-actions">
            <Button
              icon={Square}
              aria-keyshortcuts="Escape"
              disabled={view.conversation.state !== 'speaking'}
              onClick={() => void talk.stopSpeaking()}
            >
              Stop speaking{' '}
              <span className="key" aria-hidden="true">
                Esc
              </span>
            </Button>
            <Withdraw talk={talk} />
            <Button look="danger" icon={PhoneOff} onClick={() => void talk.end()}>
              End conversation
            </Button>
          </div>
        </>
      )}
      {view.microphone === null ? null : (
        <Message tone="warn" title={view.microphone.message} alert>
          {view.microphone.remedy}
        </Message>
      )}
      {view.withVoice && !over ? (
        <MicrophonePicker microphones={microphones} onChoose={(id) => void talk.switchMicrophone(id)} />
      ) : null}
    </section>
  );
}

/** Held by pointer or by Space or Enter on it; the Desk also listens for Space anywhere. */
function TalkButton({ talk, view }: { readonly talk: Talk; readonly view: TalkView }) {
  if (view.mode === 'handsFree') return <p className="talk-open">No key needed: just speak.</p>;
  return (
    <button
      type="button"
      className="talk-button"
      data-down={view.talking || undefined}
      data-talk-button=""
      aria-pressed={view.talking}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        void talk.pushToTalk(true);
      }}
      onPointerUp={() => void talk.pushToTalk(false)}
      onPointerCancel={() => void talk.pushToTalk(false)}
      onContextMenu={(event) => event.preventDefault()}
    >
      <Hand aria-hidden="true" size={18} strokeWidth={1.8} />
      <span>{view.talking ? 'Listening, release to send' : 'Hold to talk'}</span>
      <span className="key" aria-hidden="true">
        Space
      </span>
    </button>
  );
}

function hintFor(view: TalkView, desk: DeskSummary): string {
  if (view.stage === 'over') return endReason(view.conversation.endedBecause ?? '');
  if (view.stage === 'connecting') return 'Opening the microphone';
  if (!view.withVoice) return 'Typed conversation, no microphone';
  const hint: Readonly<Record<string, string>> = {
    listening: view.mode === 'pushToTalk' ? 'Hold Space and speak' : 'Speak whenever you like',
    hearing: 'Go on',
    thinking: `${desk.agentName} is working on it`,
    speaking: view.mode === 'pushToTalk' ? 'Hold Space to interrupt' : 'Speak over it to interrupt',
    paused: 'It will go on in a moment',
  };
  return hint[view.conversation.state] ?? '';
}
