/**
 * What people say at the two sample desks, with what it means there: `[what is expected, what is said, what is meant]`.
 * Expected: `open`, `flow.slot`, or `flow?` for a yes or no. Meant: a flow with its slots, `slot=value`, or a command.
 * "Now" is Wednesday, 18 November 2026.
 */
export type Sentence = readonly [expected: string, said: string, meant: string];

const numbers = (flow: string): readonly Sentence[] => [
  [`${flow}.customer_number`, 'one zero zero two zero zero', 'customer_number=100200'],
  [`${flow}.customer_number`, 'four seven one one eight three', 'customer_number=471183'],
  [`${flow}.customer_number`, 'nine nine oh five six two', 'customer_number=990562'],
  [`${flow}.customer_number`, "it's two eight three six seven four", 'customer_number=283674'],
  [`${flow}.customer_number`, 'five five one zero three nine please', 'customer_number=551039'],
  [`${flow}.customer_number`, 'my customer number is eight one six four two five', 'customer_number=816425'],
  [`${flow}.customer_number`, 'twelve thirty four fifty six', 'customer_number=123456'],
  [`${flow}.customer_number`, 'double four seven double one nine', 'customer_number=447119'],
  [`${flow}.phone_code`, 'four seven one one', 'phone_code=4711'],
  [`${flow}.phone_code`, 'zero eight one five', 'phone_code=0815'],
  [`${flow}.phone_code`, 'six two nine three', 'phone_code=6293'],
  [`${flow}.phone_code`, 'nineteen eighty four', 'phone_code=1984'],
];

const answersToYesNo = (flow: string): readonly Sentence[] => [
  [`${flow}?`, 'yes', 'affirm'],
  [`${flow}?`, 'yes please', 'affirm'],
  [`${flow}?`, "that's right", 'affirm'],
  [`${flow}?`, 'yeah go ahead', 'affirm'],
  [`${flow}?`, 'yes that is correct', 'affirm'],
  [`${flow}?`, 'no', 'deny'],
  [`${flow}?`, 'no thank you', 'deny'],
  [`${flow}?`, 'cancel', 'cancel'],
];

const days = (expected: string): readonly Sentence[] => {
  const slot = expected.split('.')[1];
  return [
    [expected, 'tomorrow', `${slot}=2026-11-19`],
    [expected, 'on friday please', `${slot}=2026-11-20`],
    [expected, 'next monday', `${slot}=2026-11-23`],
    [expected, 'december the third', `${slot}=2026-12-03`],
    [expected, 'the second of december', `${slot}=2026-12-02`],
  ];
};

const times = (expected: string): readonly Sentence[] => {
  const slot = expected.split('.')[1];
  return [
    [expected, 'ten thirty', `${slot}=10:30`],
    [expected, 'at three', `${slot}=15:00`],
    [expected, 'half past nine', `${slot}=09:30`],
    [expected, 'two fifteen in the afternoon', `${slot}=14:15`],
    [expected, "eleven o'clock", `${slot}=11:00`],
  ];
};

const phones = (flow: string): readonly Sentence[] => [
  [`${flow}.phone`, 'five five five two one three four six seven eight', 'phone=5552134678'],
  [`${flow}.phone`, 'my number is six one seven five five five zero one nine nine', 'phone=6175550199'],
];

const BANK: readonly Sentence[] = [
  ['open', 'what time do you open on saturday', 'hours_on_day day=2026-11-21'],
  ['open', 'what are your opening hours', 'branch_hours'],
  ['open', 'when do you close', 'branch_hours'],
  ['open', 'are you open tomorrow', 'hours_on_day day=2026-11-19'],
  ['open', 'i want to block my card', 'block_card'],
  ['open', "i've lost my credit card", 'block_card card=credit'],
  ['open', 'my debit card was stolen', 'block_card card=debit'],
  ['open', "what's my checking balance", 'check_balance account=checking'],
  ['open', 'how much money do i have in my savings account', 'check_balance account=savings'],
  ['open', "i'd like to check my balance please", 'check_balance'],
  ['open', 'i want to transfer some money', 'transfer_money'],
  [
    'open',
    'transfer fifty dollars from checking to savings',
    'transfer_money amount=50.00 from_account=checking to_account=savings',
  ],
  [
    'open',
    'i need to move two hundred dollars to my savings',
    'transfer_money amount=200.00 to_account=savings',
  ],
  ['open', "i'd like to book an appointment", 'book_meeting'],
  ['open', 'can i make an appointment about a mortgage', 'book_meeting topic=mortgage'],
  ['open', 'someone used my credit card', 'report_fraud'],
  ['open', 'i want to report fraud', 'report_fraud'],
  ['open', 'where can i park', 'branch_questions'],
  ['open', 'how much is a wire transfer', 'branch_questions'],
  ['open', 'what can you do', 'help'],
  ['open', 'i want to speak to a person', 'handOff'],
  ['open', 'teller', 'handOff'],
  ...numbers('check_balance'),
  ['check_balance.account', 'checking', 'account=checking'],
  ['check_balance.account', 'my savings account please', 'account=savings'],
  ['check_balance.account', 'money market', 'account=money_market'],
  ['block_card.card', 'debit', 'card=debit'],
  ['block_card.card', 'my credit card', 'card=credit'],
  ['transfer_money.amount', 'twenty dollars', 'amount=20.00'],
  ['transfer_money.amount', 'two hundred and fifty dollars', 'amount=250.00'],
  ['transfer_money.amount', 'one thousand two hundred', 'amount=1200.00'],
  ['transfer_money.amount', 'thirty five dollars and fifty cents', 'amount=35.50'],
  ['transfer_money.from_account', 'from checking', 'from_account=checking'],
  ['transfer_money.to_account', 'to savings', 'to_account=savings'],
  ['transfer_money.to_account', 'i want to speak to a person', 'handOff'],
  ['transfer_money.to_account', 'never mind', 'cancel'],
  ...answersToYesNo('transfer_money'),
  ['transfer_money?', 'no make it sixty dollars', 'amount=60.00'],
  ['book_meeting.topic', 'a mortgage', 'topic=mortgage'],
  ['book_meeting.topic', "it's about a new account", 'topic=new_account'],
  ...days('book_meeting.date'),
  ...times('book_meeting.time'),
  ...phones('book_meeting'),
];

const CLINIC: readonly Sentence[] = [
  ['open', 'what are your office hours', 'clinic_hours'],
  ['open', 'are you open on friday', 'hours_on_day day=2026-11-20'],
  ['open', 'what time do you close tomorrow', 'hours_on_day day=2026-11-19'],
  ['open', "i'd like to make an appointment", 'book_visit'],
  ['open', 'can i book an appointment for a flu shot', 'book_visit reason=vaccination'],
  ['open', 'i need an appointment on monday', 'book_visit date=2026-11-23'],
  ['open', 'i want to see a doctor tomorrow', 'book_visit date=2026-11-19'],
  ['open', 'i need to cancel my appointment', 'cancel_visit'],
  ['open', "i can't make it to my appointment", 'cancel_visit'],
  ['open', 'i need to move my appointment to friday', 'move_visit date=2026-11-20'],
  ['open', 'can i reschedule my appointment', 'move_visit'],
  ['open', "i'm here for my appointment", 'check_in'],
  ['open', 'i would like to check in', 'check_in'],
  ['open', 'i have an appointment at ten thirty', 'check_in time=10:30'],
  ['open', 'i need a refill of my metformin', 'request_refill medicine=metformin'],
  ['open', 'can i get a prescription refill', 'request_refill'],
  ['open', 'refill my lisinopril please', 'request_refill medicine=lisinopril'],
  ['open', 'where is the laboratory', 'directions place=laboratory'],
  ['open', 'how do i get to the pharmacy', 'directions place=pharmacy'],
  ['open', "where's the restroom", 'directions place=restroom'],
  ['open', 'which insurance do you take', 'clinic_questions'],
  ['open', 'i have chest pain', 'emergency'],
  ['open', "i can't breathe", 'emergency'],
  ['open', 'i want to talk to a nurse', 'handOff'],
  ['open', 'receptionist', 'handOff'],
  ['open', 'what can you do', 'help'],
  ...phones('book_visit'),
  ['check_in.phone', 'five five five zero one four two', 'phone=5550142'],
  ['check_in.phone', 'i have chest pain', 'emergency'],
  ['book_visit.birth_date', 'march fourteenth nineteen eighty five', 'birth_date=1985-03-14'],
  ['book_visit.birth_date', 'july second nineteen sixty one', 'birth_date=1961-07-02'],
  ['check_in.birth_date', 'the third of may two thousand one', 'birth_date=2001-05-03'],
  ['check_in.birth_date', 'november twenty first nineteen ninety', 'birth_date=1990-11-21'],
  ['book_visit.reason', 'a checkup', 'reason=checkup'],
  ['book_visit.reason', "it's for a flu shot", 'reason=vaccination'],
  ['book_visit.reason', 'blood work', 'reason=blood_test'],
  ...days('move_visit.date'),
  ...times('book_visit.time'),
  ['request_refill.medicine', 'lisinopril', 'medicine=lisinopril'],
  ['request_refill.medicine', "it's metformin", 'medicine=metformin'],
  ['request_refill.pickup', 'at the pharmacy', 'pickup=pharmacy'],
  ['request_refill.pickup', 'by mail please', 'pickup=mail'],
  ['directions.place', 'the elevator', 'place=elevator'],
  ...answersToYesNo('cancel_visit'),
  ['move_visit.date', 'i want to talk to a nurse', 'handOff'],
  ['book_visit.time', 'could you repeat that', 'repeat'],
];

export const SENTENCES: Readonly<Record<string, readonly Sentence[]>> = {
  'bank-branch': BANK,
  'clinic-frontdesk': CLINIC,
};
