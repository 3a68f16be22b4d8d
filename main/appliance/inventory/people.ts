/** The inventory of what is held of people: in a conversation, about subjects, about members. */
import { ENCRYPTED, type InventorySection, inTable, SEALED } from './datum.ts';

export const conversation: InventorySection = {
  title: 'In a conversation',
  data: [
    {
      what: 'sound of the person and of the agent, while it is heard',
      where: [{ elsewhere: 'memory of browser, appliance and engines' }],
      protection: 'WebRTC: DTLS-SRTP, also on loopback; process pipes between appliance and engines',
      seenBy: { words: 'nobody' },
      keeps: {
        words:
          'of the person, frames that wait five seconds at most, and an utterance (30 seconds at most) until it is decoded; of the agent, a reply until it is heard, and the last 6.5 seconds, to take them out of what the microphone hears',
      },
    },
    {
      what: 'words as recognised or typed',
      where: [{ elsewhere: 'memory; the window' }],
      protection: 'TLS or the private pipe',
      seenBy: {
        words: 'the member who began the conversation',
        through: 'conversation.events',
        roles: ['staff', 'supervisor', 'admin'],
      },
      keeps: { words: 'until the conversation is gone from memory (last 400 events)' },
    },
    {
      what: 'slots (details collected)',
      where: [{ elsewhere: 'memory of the flow; the window, without sensitive ones' }],
      protection: 'none of its own: memory of a process that no other of its user may read (Linux)',
      seenBy: { words: 'the member who began the conversation' },
      keeps: { words: 'the conversation; a sensitive value ten minutes at most' },
    },
    {
      what: 'words as kept: masked before they are written (`[card]`, `[name]`, …: by rules, so some slips through); answers to sensitive slots are `[withheld]`; of the agent, what was heard',
      where: [
        inTable('turns', 'words'),
        inTable('turns', 'conversation_id position turn speaker at flow confidence interrupted'),
      ],
      protection: SEALED,
      seenBy: { words: 'the room `records` can search and read them; each look is recorded and logged' },
      keeps: { rule: 'transcript' },
    },
    {
      what: 'words that a version before data keys kept',
      where: [inTable('turns', 'legacy')],
      protection: ENCRYPTED,
      seenBy: { words: 'as words kept' },
      keeps: { words: 'until the vault is next opened: then sealed' },
    },
    {
      what: 'search index over words as kept',
      where: [inTable('turn_index', 'words'), inTable('turn_places', 'place conversation_id position')],
      protection: `${ENCRYPTED}; no text, only word stems and places; overwritten when deleted; in no backup`,
      seenBy: { words: 'as words kept' },
      keeps: { rule: 'transcript' },
    },
    {
      what: 'recorded sound, where policy and consent allow it (by default there is none)',
      where: [
        inTable(
          'recordings',
          'conversation_id channel segment started_ms duration_ms sample_rate screened sound',
        ),
      ],
      protection: `${SEALED}; what is said of payment is silence`,
      seenBy: { words: 'as words kept; a reason is asked for' },
      keeps: { rule: 'recording' },
    },
    {
      what: 'conversation: desk, pack hash, member, carrier, times, reason of its end, subject',
      where: [
        inTable(
          'conversations',
          'id desk_id pack_hash member_id carrier started_at ended_at end_reason subject_id',
        ),
      ],
      protection: ENCRYPTED,
      seenBy: {
        words: 'in the list of conversations, staff those that they held; each look is recorded and logged',
        through: 'records.list',
        roles: ['staff', 'supervisor', 'admin', 'privacy', 'auditor'],
      },
      keeps: { rule: 'conversation' },
    },
    {
      what: 'disclosures given: which, a hash of the wording, when',
      where: [inTable('disclosures', 'conversation_id position disclosure_id wording_hash at')],
      protection: ENCRYPTED,
      seenBy: { words: 'as words kept' },
      keeps: { rule: 'conversation' },
    },
    {
      what: 'consent receipts (ISO/IEC TS 27560): what was decided, for what, under which policy and wording; no words of the person',
      where: [inTable('consent_receipts', 'id conversation_id at purpose decision receipt')],
      protection: `the receipt: ${SEALED}; purpose and decision: the vault’s pages`,
      seenBy: { words: 'the room `records`; each look is recorded' },
      keeps: { rule: 'conversation' },
    },
    {
      what: 'tool calls: tool, risk, outcome, who approved',
      where: [
        inTable('tool_calls', 'conversation_id proposal_id turn at tool risk approved_by outcome code'),
      ],
      protection: ENCRYPTED,
      seenBy: { words: 'as words kept' },
      keeps: { rule: 'conversation' },
    },
    {
      what: 'tool arguments and results',
      where: [{ elsewhere: 'memory; sent to the tool server' }],
      protection: 'pipe to a process of the same user, or TLS to a server on the LAN that the desk names',
      seenBy: { words: 'the tool server' },
      keeps: { words: 'while the call lasts: neither is in the record or the log' },
    },
    {
      what: 'what a tool server keeps; the demo servers’ people are invented',
      where: [{ file: 'desks/*/*' }],
      protection: '**none**, folder 0700: anyone can see what a tool did',
      seenBy: { words: 'the user that runs Sotto' },
      keeps: { words: 'as the server decides' },
    },
  ],
};

export const subjects: InventorySection = {
  title: 'About subjects',
  data: [
    {
      what: 'that there is such a person, and since when',
      where: [inTable('subjects', 'id created_at')],
      protection: ENCRYPTED,
      seenBy: { words: 'the room `records`' },
      keeps: { words: 'until the subject is erased' },
    },
    {
      what: 'what a subject is known by (a customer number)',
      where: [inTable('subject_references', 'hash subject_id kind value')],
      protection: `found by a keyed hash; the value sealed under the subject’s key; ${ENCRYPTED}`,
      seenBy: { words: 'the room `records`' },
      keeps: { words: 'until the subject is erased' },
    },
    {
      what: 'legal holds: what they keep, file number, by whom',
      where: [inTable('legal_holds', 'id scope target_id matter placed_at placed_by lifted_at lifted_by')],
      protection: ENCRYPTED,
      seenBy: { words: 'the room `records`; in the log' },
      keeps: { words: 'with the log' },
    },
    {
      what: 'requests for erasure, and the signed certificate of what came of them: it names nobody',
      where: [
        inTable(
          'erasures',
          'id subject_id requested_at requested_by state decided_at decided_by certificate',
        ),
      ],
      protection: ENCRYPTED,
      seenBy: { words: 'the room `records`; in the log' },
      keeps: { words: 'with the log' },
    },
  ],
};

export const members: InventorySection = {
  title: 'About members',
  data: [
    {
      what: 'user name, display name, roles; passphrase as Argon2id hash',
      where: [
        inTable(
          'members',
          'id username display_name roles passphrase created_at passphrase_at must_change signed_in_at reviewed_at',
        ),
      ],
      protection: ENCRYPTED,
      seenBy: { words: 'the member, in the window; the hash, nobody' },
      keeps: { words: 'no end' },
    },
    {
      what: 'that a member is locked: since when, by whom, why',
      where: [inTable('members', 'locked_at locked_by lock_reason')],
      protection: ENCRYPTED,
      seenBy: { words: 'the room `identity`' },
      keeps: { words: 'until it is lifted' },
    },
    {
      what: 'key of a member’s one-time codes (TOTP)',
      where: [inTable('member_codes', 'member_id key begun_at confirmed_at')],
      protection: ENCRYPTED,
      seenBy: { words: 'the member, once, when it is set up' },
      keeps: { words: 'until the member sets up another or leaves' },
    },
    {
      what: 'session token, as SHA-256; itself in the window’s memory, never on the browser’s disk',
      where: [inTable('sessions', 'token_hash member_id created_at seen_at')],
      protection: ENCRYPTED,
      seenBy: { words: 'nobody' },
      keeps: { words: '30 minutes idle, 12 hours at most' },
    },
    {
      what: 'failed sign-ins, by a keyed hash of the name that was tried',
      where: [inTable('sign_in_failures', 'name failures last_at')],
      protection: ENCRYPTED,
      seenBy: { words: 'nobody' },
      keeps: { words: 'a day after the last, removed at the next failure' },
    },
    {
      what: 'who read which records, and why',
      where: [inTable('record_reads', 'position at member_id conversation_id reason')],
      protection: ENCRYPTED,
      seenBy: { words: 'nobody yet; the log says it with the reason hashed' },
      keeps: { words: 'no end' },
    },
    {
      what: 'theme, chosen microphone',
      where: [{ elsewhere: 'the browser’s local storage' }],
      protection: 'none; no personal data',
      seenBy: { words: 'the browser’s user' },
      keeps: { words: 'until cleared' },
    },
  ],
};
