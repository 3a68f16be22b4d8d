import type { TalkMode } from './talk.ts';

const MODES = [
  { mode: 'handsFree', label: 'Hands-free' },
  { mode: 'pushToTalk', label: 'Push to talk' },
] as const;

interface Props {
  readonly mode: TalkMode;
  readonly onMode: (mode: TalkMode) => void;
}

export function ModeSwitch({ mode, onMode }: Props) {
  return (
    <fieldset className="segments">
      <legend className="hidden-text">How you speak</legend>
      {MODES.map((one) => (
        <label key={one.mode}>
          <input
            type="radio"
            name="talk-mode"
            checked={mode === one.mode}
            onChange={() => onMode(one.mode)}
          />
          <span>{one.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
