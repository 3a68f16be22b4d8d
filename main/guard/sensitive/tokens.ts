/** A word, a run of digits, or one other visible mark, with its place in the text. */
export interface Token {
  readonly kind: 'word' | 'digits' | 'mark';
  /** Small letters; digits of any script as 0-9. */
  readonly text: string;
  /** As it stands in the text. */
  readonly raw: string;
  readonly start: number;
  readonly end: number;
}

const TOKEN = /\p{L}[\p{L}\p{M}'’]*|\p{Nd}+|[^\s\p{L}\p{Nd}]/gu;

/** Cuts a text into tokens. Linear in its length. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const raw = match[0];
    const kind = /^\p{L}/u.test(raw) ? 'word' : /^\p{Nd}/u.test(raw) ? 'digits' : 'mark';
    tokens.push({
      kind,
      raw,
      text: kind === 'digits' ? plainDigits(raw) : raw.toLowerCase().replace('’', "'"),
      start: match.index,
      end: match.index + raw.length,
    });
  }
  return tokens;
}

/** Whether two tokens stand against each other, with no space between. */
export function glued(left: Token | undefined, right: Token | undefined): boolean {
  return left !== undefined && right !== undefined && left.end === right.start;
}

/** Digits of any script as 0-9: in every script the ten digits follow each other, zero first. */
function plainDigits(raw: string): string {
  if (/^\d+$/.test(raw)) return raw;
  return Array.from(raw, (char) => {
    const plain = char.normalize('NFKC');
    if (/^\d$/.test(plain)) return plain;
    const code = char.codePointAt(0) ?? 0;
    let zero = code;
    while (code - zero < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
    return String(code - zero);
  }).join('');
}
