import { useCallback } from 'react';
import { useAsk } from './use-appliance.ts';

/** Who an id stands for, for screens that tell who did what. */
export function useNames(): (id: string | null) => string {
  const [asked] = useAsk('members.names', {});
  const members = asked.state === 'answered' ? asked.value : null;
  return useCallback(
    (id) => {
      if (id === null) return 'Nobody signed in';
      if (id === 'system') return 'Sotto itself';
      if (id === 'anonymous') return 'Somebody not signed in';
      if (id.startsWith('conversation:')) return 'A conversation';
      return members?.find((member) => member.id === id)?.displayName ?? 'A former member';
    },
    [members],
  );
}
