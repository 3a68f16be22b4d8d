/** Turns names and values of the machine into words for people. */

/** `transfer_money`, `fromAccount` → "Transfer money", "From account". */
export function title(name: string): string {
  const words = name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .trim()
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A slot's normalised value as a person reads it: dates in words, choices without underscores, else unchanged. */
export function slotValue(value: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) {
    const date = new Date(`${value}T12:00:00`);
    if (!Number.isNaN(date.getTime()))
      return date.toLocaleDateString('en-US', {
        weekday: 'short',
        day: 'numeric',
        month: 'long',
        year: 'numeric',
      });
  }
  if (/^[a-z]+(_[a-z0-9]+)+$/.test(value)) return value.replaceAll('_', ' ');
  return value;
}

const END_REASONS: Readonly<Record<string, string>> = {
  member: 'You ended the conversation.',
  farewell: 'The conversation is over.',
  handOff: 'The conversation was handed to a person.',
  silence: 'Nobody spoke for a while, so the conversation was ended.',
  'connection-lost': 'The connection was lost, so the conversation was ended.',
  standstill: 'Sotto was stopped, so the conversation was ended.',
};

/** Why a conversation ended. */
export function endReason(reason: string): string {
  return END_REASONS[reason] ?? 'The conversation is over.';
}

const END_WORDS: Readonly<Record<string, string>> = {
  member: 'By the member',
  farewell: 'By farewell',
  handOff: 'Handed over',
  silence: 'In silence',
  'connection-lost': 'Connection lost',
  standstill: 'Stopped',
};

/** Why a conversation ended, for a table. */
export function endWords(reason: string): string {
  return END_WORDS[reason] ?? title(reason);
}

/** "12 Mar, 14:05" */
export function shortTime(at: number): string {
  return new Date(at).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
}

/** "1 min 20 s" */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** "12 March 2026, 14:05:09" */
export function exactTime(at: number): string {
  return new Date(at).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'medium' });
}

/** "14:05:09" */
export function clockTime(at: number): string {
  return new Date(at).toLocaleTimeString('en-GB');
}

const RISKS: Readonly<Record<string, string>> = {
  read: 'Looks something up',
  write: 'Changes a record',
  money: 'Moves money',
  clinical: 'Clinical',
};

/** What a tool of this risk does, in a word or two. */
export function riskWords(risk: string): string {
  return RISKS[risk] ?? title(risk);
}

const PACK_KINDS: Readonly<Record<string, string>> = {
  recogniser: 'Hears',
  synthesiser: 'Speaks',
  denoiser: 'Takes noise away',
  speakerEmbedding: 'Tells voices apart',
  textEmbedding: 'Finds pages by meaning',
  languageModel: 'Language model',
  antispoof: 'Looks for synthetic voices',
};

/** What a model pack of this kind is for. */
export function packKindWords(kind: string): string {
  return PACK_KINDS[kind] ?? title(kind);
}

const CARRIERS: Readonly<Record<string, string>> = {
  webrtc: 'Spoken, in the window',
  device: 'Spoken, at the device',
  typed: 'Typed',
  wav: 'From a file',
};

/** How a conversation was held. */
export function carrierWords(carrier: string): string {
  return CARRIERS[carrier] ?? title(carrier);
}

/** "1 conversation", "3 conversations" */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** What an alert is of: a rule or a kind of incident, or what was stopped (`all`, `tool:transfer_money`). */
export function alertWords({ about, code }: { readonly about: string; readonly code: string }): string {
  if (about === 'incident' && code === 'manual') return 'Opened by a member';
  if (about !== 'standstill') return title(code);
  const [scope = '', name] = code.split(':');
  if (name === undefined) return 'Everything was stopped';
  return scope === 'tool' ? `The tool ${title(name)} was stopped` : `The desk ${name} was stopped`;
}

const SOUND_KINDS: Readonly<Record<string, string>> = {
  'above-speech': 'Sound above the speech band',
  'band-limited': 'A narrow band, as from a telephone',
  dtmf: 'Telephone keys',
  reverberant: 'Far away, or a room that rings',
  repeat: 'The same sound as before',
  synthetic: 'A synthetic voice',
  ultrasound: 'Traces of ultrasound',
  comb: 'Notches of an echo',
  noise: 'Noise without a voice',
  tone: 'A tone that stays',
  clipping: 'Clipped sound',
};

/** What the screen of sound found. */
export function soundKindWords(kind: string): string {
  return SOUND_KINDS[kind] ?? title(kind);
}
