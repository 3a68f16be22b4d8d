import { useState } from 'react';
import { Dialog } from '../../components/dialog.tsx';
import { SoundPanel } from '../setup/sound-step.tsx';

/** The sound check of set-up, at the Desk: when the room, the microphone or the speaker has changed. */
export function SoundDialog({ onClose }: { readonly onClose: () => void }) {
  const [heard, setHeard] = useState(false);
  return (
    <Dialog title="Sound check" wide onClose={onClose}>
      <SoundPanel heard={heard} onHeard={setHeard} />
    </Dialog>
  );
}
