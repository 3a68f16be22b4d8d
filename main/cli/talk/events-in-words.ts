import type { ConversationEvent } from '../../conversation/index.ts';

/** An event for a person who reads along; null for what only programs want to know. */
export function eventInWords(event: ConversationEvent): string | null {
  switch (event.type) {
    case 'final':
      return event.via === 'voice' ? `  you    ${event.text}` : null;
    case 'reply':
      return `  agent  ${event.text}`;
    case 'toolProposed':
      return event.needs === 'none' ? null : `  ask    ${event.tool}: yes or no? (also: /approve, /refuse)`;
    case 'toolAnswered':
      return `  done   ${event.tool}: ${event.code ?? event.outcome}`;
    case 'handOff':
      return `  pass   to ${event.to}${event.urgent ? ', urgently' : ''}`;
    case 'notice':
      return `  note   ${event.message}`;
    case 'heard':
      return event.interrupted ? '  (interrupted)' : null;
    case 'ended':
      return `  end    ${event.reason}`;
    default:
      return null;
  }
}
