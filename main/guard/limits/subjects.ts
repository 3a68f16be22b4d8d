import type { Json } from '../../base/index.ts';
import type { Who } from './events.ts';
import { SUBJECTS, type SubjectKind } from './rules.ts';

/**
 * Stands for whom it is counted: ids as they are; what comes from outside (addresses, devices) under its `pseudonym`, a keyed
 * hash. Null: nobody.
 */
export function subjectOf(
  kind: SubjectKind,
  who: Who,
  pseudonym: (outside: string) => string,
): string | null {
  const { memberId, address, device, conversationId, tool, deskId } = who;
  const id = {
    member: memberId,
    conversation: conversationId,
    tool,
    desk: deskId,
    address,
    device,
    site: '',
  }[kind];
  if (id === undefined || id === null) return null;
  if (kind === 'site') return 'site';
  return `${kind}:${kind === 'address' || kind === 'device' ? pseudonym(`${kind} ${id}`) : id}`;
}

/** Ids may be told; what stands for an address or a device is told to nobody. */
export function tellable(subject: string): { readonly per: SubjectKind; readonly id: string | null } {
  const [kind = '', id] = subject.split(':');
  const per = SUBJECTS.find((one) => one === kind) ?? 'site';
  return { per, id: per === 'address' || per === 'device' ? null : (id ?? null) };
}

/** Of an event, only who and what it is about. */
export function whoOf({ conversationId, memberId, address, device, tool, deskId }: Who): Who {
  return { conversationId, memberId, address, device, tool, deskId } as Who;
}

/** What the log may hold of it: ids and names of tools. */
export function logged({ conversationId, memberId, tool, deskId }: Who): Readonly<Record<string, Json>> {
  const all = { conversationId, memberId, tool, deskId };
  const known = Object.entries(all).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(known);
}
