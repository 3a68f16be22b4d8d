import { dateOf, nextFree, type Week } from '../../support/hours.ts';
import type { Store } from '../../support/store.ts';

export const WEEK: Week = [
  null,
  ['08:00', '18:00'],
  ['08:00', '18:00'],
  ['08:00', '18:00'],
  ['08:00', '18:00'],
  ['08:00', '18:00'],
  ['09:00', '13:00'],
];

/** Nobody here exists; numbers with 555 01 are kept for fiction. */
const PATIENTS = [
  { id: 'p1', first: 'Testa', last: 'Sampleton', phone: '2025550101', born: '1980-05-02' },
  { id: 'p2', first: 'Demo', last: 'Placeholder', phone: '2025550102', born: '1955-11-30' },
  { id: 'p3', first: 'Inventa', last: 'Fictional', phone: '2025550103', born: '1999-01-15' },
  { id: 'p4', first: 'Example', last: 'McExample', phone: '2025550104', born: '2012-08-21' },
  { id: 'p5', first: 'Nora', last: 'Notreal', phone: '2025550105', born: '1968-03-09' },
] as const;

/** Patient, medicine. */
const MEDICINES = [
  ['p1', 'lisinopril'],
  ['p1', 'metformin'],
  ['p2', 'atorvastatin'],
  ['p2', 'amlodipine'],
  ['p3', 'albuterol'],
  ['p5', 'levothyroxine'],
  ['p5', 'omeprazole'],
] as const;

const TABLES = `
  CREATE TABLE patient (
    id TEXT PRIMARY KEY, first_name TEXT NOT NULL, last_name TEXT NOT NULL, phone TEXT NOT NULL, born TEXT NOT NULL
  ) STRICT;
  CREATE TABLE medicine (
    patient TEXT NOT NULL REFERENCES patient, name TEXT NOT NULL, PRIMARY KEY (patient, name)
  ) STRICT;
  CREATE TABLE visit (
    id INTEGER PRIMARY KEY, patient TEXT NOT NULL REFERENCES patient, doctor TEXT NOT NULL, reason TEXT NOT NULL,
    date TEXT NOT NULL, time TEXT NOT NULL, checked_in_at INTEGER, cancelled_at INTEGER
  ) STRICT;
  CREATE TABLE refill (
    proposal TEXT PRIMARY KEY, patient TEXT NOT NULL REFERENCES patient, medicine TEXT NOT NULL,
    pickup TEXT NOT NULL, at INTEGER NOT NULL
  ) STRICT;
`;

/**
 * The clinic as it is on its first day: two patients are expected today whenever that is (even on a Sunday, so that
 * check-in can be shown), two in the days to come.
 */
export function seedClinic(store: Store): void {
  store.exec(TABLES);
  const patient = store.prepare('INSERT INTO patient VALUES (?, ?, ?, ?, ?)');
  for (const one of PATIENTS) patient.run(one.id, one.first, one.last, one.phone, one.born);
  const medicine = store.prepare('INSERT INTO medicine VALUES (?, ?)');
  for (const one of MEDICINES) medicine.run(...one);
  const visit = store.prepare(
    'INSERT INTO visit (patient, doctor, reason, date, time) VALUES (?, ?, ?, ?, ?)',
  );
  const now = Date.now();
  const today = dateOf(new Date(now));
  visit.run('p1', 'Doctor Imaginary', 'checkup', today, '23:30');
  visit.run('p5', 'Doctor Makebelieve', 'follow_up', today, '23:30');
  for (const [id, inDays] of [
    ['p2', 3],
    ['p3', 8],
  ] as const) {
    const from = { date: dateOf(new Date(now + inDays * 86_400_000)), time: '10:00' };
    const at = nextFree(WEEK, from, () => false, now) ?? from;
    visit.run(id, 'Doctor Imaginary', 'checkup', at.date, at.time);
  }
}
