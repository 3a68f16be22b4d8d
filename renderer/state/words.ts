/** Turns names and values of the machine into words for people. */

/** `transfer_money`, `fromAccount` → "Transfer money", "From account". */
export function title(name: string): string {
  const words = name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .trim()
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A slot's normalised value as a person reads it: dates in words, choices without underscores, else unchanged. */
export function slotValue(value: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) {
    const date = new Date(`${value}T12:00:00`);
    if (!Number.isNaN(date.getTime()))
      return date.toLocaleDateString('en-US', {
        weekday: 'short',
        day: 'numeric',
        month: 'long',
        year: 'numeric',
      });
  }
  if (/^[a-z]+(_[a-z0-9]+)+$/.test(value)) return value.replaceAll('_', ' ');
  return value;
}

const END_REASONS: Readonly<Record<string, string>> = {
  member: 'You ended the conversation.',
  farewell: 'The conversation is over.',
  handOff: 'The conversation was handed to a person.',
  silence: 'Nobody spoke for a while, so the conversation was ended.',
  'connection-lost': 'The connection was lost, so the conversation was ended.',
};

/** Why a conversation ended. */
export function endReason(reason: string): string {
  return END_REASONS[reason] ?? 'The conversation is over.';
}

const END_WORDS: Readonly<Record<string, string>> = {
  member: 'By the member',
  farewell: 'By farewell',
  handOff: 'Handed over',
  silence: 'In silence',
  'connection-lost': 'Connection lost',
};

/** Why a conversation ended, for a table. */
export function endWords(reason: string): string {
  return END_WORDS[reason] ?? title(reason);
}

/** "12 Mar, 14:05" */
export function shortTime(at: number): string {
  return new Date(at).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
}

/** "1 min 20 s" */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
