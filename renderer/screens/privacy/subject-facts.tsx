import type { OutputOf } from '../../../main/api/contract.ts';
import { Message } from '../../components/message.tsx';
import { Facts } from '../../components/panel.tsx';
import { duration, exactTime } from '../../state/words.ts';

/** What is kept about a subject: counts and times, no content. */
export function SubjectFacts({ review }: { readonly review: OutputOf<'erasure.review'> }) {
  return (
    <div className="stack">
      <Facts
        facts={[
          ['Conversations', review.conversations],
          ['Utterances', review.turns],
          ['Tool calls', review.toolCalls],
          ['Recorded', duration(review.recordedSeconds * 1000)],
          ['First', review.first === null ? 'none' : exactTime(review.first)],
          ['Last', review.last === null ? 'none' : exactTime(review.last)],
          ['Subject', <code key="id">{review.subjectId}</code>],
        ]}
      />
      {review.held ? (
        <Message tone="warn" title="A legal hold keeps these records">
          The erasure can be asked for, and is carried out once the hold is lifted.
        </Message>
      ) : null}
    </div>
  );
}
