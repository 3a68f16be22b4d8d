/** The six steps, in this order: NIST SP 800-61 with the documentation as a step of its own. */
export const STEPS = ['identify', 'contain', 'investigate', 'remediate', 'recover', 'document'] as const;
export type Step = (typeof STEPS)[number];

/** What has to be looked at before a step can be signed. Ids are kept with the incident: they never change. */
export const CHECKLISTS: Readonly<Record<Step, readonly { readonly id: string; readonly text: string }[]>> = {
  identify: [
    { id: 'what', text: 'What happened is written down, with the time it began.' },
    { id: 'who', text: 'Conversations, members and tools that are touched are named.' },
    { id: 'severity', text: 'The severity is right; whoever must be told inside the house was told.' },
  ],
  contain: [
    { id: 'stopped', text: 'What must stand still stands still: everything, a desk, or a tool.' },
    { id: 'locked', text: 'Members whose sign-in may be in other hands are locked.' },
    { id: 'holds', text: 'Legal holds keep the records that will be needed.' },
  ],
  investigate: [
    { id: 'log', text: 'The log was verified whole, also against its witness.' },
    { id: 'calls', text: 'Calls that nobody can vouch for were looked at where they were carried out.' },
    { id: 'data', text: 'Whose data was seen or changed is known.' },
    { id: 'cause', text: 'The cause is known, or it is said that it is not.' },
  ],
  remediate: [
    { id: 'fixed', text: 'The cause is removed: desk pack, rule, role, key or program.' },
    { id: 'keys', text: 'Keys, passphrases and one-time codes that may be known are changed.' },
    { id: 'tested', text: 'The desk tests pass, and what happened was tried again without effect.' },
  ],
  recover: [
    { id: 'lifted', text: 'What stood still was lifted, each by two people.' },
    { id: 'watched', text: 'The first hours after were watched.' },
  ],
  document: [
    {
      id: 'notified',
      text: 'It is decided, with reasons, whether authorities and those concerned are told.',
    },
    { id: 'lessons', text: 'What is to change is written down, with who does it by when.' },
    { id: 'exported', text: 'The incident was exported and put where such things are kept.' },
  ],
};
