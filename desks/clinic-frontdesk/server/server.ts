/** The demo clinic: appointments and refill requests of invented patients. Started by Sotto's tool gateway. */
import { z } from 'zod';
import { dateOf, freeAt, hoursOn, isBookable } from '../../support/hours.ts';
import { dataFolder, serve, tool } from '../../support/server.ts';
import { identify, openStore, subjectOf } from '../../support/store.ts';
import { dayInWords, timeInWords } from '../../support/words.ts';
import { seedClinic, WEEK } from './seed.ts';

interface Visit {
  readonly id: number;
  readonly doctor: string;
  readonly date: string;
  readonly time: string;
}

const date = z.iso.date();
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

const store = openStore(dataFolder(), 'clinic', seedClinic);
// Came later than the first databases.
store.exec(`CREATE TABLE IF NOT EXISTS sent_records (
  proposal TEXT PRIMARY KEY, patient TEXT NOT NULL REFERENCES patient, recipient TEXT NOT NULL, at INTEGER NOT NULL
) STRICT`);
/** Who gets records from here; a new doctor is not known before a receptionist has entered the address. */
const ON_FILE: Readonly<Record<string, string>> = {
  specialist: 'Doctor Makebelieve',
  hospital: 'the hospital on Example Street',
};

await serve(store, [
  tool('opening_hours', 'When the clinic is open on one day', { date }, (args) => hoursOn(WEEK, args.date)),
  tool(
    'find_patient',
    'Find a patient by phone number and date of birth',
    { phone: z.string(), birth_date: date },
    (args, { conversation }) => {
      const { subject, locked } = identify(store, conversation, args.phone, () =>
        patientWith(args.phone, args.birth_date),
      );
      return { found: subject !== null, locked, firstName: subject === null ? '' : firstNameOf(subject) };
    },
  ),
  tool('next_visit', "The patient's next appointment", {}, (_, { conversation }) => {
    const visit = nextVisit(patientOf(conversation));
    return {
      found: visit !== null,
      when: visit === null ? '' : `on ${dayInWords(visit.date)} at ${timeInWords(visit.time)}`,
      doctor: visit?.doctor ?? '',
    };
  }),
  tool('check_in', "Check the patient in for today's appointment", {}, (_, { conversation }) => {
    const visit = nextVisit(patientOf(conversation));
    if (visit === null || visit.date !== dateOf(new Date()))
      return { checkedIn: false, doctor: '', room: '' };
    store
      .prepare('UPDATE visit SET checked_in_at = ? WHERE id = ? AND checked_in_at IS NULL')
      .run(Date.now(), visit.id);
    return { checkedIn: true, doctor: visit.doctor, room: 'the waiting room' };
  }),
  tool('check_visit_time', 'Whether a doctor is free at a date and time', { date, time }, (args) =>
    freeAt(WEEK, args, isTaken, Date.now()),
  ),
  tool(
    'book_visit',
    'Book an appointment with a doctor',
    { reason: z.enum(['checkup', 'sick', 'follow_up', 'vaccination', 'blood_test', 'other']), date, time },
    (args, { conversation }) => {
      const patient = patientOf(conversation);
      if (!isFree(args.date, args.time)) return { booked: false, doctor: '' };
      const doctor = args.reason === 'follow_up' ? 'Doctor Makebelieve' : 'Doctor Imaginary';
      store
        .prepare('INSERT INTO visit (patient, doctor, reason, date, time) VALUES (?, ?, ?, ?, ?)')
        .run(patient, doctor, args.reason, args.date, args.time);
      return { booked: true, doctor };
    },
  ),
  tool('move_visit', "Move the patient's next appointment", { date, time }, (args, { conversation }) => {
    const visit = nextVisit(patientOf(conversation));
    if (visit === null || !isFree(args.date, args.time)) return { moved: false, doctor: '' };
    store
      .prepare('UPDATE visit SET date = ?, time = ?, checked_in_at = NULL WHERE id = ?')
      .run(args.date, args.time, visit.id);
    return { moved: true, doctor: visit.doctor };
  }),
  tool('cancel_visit', "Cancel the patient's next appointment", {}, (_, { conversation }) => {
    const visit = nextVisit(patientOf(conversation));
    if (visit === null) return { cancelled: false };
    store.prepare('UPDATE visit SET cancelled_at = ? WHERE id = ?').run(Date.now(), visit.id);
    return { cancelled: true };
  }),
  tool(
    'request_refill',
    "Ask the doctor for a refill of a medicine that is on the patient's list",
    { medicine: z.string().max(60), pickup: z.enum(['clinic', 'pharmacy', 'mail']) },
    (args, { conversation, proposal }) => {
      const patient = patientOf(conversation);
      const onList =
        store.prepare('SELECT 1 FROM medicine WHERE patient = ? AND name = ?').get(patient, args.medicine) !==
        undefined;
      if (onList)
        store
          .prepare('INSERT INTO refill VALUES (?, ?, ?, ?, ?)')
          .run(proposal, patient, args.medicine, args.pickup, Date.now());
      return { requested: onList, onList };
    },
  ),
  tool(
    'send_records',
    "Send the patient's records to somebody who is on file for them",
    { recipient: z.enum(['specialist', 'hospital', 'new_doctor']) },
    (args, { conversation, proposal }) => {
      const patient = patientOf(conversation);
      const to = ON_FILE[args.recipient] ?? null;
      if (to === null) return { sent: false, to: '' };
      store.prepare('INSERT INTO sent_records VALUES (?, ?, ?, ?)').run(proposal, patient, to, Date.now());
      return { sent: true, to };
    },
  ),
]);

/** @throws when nobody was found in the conversation: the call then changes nothing. */
function patientOf(conversation: string): string {
  const patient = subjectOf(store, conversation);
  if (patient === null) throw new Error('no patient was found in this conversation');
  return patient;
}

function patientWith(phone: string, born: string): string | null {
  const row = store
    .prepare<[string, string], { id: string }>('SELECT id FROM patient WHERE phone = ? AND born = ?')
    .get(phone, born);
  return row?.id ?? null;
}

function firstNameOf(id: string): string {
  const row = store
    .prepare<[string], { first_name: string }>('SELECT first_name FROM patient WHERE id = ?')
    .get(id);
  return row?.first_name ?? '';
}

function nextVisit(patient: string): Visit | null {
  const row = store
    .prepare<[string, string], Visit>(
      `SELECT id, doctor, date, time FROM visit
       WHERE patient = ? AND date >= ? AND cancelled_at IS NULL ORDER BY date, time LIMIT 1`,
    )
    .get(patient, dateOf(new Date()));
  return row ?? null;
}

function isTaken(onDate: string, atTime: string): boolean {
  const row = store
    .prepare('SELECT 1 FROM visit WHERE date = ? AND time = ? AND cancelled_at IS NULL')
    .get(onDate, atTime);
  return row !== undefined;
}

function isFree(onDate: string, atTime: string): boolean {
  return isBookable(WEEK, onDate, atTime, Date.now()) && !isTaken(onDate, atTime);
}
