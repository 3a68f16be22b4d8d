import { Siren, UserRound } from 'lucide-react';
import type { ConversationView } from '../../state/conversation.ts';

export function HandOffBanner({ handOff }: { readonly handOff: NonNullable<ConversationView['handOff']> }) {
  const Icon = handOff.urgent ? Siren : UserRound;
  return (
    <div
      className="hand-off"
      data-urgent={handOff.urgent || undefined}
      role={handOff.urgent ? 'alert' : 'status'}
      data-testid="hand-off"
    >
      <Icon aria-hidden="true" size={24} strokeWidth={1.7} />
      <div>
        <p className="hand-off-title">{handOff.urgent ? `Get ${handOff.to} now` : `Over to ${handOff.to}`}</p>
        <p>Reason: {handOff.reason}</p>
      </div>
    </div>
  );
}
