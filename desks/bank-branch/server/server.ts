/** The demo bank: accounts, cards and appointments of invented customers. Started by Sotto's tool gateway. */
import { z } from 'zod';
import { freeAt, hoursOn, isBookable, type Week } from '../../support/hours.ts';
import { dataFolder, serve, tool } from '../../support/server.ts';
import { identify, openStore, type Store, subjectOf } from '../../support/store.ts';
import { digitsInWords, dollarsInWords } from '../../support/words.ts';
import { seedBank } from './seed.ts';

const WEEK: Week = [
  null,
  ['09:00', '17:00'],
  ['09:00', '17:00'],
  ['09:00', '17:00'],
  ['09:00', '17:00'],
  ['09:00', '17:00'],
  ['09:00', '12:00'],
];
const BANKERS = ['Ms. Imaginary', 'Mr. Makebelieve'];

const accountKind = z.enum(['checking', 'savings', 'money_market']);
const cardKind = z.enum(['debit', 'credit']);
const cardLimit = z.number().positive().max(1_000_000);
const date = z.iso.date();
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

const store = openStore(dataFolder(), 'bank', seedBank);
// Came later than the first databases.
store.exec(`CREATE TABLE IF NOT EXISTS card_limit (
  customer TEXT NOT NULL REFERENCES customer, kind TEXT NOT NULL, cents INTEGER NOT NULL CHECK (cents > 0),
  PRIMARY KEY (customer, kind)
) STRICT`);

await serve(store, [
  tool('opening_hours', 'When the branch is open on one day', { date }, (args) => hoursOn(WEEK, args.date)),
  tool(
    'identify_customer',
    'Check a customer number and phone code',
    { customer_number: z.string(), phone_code: z.string() },
    (args, { conversation }) => {
      const { subject, locked } = identify(store, conversation, args.customer_number, () =>
        hasCode(args.customer_number, args.phone_code) ? args.customer_number : null,
      );
      return {
        identified: subject !== null,
        locked,
        firstName: subject === null ? '' : firstNameOf(subject),
      };
    },
  ),
  tool(
    'account_balance',
    "What is in one of the customer's accounts",
    { account: accountKind },
    (args, holder) => {
      const customer = customerOf(holder.conversation);
      const cents = centsIn(customer, args.account);
      return { found: cents !== null, balance: cents === null ? '' : dollarsInWords(cents), customer };
    },
  ),
  tool('block_card', "Block one of the customer's cards", { card: cardKind }, (args, { conversation }) => {
    const lastFour = blockCard(customerOf(conversation), args.card);
    return { blocked: lastFour !== null, lastFour: digitsInWords(lastFour ?? '') };
  }),
  tool('set_card_limit', 'Set a daily limit for a card', { card: cardKind, limit: cardLimit }, (args, of) =>
    setLimit(customerOf(of.conversation), args.card, args.limit),
  ),
  tool(
    'raise_card_limit',
    'Set a high daily limit for a card',
    { card: cardKind, limit: cardLimit },
    (args, of) => setLimit(customerOf(of.conversation), args.card, args.limit),
  ),
  tool('block_all_cards', 'Block every card of the customer', {}, (_, { conversation }) => {
    const customer = customerOf(conversation);
    return { count: ['debit', 'credit'].filter((kind) => blockCard(customer, kind) !== null).length };
  }),
  tool(
    'transfer_money',
    'Move money between two accounts of the same customer',
    { amount: z.number().positive().max(1_000_000), from: accountKind, to: accountKind },
    (args, holder) => {
      const customer = customerOf(holder.conversation);
      const cents = Math.round(args.amount * 100);
      const refused = reasonAgainst(customer, args.from, args.to, cents);
      if (refused !== null) return { sent: false, reason: refused, balance: '' };
      move(holder.proposal, customer, args.from, args.to, cents);
      return { sent: true, reason: '', balance: dollarsInWords(centsIn(customer, args.from) ?? 0) };
    },
  ),
  tool('check_meeting_time', 'Whether a banker is free at a date and time', { date, time }, (args) =>
    freeAt(WEEK, args, isTaken, Date.now()),
  ),
  tool(
    'book_meeting',
    'Book an appointment with a banker',
    {
      topic: z.enum(['new_account', 'loan', 'mortgage', 'investments', 'business', 'other']),
      date,
      time,
      phone: z.string().regex(/^\+?\d{3,15}$/),
    },
    (args) => {
      const banker = BANKERS[args.topic === 'investments' ? 0 : 1] ?? '';
      if (!isBookable(WEEK, args.date, args.time, Date.now()) || isTaken(args.date, args.time))
        return { booked: false, banker: '' };
      store
        .prepare('INSERT INTO meeting VALUES (?, ?, ?, ?, ?)')
        .run(args.date, args.time, banker, args.topic, args.phone);
      return { booked: true, banker };
    },
  ),
]);

/** @throws when nobody was identified in the conversation: the call then changes nothing. */
function customerOf(conversation: string): string {
  const customer = subjectOf(store, conversation);
  if (customer === null) throw new Error('no customer was identified in this conversation');
  return customer;
}

function hasCode(number: string, code: string): boolean {
  return (
    get<{ number: string }>(
      store,
      'SELECT number FROM customer WHERE number = ? AND phone_code = ?',
      number,
      code,
    ) !== null
  );
}

function firstNameOf(number: string): string {
  return (
    get<{ first_name: string }>(store, 'SELECT first_name FROM customer WHERE number = ?', number)
      ?.first_name ?? ''
  );
}

function centsIn(customer: string, kind: string): number | null {
  const row = get<{ cents: number }>(
    store,
    'SELECT cents FROM account WHERE customer = ? AND kind = ?',
    customer,
    kind,
  );
  return row?.cents ?? null;
}

/** The card's last four digits; blocking a blocked card changes nothing. Null when there is none. */
function blockCard(customer: string, kind: string): string | null {
  store
    .prepare('UPDATE card SET blocked_at = ? WHERE customer = ? AND kind = ? AND blocked_at IS NULL')
    .run(Date.now(), customer, kind);
  const row = get<{ last_four: string }>(
    store,
    'SELECT last_four FROM card WHERE customer = ? AND kind = ?',
    customer,
    kind,
  );
  return row?.last_four ?? null;
}

/** A blocked card, or one that there is not, has no limit to change. */
function setLimit(customer: string, kind: string, limit: number): { changed: boolean; limit: string } {
  const open = 'SELECT last_four FROM card WHERE customer = ? AND kind = ? AND blocked_at IS NULL';
  const cents = Math.round(limit * 100);
  if (get<{ last_four: string }>(store, open, customer, kind) === null) return { changed: false, limit: '' };
  store
    .prepare('INSERT INTO card_limit VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET cents = excluded.cents')
    .run(customer, kind, cents);
  return { changed: true, limit: dollarsInWords(cents) };
}

function reasonAgainst(customer: string, from: string, to: string, cents: number): string | null {
  if (from === to) return 'Those are the same account.';
  const available = centsIn(customer, from);
  if (available === null || centsIn(customer, to) === null) return 'You do not have both of these accounts.';
  return available < cents ? 'There is not enough money in the account.' : null;
}

function move(proposal: string, customer: string, from: string, to: string, cents: number): void {
  const change = store.prepare('UPDATE account SET cents = cents + ? WHERE customer = ? AND kind = ?');
  // The proposal is the key: what was approved once is booked once.
  store
    .prepare('INSERT INTO transfer VALUES (?, ?, ?, ?, ?, ?)')
    .run(proposal, customer, from, to, cents, Date.now());
  change.run(-cents, customer, from);
  change.run(cents, customer, to);
}

function isTaken(onDate: string, atTime: string): boolean {
  return (
    get<{ date: string }>(store, 'SELECT date FROM meeting WHERE date = ? AND time = ?', onDate, atTime) !==
    null
  );
}

function get<Row>(from: Store, sql: string, ...values: string[]): Row | null {
  return from.prepare<string[], Row>(sql).get(...values) ?? null;
}
