import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import type { DeskSummary } from '../../../main/api/contract.ts';
import { useAppliance, useApplianceView } from '../../api/use-appliance.ts';
import { ErrorMessage } from '../../components/message.tsx';
import { useMicrophones } from '../../sound/use-microphones.ts';
import { Composer } from './composer.tsx';
import { HandOffBanner } from './hand-off-banner.tsx';
import { Idle } from './idle.tsx';
import { ProposalCard } from './proposal-card.tsx';
import { Talk } from './talk.ts';
import { Toasts } from './toasts.tsx';
import { Transcript } from './transcript.tsx';
import { Understood } from './understood.tsx';
import { useTalkKeys } from './use-talk-keys.ts';
import { VoicePanel } from './voice-panel.tsx';

interface Props {
  readonly desk: DeskSummary;
  /** False while another place is shown; keys then do nothing here. */
  readonly active: boolean;
}

/** The Desk: where people talk with the agent. */
export function Desk({ desk, active }: Props) {
  const appliance = useAppliance();
  const { link } = useApplianceView();
  const talk = useMemo(() => new Talk(appliance), [appliance]);
  const view = useSyncExternalStore(talk.subscribe, talk.view);
  const microphones = useMicrophones();
  const { stage, conversation } = view;

  useTalkKeys(talk, active && stage === 'live');
  useEffect(() => {
    if (link === 'lost') talk.connectionLost();
  }, [link, talk]);
  // Signing out or closing the window ends the conversation and frees the microphone.
  useEffect(() => () => void talk.end(), [talk]);
  const main = useRef<HTMLElement>(null);
  const composer = useRef<HTMLInputElement>(null);
  const { refresh } = microphones;
  const { withVoice } = view;
  useEffect(() => {
    if (stage !== 'live') return;
    refresh();
    // The button that was pressed is gone: the focus goes to where the conversation is held.
    (withVoice ? main.current : composer.current)?.focus();
  }, [stage, withVoice, refresh]);

  const dismiss = useCallback((key: number) => talk.dismiss(key), [talk]);
  const proposalId = conversation.proposal?.proposalId;
  const decide = useCallback(
    (decision: 'approve' | 'refuse') => {
      if (proposalId !== undefined) void talk.decide(proposalId, decision);
    },
    [talk, proposalId],
  );

  const holding = stage === 'live' || stage === 'over';
  return (
    <>
      {holding ? (
        <main ref={main} className="desk" tabIndex={-1} aria-label={`Conversation with ${desk.agentName}`}>
          <h1 className="hidden-text">Conversation with {desk.agentName}</h1>
          <VoicePanel talk={talk} view={view} desk={desk} microphones={microphones} />
          <div className="talk">
            {conversation.handOff === null ? null : <HandOffBanner handOff={conversation.handOff} />}
            <Transcript
              entries={conversation.transcript}
              partial={conversation.partial}
              agentName={desk.agentName}
            />
            <div className="talk-foot">
              {view.error === null ? null : <ErrorMessage error={view.error} />}
              {conversation.proposal === null ? null : (
                <ProposalCard
                  proposal={conversation.proposal}
                  onDecide={decide}
                  onProof={(proof) => talk.stepUp(proposalId ?? '', proof)}
                />
              )}
              {stage === 'live' ? <Composer ref={composer} onSend={(text) => talk.type(text)} /> : null}
            </div>
          </div>
          <Understood conversation={conversation} desk={desk} />
          <Toasts notices={conversation.notices} onDismiss={dismiss} />
        </main>
      ) : (
        <Idle talk={talk} view={view} desk={desk} microphones={microphones} />
      )}
      <AgentVoice stream={view.voice} />
    </>
  );
}

/** Plays what the agent says. */
function AgentVoice({ stream }: { readonly stream: MediaStream | null }) {
  const element = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    const audio = element.current;
    if (audio === null || audio.srcObject === stream) return;
    audio.srcObject = stream;
    if (stream !== null) audio.play().catch(() => {});
  }, [stream]);
  return (
    // biome-ignore lint/a11y/useMediaCaption: the transcript is its caption
    <audio ref={element} autoPlay data-testid="agent-audio" />
  );
}
