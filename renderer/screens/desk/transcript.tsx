import { BookOpen, Check, CircleHelp, CircleX, LoaderCircle, Undo2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { TranscriptEntry } from '../../state/conversation.ts';
import { title } from '../../state/words.ts';

interface Props {
  readonly entries: readonly TranscriptEntry[];
  readonly partial: string;
  readonly agentName: string;
}

/** Turns as people read them. New ones are read out; the words still being recognised are not. */
export function Transcript({ entries, partial, agentName }: Props) {
  const box = useRef<HTMLElement>(null);
  const turns = useRef<HTMLDivElement>(null);
  useEffect(() => followEnd(box.current, turns.current), []);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section ref={box} className="transcript" tabIndex={0} aria-label="Conversation">
      <div ref={turns}>
        <div className="transcript-turns" role="log" aria-label="What was said">
          {entries.map((entry, index) => (
            <Entry
              key={entry.key}
              entry={entry}
              agentName={agentName}
              continued={entry.who !== 'tool' && entries[index - 1]?.who === entry.who}
            />
          ))}
        </div>
        {partial === '' ? null : (
          <div className="turn turn-person turn-partial" data-testid="partial">
            <p className="turn-who">You, being heard</p>
            <p className="turn-text">{partial}</p>
          </div>
        )}
      </div>
    </section>
  );
}

/** Keeps the end in sight as turns come and the box changes size, unless the person has scrolled back to read. */
function followEnd(box: HTMLElement | null, turns: HTMLElement | null): (() => void) | undefined {
  if (box === null || turns === null) return undefined;
  let following = true;
  let last = 0;
  // The event of our own scrolling may come after yet more turns: only scrolling back counts as leaving the end.
  const scrolled = () => {
    if (box.scrollHeight - box.scrollTop - box.clientHeight < 48) following = true;
    else if (box.scrollTop < last) following = false;
    last = box.scrollTop;
  };
  const observer = new ResizeObserver(() => {
    if (following) box.scrollTop = box.scrollHeight;
  });
  observer.observe(box);
  observer.observe(turns);
  box.addEventListener('scroll', scrolled);
  return () => {
    observer.disconnect();
    box.removeEventListener('scroll', scrolled);
  };
}

interface EntryProps {
  readonly entry: TranscriptEntry;
  readonly agentName: string;
  readonly continued: boolean;
}

function Entry({ entry, agentName, continued }: EntryProps) {
  if (entry.who === 'tool') return <ToolRow entry={entry} />;
  if (entry.who === 'person')
    return (
      <div className="turn turn-person" data-continued={continued || undefined}>
        <p className="turn-who">You{entry.via === 'typed' ? ', typed' : ''}</p>
        <p className="turn-text">{entry.text}</p>
        {entry.inGrammar ? null : <p className="turn-note">Outside of what this desk listens for</p>}
      </div>
    );
  return (
    <div className="turn turn-agent" data-continued={continued || undefined}>
      <p className="turn-who">
        {agentName} <span className="tag">AI</span>
      </p>
      <AgentText entry={entry} />
      {entry.source === null ? null : (
        <p className="turn-source">
          <BookOpen aria-hidden="true" size={15} strokeWidth={1.8} />
          From “{entry.source.title}”
          {entry.source.heading === undefined ? null : `, “${entry.source.heading}”`}
          {entry.source.page === undefined ? null : `, page ${entry.source.page}`}{' '}
          <span>({entry.source.file})</span>
        </p>
      )}
    </div>
  );
}

function AgentText({ entry }: { readonly entry: Extract<TranscriptEntry, { who: 'agent' }> }) {
  const { text, heardBeforeCut } = entry;
  if (heardBeforeCut === null) return <p className="turn-text">{text}</p>;
  return (
    <>
      <p className="turn-text">
        {heardBeforeCut}
        <span className="unheard">{text.slice(heardBeforeCut.length)}</span>
      </p>
      <p className="turn-note">
        {heardBeforeCut === '' ? 'Stopped before this was heard' : 'Stopped here; the rest was not heard'}
      </p>
    </>
  );
}

const OUTCOMES = {
  running: { icon: LoaderCircle, words: 'Under way' },
  ok: { icon: Check, words: 'Done' },
  refused: { icon: CircleX, words: 'Refused, nothing was done' },
  failed: { icon: CircleX, words: 'Failed, nothing was done' },
  unknown: { icon: CircleHelp, words: 'Not confirmed: check before you try again' },
  withdrawn: { icon: Undo2, words: 'Withdrawn' },
} as const;

function ToolRow({ entry }: { readonly entry: Extract<TranscriptEntry, { who: 'tool' }> }) {
  const { icon: Icon, words } = OUTCOMES[entry.outcome];
  return (
    <div className="tool-row" data-outcome={entry.outcome}>
      <Icon aria-hidden="true" size={16} strokeWidth={2} />
      <span className="tool-name">{title(entry.tool)}</span>
      <span>{words}</span>
    </div>
  );
}
