import type { Store } from '../../support/store.ts';

/** Nobody here exists. */
const CUSTOMERS = [
  { number: '100200', first: 'Testa', last: 'Sampleton', code: '4711' },
  { number: '100300', first: 'Demo', last: 'Placeholder', code: '2468' },
  { number: '100400', first: 'Inventa', last: 'Fictional', code: '1357' },
  { number: '200500', first: 'Example', last: 'McExample', code: '9021' },
  { number: '200600', first: 'Nora', last: 'Notreal', code: '6543' },
] as const;

/** Customer, kind, cents. */
const ACCOUNTS = [
  ['100200', 'checking', 245_050],
  ['100200', 'savings', 1_200_000],
  ['100200', 'money_market', 5_030_025],
  ['100300', 'checking', 8_175],
  ['100300', 'savings', 300_000],
  ['100400', 'checking', 99_900],
  ['200500', 'checking', 1_500_000],
  ['200500', 'savings', 0],
  ['200600', 'checking', -2_510],
  ['200600', 'savings', 64_000],
] as const;

/** Customer, kind, last four digits. */
const CARDS = [
  ['100200', 'debit', '4412'],
  ['100200', 'credit', '9035'],
  ['100300', 'debit', '7781'],
  ['100400', 'debit', '0456'],
  ['200500', 'debit', '1290'],
  ['200500', 'credit', '6634'],
  ['200600', 'debit', '3058'],
] as const;

const TABLES = `
  CREATE TABLE customer (
    number TEXT PRIMARY KEY, first_name TEXT NOT NULL, last_name TEXT NOT NULL, phone_code TEXT NOT NULL
  ) STRICT;
  CREATE TABLE account (
    customer TEXT NOT NULL REFERENCES customer, kind TEXT NOT NULL, cents INTEGER NOT NULL,
    PRIMARY KEY (customer, kind)
  ) STRICT;
  CREATE TABLE card (
    customer TEXT NOT NULL REFERENCES customer, kind TEXT NOT NULL, last_four TEXT NOT NULL, blocked_at INTEGER,
    PRIMARY KEY (customer, kind)
  ) STRICT;
  CREATE TABLE transfer (
    proposal TEXT PRIMARY KEY, customer TEXT NOT NULL REFERENCES customer, from_kind TEXT NOT NULL,
    to_kind TEXT NOT NULL, cents INTEGER NOT NULL CHECK (cents > 0), at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE meeting (
    date TEXT NOT NULL, time TEXT NOT NULL, banker TEXT NOT NULL, topic TEXT NOT NULL, phone TEXT NOT NULL,
    PRIMARY KEY (date, time)
  ) STRICT;
`;

/** The bank as it is on its first day. */
export function seedBank(store: Store): void {
  store.exec(TABLES);
  const customer = store.prepare('INSERT INTO customer VALUES (?, ?, ?, ?)');
  for (const one of CUSTOMERS) customer.run(one.number, one.first, one.last, one.code);
  const account = store.prepare('INSERT INTO account VALUES (?, ?, ?)');
  for (const one of ACCOUNTS) account.run(...one);
  const card = store.prepare('INSERT INTO card VALUES (?, ?, ?, NULL)');
  for (const one of CARDS) card.run(...one);
}
