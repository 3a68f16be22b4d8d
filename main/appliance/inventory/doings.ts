/** The inventory of what is held of doings: of tools, limits, standstill and incidents. */
import { ENCRYPTED, type InventorySection, inTable, named } from './datum.ts';

export const tools: InventorySection = {
  title: 'What the tool gateway remembers',
  data: [
    {
      what: 'calls that went out, what became of them, what they summed up to: for limits, and for what nobody can vouch for',
      where: [
        inTable(
          'tool_uses',
          'proposal_id desk_id conversation_id tool risk arguments_hash at state code answered_at resolved_at resolved_by happened',
        ),
        inTable('tool_amounts', 'proposal_id argument hundredths'),
      ],
      protection: `${ENCRYPTED}; arguments as keyed hashes, amounts in the clear of the vault`,
      seenBy: { words: '`sotto tools` (whoever can open the vault)' },
      keeps: { words: 'no end' },
    },
    {
      what: 'what is stopped, since when and by whom; requests to stop, until they are read',
      where: [inTable('tool_stops', 'scope name at by_id'), { file: 'stops/*' }],
      protection: `${ENCRYPTED}; a request names tools alone, 0600`,
      seenBy: { words: '`sotto tools`' },
      keeps: { words: 'until it is lifted' },
    },
    {
      what: 'the latest time the gateway knows of; one-time codes used (their time step) and guessed at',
      where: [
        inTable('tool_time', 'one at'),
        inTable('tool_codes', 'member_id used_step'),
        inTable('tool_code_misses', 'member_id at'),
      ],
      protection: ENCRYPTED,
      seenBy: { words: 'nobody' },
      keeps: { words: 'replaced by the next' },
    },
  ],
};

export const safeguards: InventorySection = {
  title: 'Limits, standstill and incidents',
  data: [
    {
      what: 'what was stopped by hand, by whom and why; who wants it lifted',
      where: [
        inTable('standstills', 'scope name at by_id via reason'),
        inTable('standstill_lifts', 'scope name member_id at'),
        { file: 'standstill/*' },
      ],
      protection: `${ENCRYPTED}; a request, until it is read, names a desk or a tool alone, 0600`,
      seenBy: { words: 'members; in the log' },
      keeps: { words: 'until it is lifted' },
    },
    {
      what: 'what limits count: which rule, for whom (an id; addresses and browsers as keyed hashes), when, how much',
      where: [
        inTable('limit_marks', 'rule subject at amount'),
        inTable('limit_fired', 'rule subject at'),
        inTable('limit_hours', 'measure hour count'),
      ],
      protection: ENCRYPTED,
      seenBy: {
        words: 'in the window, how near somebody is to a rule; who it is only where it is a member',
        through: 'limits.list',
        roles: ['supervisor', 'admin', 'auditor', 'privacy'],
      },
      keeps: { words: 'as long as its rule looks back' },
    },
    {
      what: 'a random name of the browser, for limits by device',
      where: [{ elsewhere: 'a cookie of the browser (`__Host-sotto-device`), headless only' }],
      protection: 'TLS alone, not for scripts, not for other sites',
      seenBy: { words: 'nobody; counted as a keyed hash' },
      keeps: { words: 'a year, or until the browser’s cookies are cleared' },
    },
    {
      what: 'the rules of limits and the policy of sound, where the site has its own',
      where: [named('settings', 'guard.limits', 'guard.soundPolicy')],
      protection: ENCRYPTED,
      seenBy: {
        words: 'the window',
        through: 'limits.list',
        roles: ['supervisor', 'admin', 'auditor', 'privacy'],
      },
      keeps: { words: 'until changed' },
    },
    {
      what: 'incidents: kind, severity, summary, their evidence, steps and who signed them',
      where: [
        inTable(
          'incidents',
          'id number kind severity opened_at opened_by summary first_seq checkpoint closed_at',
        ),
        inTable('incident_evidence', 'id incident_id at by_id kind json'),
        inTable('incident_steps', 'incident_id step owner_id signed_at signed_by'),
        inTable('incident_checks', 'incident_id step item outcome at by_id'),
      ],
      protection: ENCRYPTED,
      seenBy: {
        words: 'the window',
        through: 'incidents.get',
        roles: ['supervisor', 'admin', 'auditor', 'privacy'],
      },
      keeps: { words: 'no end' },
    },
    {
      what: 'alerts that wait for the mail relay, where one is named; the relay, and the hosts that the site allows',
      where: [inTable('alert_mail', 'id at json tries'), named('settings', 'alerts.mail', 'network.hosts')],
      protection: ENCRYPTED,
      seenBy: { words: 'the site’s mail relay' },
      keeps: { words: 'until they are sent' },
    },
  ],
};
