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
