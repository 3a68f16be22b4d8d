import { Mic } from 'lucide-react';
import { useId } from 'react';
import type { Microphones } from '../sound/use-microphones.ts';

interface Props {
  readonly microphones: Microphones;
  readonly onChoose?: (id: string | null) => void;
}

export function MicrophonePicker({ microphones, onChoose }: Props) {
  const id = useId();
  const choose = (value: string) => {
    const chosen = value === '' ? null : value;
    microphones.choose(chosen);
    onChoose?.(chosen);
  };
  return (
    <div className="picker">
      <label htmlFor={id}>Microphone</label>
      <div className="picker-box">
        <Mic aria-hidden="true" size={16} strokeWidth={1.8} />
        <select id={id} value={microphones.chosen ?? ''} onChange={(event) => choose(event.target.value)}>
          <option value="">System default</option>
          {microphones.list
            .filter((one) => one.id !== 'default')
            .map((one) => (
              <option key={one.id} value={one.id}>
                {one.label}
              </option>
            ))}
        </select>
      </div>
    </div>
  );
}
