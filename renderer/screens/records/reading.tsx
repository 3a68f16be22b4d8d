import { ArrowLeft, Wrench } from 'lucide-react';
import type { Member, OutputOf } from '../../../main/api/contract.ts';
import { useAsk } from '../../api/use-appliance.ts';
import { useNames } from '../../api/use-names.ts';
import { Answer } from '../../components/answer.tsx';
import { Button } from '../../components/button.tsx';
import { Facts, Panel } from '../../components/panel.tsx';
import { carrierWords, clockTime, duration, endWords, shortTime, title } from '../../state/words.ts';
import { Listening } from './listening.tsx';
import { ConsentReceipts } from './receipts.tsx';

type Read = OutputOf<'records.read'>;
type Step =
  | { readonly at: number; readonly turn: Read['turns'][number] }
  | { readonly at: number; readonly call: Read['toolCalls'][number] };

interface Props {
  readonly conversationId: string;
  readonly reason: string;
  readonly member: Member;
  readonly onBack: () => void;
}

/** One conversation as it was kept: masked words, of the agent's only what was heard, and what the tools did. */
export function Reading({ conversationId, reason, member, onBack }: Props) {
  const [asked] = useAsk('records.read', { conversationId, reason });
  const mayListen = member.roles.some((role) => role !== 'auditor' && role !== 'staff');
  return (
    <main className="admin">
      <div>
        <Button look="quiet" icon={ArrowLeft} onClick={onBack}>
          All conversations
        </Button>
      </div>
      <Answer of={asked}>
        {(read) => (
          <div className="admin-split">
            <Panel
              level={1}
              title={`Conversation of ${shortTime(read.conversation.startedAt)}`}
              note={`Read because: ${reason}`}
            >
              <Said read={read} />
            </Panel>
            <div className="stack">
              <About read={read} />
              {mayListen ? <Listening conversationId={conversationId} reason={reason} /> : null}
              <ConsentReceipts conversationId={conversationId} reason={reason} />
            </div>
          </div>
        )}
      </Answer>
    </main>
  );
}

function Said({ read }: { readonly read: Read }) {
  const steps: readonly Step[] = [
    ...read.turns.map((turn) => ({ at: turn.at, turn })),
    ...read.toolCalls.map((call) => ({ at: call.at, call })),
  ].sort((a, b) => a.at - b.at);
  if (steps.length === 0)
    return (
      <p className="muted">Nothing of what was said is kept any more: its time had come, or it was erased.</p>
    );
  return (
    <ol className="said">
      {steps.map((step) =>
        'turn' in step ? (
          <li key={`${step.at}-${step.turn.speaker}-${step.turn.text}`} data-who={step.turn.speaker}>
            <p className="said-who">
              {step.turn.speaker === 'person' ? 'Person' : 'Agent'} <time>{clockTime(step.at)}</time>
            </p>
            <p>{step.turn.text}</p>
            {step.turn.interrupted ? <p className="said-note">Stopped here; the rest was not heard</p> : null}
          </li>
        ) : (
          <li key={`${step.at}-${step.call.proposalId}-${step.call.outcome}`} data-who="tool">
            <p className="said-tool" data-outcome={step.call.outcome}>
              <Wrench aria-hidden="true" size={15} strokeWidth={1.8} />
              <strong>{title(step.call.tool)}</strong> {CALL_WORDS[step.call.outcome]}
              {step.call.approvedBy === null || step.call.approvedBy === 'none'
                ? null
                : `, approved by ${step.call.approvedBy === 'screen' ? 'a press on the screen' : step.call.approvedBy}`}
              {step.call.code === null ? null : <code>{step.call.code}</code>}
            </p>
          </li>
        ),
      )}
    </ol>
  );
}

const CALL_WORDS = {
  proposed: 'was proposed',
  withdrawn: 'was withdrawn',
  called: 'was sent, and no answer is kept',
  ok: 'was done',
  refused: 'was refused, nothing was done',
  failed: 'failed, nothing was done',
  unknown: 'was sent; nobody can say whether it was done',
} as const;

function About({ read: { conversation, turns } }: { readonly read: Read }) {
  const nameOf = useNames();
  const { startedAt, endedAt, endReason } = conversation;
  const flows = [...new Set(turns.flatMap(({ flow }) => (flow === null ? [] : [title(flow)])))];
  return (
    <Panel title="About it">
      <Facts
        facts={[
          ['Desk', conversation.deskId],
          ['Held by', nameOf(conversation.memberId)],
          ['How', carrierWords(conversation.carrier)],
          ['Length', endedAt === null ? 'under way' : duration(endedAt - startedAt)],
          ['Ended', endedAt === null ? 'not yet' : endWords(endReason ?? 'ended')],
          ['Flows', flows.join(', ') || 'none'],
          ['Conversation', <code key="id">{conversation.id}</code>],
          [
            'Subject',
            conversation.subjectId === null ? 'not known' : <code key="s">{conversation.subjectId}</code>,
          ],
        ]}
      />
    </Panel>
  );
}
