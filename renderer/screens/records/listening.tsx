import { Headphones } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useAct } from '../../api/use-act.ts';
import { useAppliance } from '../../api/use-appliance.ts';
import { Button } from '../../components/button.tsx';
import { ErrorMessage } from '../../components/message.tsx';
import { Panel } from '../../components/panel.tsx';
import { type SoundSegment, wavOf } from '../../state/sound-file.ts';

/** The recording, played from this window's memory: no file of it is made, and leaving the screen lets go of it. */
export function Listening({
  conversationId,
  reason,
}: {
  readonly conversationId: string;
  readonly reason: string;
}) {
  const appliance = useAppliance();
  const act = useAct();
  const [url, setUrl] = useState<string | null>(null);
  const [none, setNone] = useState(false);
  useEffect(() => () => (url === null ? undefined : URL.revokeObjectURL(url)), [url]);
  const leaving = useRef<AbortController>(null);
  useEffect(() => () => leaving.current?.abort(), []);
  const load = () =>
    act.run('load', async () => {
      const segments: SoundSegment[] = [];
      leaving.current = new AbortController();
      const { signal } = leaving.current;
      const sound = appliance.listen('records.listen', { conversationId, reason }, signal);
      for await (const segment of sound) segments.push(segment);
      if (signal.aborted) return;
      if (segments.length === 0) setNone(true);
      else setUrl(URL.createObjectURL(new Blob([wavOf(segments)], { type: 'audio/wav' })));
    });
  return (
    <Panel
      title="Recording"
      note="Kept only where the site records and the person agreed. Sensitive words are silence."
    >
      <div className="stack" role="status">
        {act.error === null ? null : <ErrorMessage error={act.error} />}
        {none ? <p className="muted">There is no recording of this conversation.</p> : null}
      </div>
      {url === null ? (
        none ? null : (
          <Button icon={Headphones} busy={act.busy !== null} onClick={() => void load()}>
            {act.busy === null ? 'Listen, for the same reason' : 'Fetching…'}
          </Button>
        )
      ) : (
        // biome-ignore lint/a11y/useMediaCaption: its words stand beside it
        <audio className="player" controls autoPlay src={url} aria-label="Recording of the conversation" />
      )}
    </Panel>
  );
}
