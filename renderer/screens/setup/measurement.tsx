import { CircleCheck, CircleX, Ruler, TriangleAlert } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import type { Measured, SoundCheckView } from './sound-check.ts';

const STAGES = {
  quiet: 'Please be quiet for a moment: the room is listened to.',
  probe: 'The speaker sounds a few times: how much of it comes back is measured.',
  speak: 'Now say a sentence, as you would at work.',
} as const;
const ICONS = { ok: CircleCheck, warn: TriangleAlert, fail: CircleX } as const;

interface Props {
  readonly view: SoundCheckView;
  readonly onMeasure: () => void;
}

/** How noisy the room is, how much of the agent's voice comes back, how loud the person is; and what to better. */
export function Measurement({ view, onMeasure }: Props) {
  const { stage, measuring, result } = view;
  return (
    <div className="sound-row">
      <Ruler aria-hidden="true" size={22} strokeWidth={1.6} />
      <div>
        <p className="sound-title">Room and echo</p>
        <p role="status">
          {measuring !== null
            ? STAGES[measuring]
            : result !== null
              ? 'Measured, and kept for this desk.'
              : 'About ten seconds. The desk then knows its room: what is noise, and what is its own voice.'}
        </p>
        <Button icon={Ruler} disabled={stage !== 'running'} busy={measuring !== null} onClick={onMeasure}>
          {measuring !== null ? 'Measuring…' : result === null ? 'Measure this desk' : 'Measure again'}
        </Button>
        {result === null ? null : <Findings result={result} />}
      </div>
    </div>
  );
}

function Findings({ result }: { readonly result: Measured }) {
  return (
    <ul className="sound-findings">
      {result.findings.map((finding) => {
        const Icon = ICONS[finding.state];
        return (
          <li key={`${finding.id}-${finding.message}`} className="check" data-state={finding.state}>
            <Icon aria-hidden="true" size={18} strokeWidth={1.8} />
            <div>
              <p>{finding.message}</p>
              {finding.remedy === null ? null : <p className="check-remedy">{finding.remedy}</p>}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
