import { canonicalJson, type Json, SottoError } from '../base/index.ts';
import type { AuditAction, AuditEvent } from './contract.ts';

/** The version of the Open Cybersecurity Schema Framework that entries are written in. */
const OCSF_VERSION = '1.5.0';
const SUCCESS = 1;
const FAILURE = 2;

/** Where an act belongs in OCSF: the class, and the activity within it (99: other, named by the action). */
interface Place {
  readonly category: number;
  readonly class: number;
  readonly activity: number;
}

const lifecycle = (activity: number): Place => ({ category: 6, class: 6002, activity });
const apiActivity = (activity: number): Place => ({ category: 6, class: 6003, activity });
const datastore = (activity: number): Place => ({ category: 6, class: 6005, activity });
const account = (activity: number): Place => ({ category: 3, class: 3001, activity });
const authentication = (activity: number): Place => ({ category: 3, class: 3002, activity });
const entity = (activity: number): Place => ({ category: 3, class: 3004, activity });
const finding = (activity: number): Place => ({ category: 2, class: 2004, activity });

const OTHER = 99;
const PLACES: Readonly<Record<AuditAction, Place>> = {
  'appliance.start': lifecycle(3),
  'appliance.stop': lifecycle(4),
  'engine.crash': lifecycle(OTHER),
  'setup.complete': lifecycle(1),
  'clock.change': lifecycle(OTHER),
  'configuration.change': entity(3),
  'vault.create': datastore(6),
  'vault.unlock': datastore(3),
  'vault.backup': datastore(OTHER),
  'vault.restore': datastore(OTHER),
  'key.rotate': datastore(OTHER),
  'key.source': datastore(OTHER),
  'recoveryKey.set': datastore(OTHER),
  'record.list': datastore(8),
  'record.read': datastore(1),
  'record.search': datastore(8),
  'record.export': datastore(1),
  'record.forget': datastore(4),
  'recording.start': apiActivity(1),
  'recording.play': datastore(1),
  'hold.place': datastore(OTHER),
  'hold.lift': datastore(OTHER),
  'retention.rules': entity(3),
  'retention.sweep': datastore(4),
  'erasure.request': datastore(OTHER),
  'erasure.withdraw': datastore(OTHER),
  'erasure.refuse': datastore(OTHER),
  'erasure.complete': datastore(4),
  'model.trust': entity(1),
  'model.distrust': entity(4),
  'model.install': entity(1),
  'model.remove': entity(4),
  'model.choose': entity(3),
  'model.refuse': entity(OTHER),
  'audit.read': datastore(1),
  'audit.verify': datastore(4),
  'audit.export': datastore(1),
  'member.create': account(1),
  'member.roles': account(7),
  'member.lock': account(9),
  'member.unlock': account(12),
  'member.remove': account(6),
  'member.passphrase': account(4),
  'member.codes': account(OTHER),
  'member.review': account(OTHER),
  'signIn.succeed': authentication(1),
  'signIn.refuse': authentication(1),
  'signIn.end': authentication(2),
  'access.refuse': apiActivity(OTHER),
  'conversation.start': apiActivity(1),
  'conversation.end': apiActivity(3),
  'conversation.handOff': apiActivity(3),
  'conversation.subject': apiActivity(3),
  'disclosure.give': apiActivity(OTHER),
  'consent.give': apiActivity(OTHER),
  'consent.refuse': apiActivity(OTHER),
  'consent.withdraw': apiActivity(OTHER),
  'tool.propose': apiActivity(OTHER),
  'tool.approve': apiActivity(OTHER),
  'tool.withdraw': apiActivity(OTHER),
  'tool.call': apiActivity(OTHER),
  'tool.answer': apiActivity(OTHER),
  'tool.refuse': apiActivity(OTHER),
  'tool.resolve': apiActivity(OTHER),
  'tool.stop': entity(3),
  'tool.allow': entity(3),
  'guard.finding': finding(1),
  'limit.exceed': finding(1),
  'standstill.begin': entity(3),
  'standstill.askLift': entity(3),
  'standstill.lift': entity(3),
  'incident.open': finding(1),
  'incident.evidence': finding(2),
  'incident.owner': finding(2),
  'incident.check': finding(2),
  'incident.contain': finding(2),
  'incident.sign': finding(2),
  'incident.export': datastore(1),
  'alert.mail': apiActivity(OTHER),
};

/** What tlog-tiles can hold: the length of an entry is written in 16 bits. */
const MOST_BYTES = 65_535;

/**
 * One act as canonical JSON of its OCSF class: what is hashed into the tree. Sotto's own facts stand in `unmapped`,
 * where the schema puts what it has no word for.
 * @throws SottoError `audit/entry-too-large`.
 */
export function ocsfEntry(event: AuditEvent, seq: number, at: number, origin: string): string {
  const place = PLACES[event.action];
  const ok = event.outcome === 'success';
  const json = canonicalJson({
    category_uid: place.category,
    class_uid: place.class,
    activity_id: place.activity,
    activity_name: event.action,
    type_uid: place.class * 100 + place.activity,
    time: at,
    severity_id: ok ? 1 : 2,
    status_id: ok ? SUCCESS : FAILURE,
    actor: { user: { uid: event.actor } },
    metadata: {
      version: OCSF_VERSION,
      product: { name: 'Sotto', vendor_name: 'Sotto' },
      log_name: origin,
      sequence: seq,
      event_code: event.action,
    },
    ...ofClass(place, event, origin),
    unmapped: { ...event.detail, target: event.target ?? null },
  });
  if (Buffer.byteLength(json) > MOST_BYTES)
    throw new SottoError('audit/entry-too-large', 'An audit entry is too large to be kept.');
  return json;
}

/** The attributes that the class requires. */
function ofClass(place: Place, event: AuditEvent, origin: string): Record<string, Json> {
  const target = event.target ?? event.actor;
  const here = { src_endpoint: { uid: origin, name: 'sotto' } };
  switch (place.class) {
    case 6002:
      return { app: { name: 'Sotto', vendor_name: 'Sotto' } };
    case 6003:
      return { api: { operation: event.action }, resources: [{ uid: target }], ...here };
    case 6005:
      return { type_id: 1, database: { name: 'sotto', type_id: 1, uid: target }, ...here };
    case 3001:
    case 3002:
      return { user: { uid: target }, ...here };
    case 3004:
      return { entity: { uid: target } };
    default:
      return { finding_info: { uid: `${origin}/${target}`, title: event.action } };
  }
}
