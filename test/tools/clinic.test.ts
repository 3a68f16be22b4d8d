import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import type { Json } from '../../main/base/index.ts';
import { loadDeskPack } from '../../main/dialogue/index.ts';
import { callNow, context, openGateway, spokenYes } from './support.ts';

const pack = await loadDeskPack(new URL('../../desks/clinic-frontdesk', import.meta.url).pathname);

/** A clinic at which the patient was found, and a way to do what needs a yes. */
async function clinic(phone = '2025550101', birthDate = '1980-05-02') {
  const { gateway, deskData } = openGateway({ ...pack, id: pack.desk.id });
  let turn = 1;
  expect(await callNow(gateway, 'find_patient', { phone, birth_date: birthDate })).toMatchObject({
    kind: 'ok',
    result: { found: true },
  });
  const db = new Database(join(deskData, 'clinic-frontdesk', 'clinic.db'), { readonly: true });
  onTestFinished(() => {
    db.close();
  });
  return {
    ask: (tool: string, args: Record<string, Json> = {}) => callNow(gateway, tool, args, context(++turn)),
    async approve(tool: string, args: Record<string, Json> = {}) {
      const proposal = gateway.propose(tool, args, context(++turn));
      if (proposal.kind !== 'confirm') throw new Error(`not to be confirmed: ${proposal.kind}`);
      turn += 1;
      const outcome = await gateway.execute(proposal.proposalId, spokenYes(turn), context(turn));
      return { text: proposal.text, outcome };
    },
    rows: (sql: string) => db.prepare(sql).all(),
  };
}

test('a patient who is expected today checks in; one who is not, does not', async () => {
  const here = await clinic();
  expect((await here.approve('check_in')).outcome).toMatchObject({
    kind: 'ok',
    result: { checkedIn: true, doctor: 'Doctor Imaginary', room: 'the waiting room' },
  });
  expect(here.rows('SELECT patient FROM visit WHERE checked_in_at IS NOT NULL')).toEqual([{ patient: 'p1' }]);
  const early = await clinic('2025550103', '1999-01-15');
  expect((await early.approve('check_in')).outcome).toMatchObject({
    kind: 'ok',
    result: { checkedIn: false },
  });
});

test('a refill is asked for with its medicine read back, and only when it is on the list', async () => {
  const desk = await clinic();
  const { text, outcome } = await desk.approve('request_refill', {
    medicine: 'lisinopril',
    pickup: 'pharmacy',
  });
  expect(text).toBe('I will ask your doctor for a refill of lisinopril. Pickup is pharmacy. Is that right?');
  expect(outcome).toMatchObject({ kind: 'ok', result: { requested: true } });
  const other = await desk.approve('request_refill', { medicine: 'sertraline', pickup: 'clinic' });
  expect(other.outcome).toMatchObject({ kind: 'ok', result: { requested: false, onList: false } });
  expect(desk.rows('SELECT patient, medicine, pickup FROM refill')).toEqual([
    { patient: 'p1', medicine: 'lisinopril', pickup: 'pharmacy' },
  ]);
});

test('an appointment is booked, taken for everybody else, moved and cancelled', async () => {
  const desk = await clinic('2025550104', '2012-08-21');
  const monday = nextMonday();
  expect(await desk.ask('check_visit_time', { date: monday, time: '09:30' })).toMatchObject({
    result: { free: true },
  });
  const booked = await desk.approve('book_visit', { reason: 'checkup', date: monday, time: '09:30' });
  expect(booked.text).toMatch(/^I will book your appointment on Monday, .* at nine thirty in the morning\./);
  expect(booked.outcome).toMatchObject({ kind: 'ok', result: { booked: true } });
  expect(await desk.ask('check_visit_time', { date: monday, time: '09:30' })).toMatchObject({
    result: { free: false, next: expect.stringMatching(/^Monday, .* at ten in the morning$/) },
  });
  await desk.approve('move_visit', { date: monday, time: '11:00' });
  expect(await desk.ask('next_visit')).toMatchObject({
    result: { found: true, when: expect.stringMatching(/at eleven in the morning$/) },
  });
  expect((await desk.approve('cancel_visit')).outcome).toMatchObject({ result: { cancelled: true } });
  expect(await desk.ask('next_visit')).toMatchObject({ result: { found: false } });
});

/** The Monday after next, so that the seeded appointments of this week are not in the way. */
function nextMonday(): string {
  const day = new Date();
  day.setDate(day.getDate() + ((8 - day.getDay()) % 7) + 14);
  return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}-${String(day.getDate()).padStart(2, '0')}`;
}
