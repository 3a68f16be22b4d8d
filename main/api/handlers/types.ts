import type { z } from 'zod';
import type { Member, Session } from '../../identity/index.ts';
import type { CallName, Contract, ProcedureName, StreamName } from '../contract.ts';
import type { Custody } from '../custody.ts';
import type { OpenServices, Origin, Services } from '../services.ts';
import type { ConnectionSession } from '../session.ts';

/** What a handler is given beside its input. */
export interface CallContext {
  readonly services: Services;
  readonly session: ConnectionSession;
  readonly custody: Custody;
  readonly origin: Origin;
  /** Signs in from where this connection comes from. @throws SottoError of `Identity.signIn`, `vault/locked`. */
  signIn(username: string, passphrase: string): Promise<Session>;
  /** @throws SottoError `vault/locked` before set-up or unlocking. */
  open(): OpenServices;
  /** The member signed in when the call was let through. @throws SottoError `session/required`. */
  member(): Member;
}

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/** The input as the contract's schema leaves it. */
export type Parsed<K extends ProcedureName> = z.output<Contract[K]['input']>;

/** What a handler answers, before the contract's schema takes away what is not declared. */
export type Answer<K extends ProcedureName> = DeepReadonly<z.input<Contract[K]['output']>>;

export type CallHandler<K extends CallName> = (
  input: Parsed<K>,
  context: CallContext,
) => Promise<Answer<K>> | Answer<K>;

/** The iterable's `return` is called when the renderer cancels, the member signs out or the connection closes. */
export type StreamHandler<K extends StreamName> = (
  input: Parsed<K>,
  context: CallContext,
) => AsyncIterable<Answer<K>>;

export type Handlers = {
  readonly [K in ProcedureName]: K extends CallName
    ? CallHandler<K>
    : K extends StreamName
      ? StreamHandler<K>
      : never;
};

/** The handlers of one namespace, e.g. `HandlersOf<'session'>`. */
export type HandlersOf<Namespace extends string> = {
  readonly [K in ProcedureName as K extends `${Namespace}.${string}` ? K : never]: Handlers[K];
};
