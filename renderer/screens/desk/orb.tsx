import { Ear, Hourglass, Mic, MicOff, Pause, Volume2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { type LevelSource, meterShare } from '../../state/level.ts';

export type OrbState =
  | 'ready'
  | 'connecting'
  | 'listening'
  | 'hearing'
  | 'thinking'
  | 'speaking'
  | 'paused'
  | 'ended';

const ICON = {
  ready: Mic,
  connecting: Hourglass,
  listening: Ear,
  hearing: Mic,
  thinking: Hourglass,
  speaking: Volume2,
  paused: Pause,
  ended: MicOff,
} as const;

const LABEL: Readonly<Record<OrbState, string>> = {
  ready: 'Ready',
  connecting: 'Connecting',
  listening: 'Listening',
  hearing: 'Hearing you',
  thinking: 'Thinking',
  speaking: 'Speaking',
  paused: 'Paused',
  ended: 'Ended',
};

interface Props {
  readonly state: OrbState;
  readonly hint: string;
  readonly levels: LevelSource;
}

/** What the agent is doing: as a form that moves with the voice, as a sign, and as a word. */
export function Orb({ state, hint, levels }: Props) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(
    () =>
      levels.subscribe(() => {
        element.current?.style.setProperty('--level', meterShare(levels.current().rmsDb).toFixed(3));
      }),
    [levels],
  );
  const Icon = ICON[state];
  return (
    <div className="orb-block">
      <div ref={element} className="orb" data-state={state} aria-hidden="true">
        <i className="orb-halo" />
        <i className="orb-ring" />
        <i className="orb-arc" />
        <i className="orb-core">
          <Icon size={34} strokeWidth={1.5} />
        </i>
      </div>
      <p className="orb-state" data-testid="agent-state" data-state={state}>
        {LABEL[state]}
      </p>
      <p className="orb-hint">{hint}</p>
    </div>
  );
}
