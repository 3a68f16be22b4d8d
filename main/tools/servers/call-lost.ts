/** A call that the server did not answer. `sent` false: it never reached the server, so nothing happened. */
export class CallLost extends Error {
  readonly code: string;
  readonly sent: boolean;
  constructor(code: string, sent: boolean) {
    super(code);
    this.code = code;
    this.sent = sent;
  }
}

/** Why a server on the LAN could not be spoken to, for who looks after it. */
const IN_WORDS: Readonly<Record<string, string>> = {
  'tools/certificate': 'It shows another certificate than the one that is named.',
  'tools/unauthorised': 'It refuses the key.',
  'tools/server-away': 'Nobody answers there.',
  'tools/redirected': 'It sends callers to another address, where nobody follows.',
  'tools/http-status': 'It answers with an error.',
};

/** A lost call in words; its code where there are none. */
export function lossInWords({ code }: CallLost): string {
  return IN_WORDS[code] ?? `(${code})`;
}
