import { SendHorizontal } from 'lucide-react';
import { type FormEvent, type Ref, useState } from 'react';
import { Button } from '../../components/button.tsx';

interface Props {
  readonly onSend: (text: string) => Promise<boolean>;
  readonly ref?: Ref<HTMLInputElement>;
}

/** Typing: an equal way in. The text stays until the appliance has taken it. */
export function Composer({ onSend, ref }: Props) {
  const [text, setText] = useState('');
  const send = async (event: FormEvent) => {
    event.preventDefault();
    const words = text.trim();
    if (words !== '' && (await onSend(words))) setText('');
  };
  return (
    <form className="composer" onSubmit={send}>
      <input
        ref={ref}
        aria-label="Type instead of speaking"
        placeholder="Or type here"
        value={text}
        maxLength={500}
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="submit" look="primary" icon={SendHorizontal} disabled={text.trim() === ''}>
        Send
      </Button>
    </form>
  );
}
