import { ShieldOff } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import type { Talk } from './talk.ts';

/** The person takes their consent back: for the recording alone, or for all of it. Nobody has to say why. */
export function Withdraw({ talk }: { readonly talk: Talk }) {
  const [asking, setAsking] = useState(false);
  const withdraw = (purpose: 'recording' | 'processing') => {
    setAsking(false);
    void talk.withdraw(purpose);
  };
  return (
    <>
      <Button look="quiet" icon={ShieldOff} onClick={() => setAsking(true)}>
        Withdraw consent…
      </Button>
      {asking ? (
        <Dialog title="What does the person withdraw?" onClose={() => setAsking(false)}>
          <div className="stack withdraw">
            <Button onClick={() => withdraw('recording')}>Only the recording</Button>
            <p className="muted">
              Recording stops, and the sound kept so far is forgotten. The conversation goes on.
            </p>
            <Button look="danger" onClick={() => withdraw('processing')}>
              All of it
            </Button>
            <p className="muted">
              The conversation ends, and a person takes over. What was kept goes where the policy says so.
            </p>
          </div>
        </Dialog>
      ) : null}
    </>
  );
}
