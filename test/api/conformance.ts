/**
 * What every carrier must do, whatever carries: one suite, run in process, over the pipe and over the WebSocket.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CallName, contract, roleSchema, type StreamName } from '../../main/api/contract.ts';
import { type Carrier, type Client, type ClientMessage, createClient } from '../../main/api/index.ts';
import { eventually } from '../support/eventually.ts';
import { PASSPHRASE, type StandIn, standIn } from '../support/services.ts';

/** One served appliance and a way to reach it anew. */
export interface Reach {
  connect(): Promise<Carrier<ClientMessage>>;
  close(): Promise<void>;
}

export function conformance(name: string, serve: (behind: StandIn) => Promise<Reach>): void {
  describe(`the contract over ${name}`, () => {
    let behind: StandIn;
    let reach: Reach;
    let carrier: Carrier<ClientMessage>;
    let client: Client;

    beforeEach(async () => {
      behind = standIn();
      await restart();
    });
    afterEach(async () => {
      client.close();
      await reach.close();
    });

    async function restart(): Promise<void> {
      reach = await serve(behind);
      carrier = await reach.connect();
      client = createClient(carrier);
    }
    const signIn = (username: string) => client.call('session.signIn', { username, passphrase: PASSPHRASE });
    /** Sends what a typed client cannot. */
    const sendRaw = (message: unknown) => carrier.send(message as ClientMessage);
    const closed = () => new Promise<void>((resolve) => client.onClose(resolve));

    test('a public call is answered with what the schema declares', async () => {
      const status = await client.call('system.status', {});
      expect(status).toMatchObject({ phase: 'ready', siteName: 'Test site' });
    });

    test('signing in opens what the role allows, and the answer holds no undeclared key', async () => {
      const { member } = await signIn('admin');
      expect(Object.keys(member).sort()).toEqual(['displayName', 'id', 'roles', 'username']);
      expect(await client.call('system.doctor', {})).toHaveLength(1);
    });

    test('a call that needs a session is refused without one, and the refusal is in the audit log', async () => {
      await expect(client.call('audit.verify', {})).rejects.toMatchObject({ code: 'session/required' });
      expect(behind.auditEvents).toContainEqual({
        action: 'access.refuse',
        actor: 'anonymous',
        outcome: 'failure',
        detail: expect.objectContaining({ procedure: 'audit.verify', code: 'session/required' }),
      });
    });

    test('the wrong role is refused, and the refusal names the member in the audit log', async () => {
      const { member } = await signIn('staff');
      await expect(client.call('system.doctor', {})).rejects.toMatchObject({ code: 'access/refused' });
      expect(behind.auditEvents).toContainEqual(
        expect.objectContaining({ action: 'access.refuse', actor: member.id }),
      );
    });

    test('every entry that names roles refuses a member with none of them', async () => {
      const guarded = Object.entries(contract).filter(([, { access }]) => Array.isArray(access));
      expect(guarded.length).toBeGreaterThan(30);
      for (const role of roleSchema.options) {
        behind.addMember(`only-${role}`, [role]);
        await signIn(`only-${role}`);
        for (const [name, { kind, access }] of guarded) {
          if (Array.isArray(access) && access.includes(role)) continue;
          const asked =
            kind === 'call'
              ? client.call(name as CallName, {} as never)
              : client
                  .listen(name as StreamName, {} as never)
                  [Symbol.asyncIterator]()
                  .next();
          await expect(asked, `${role} at ${name}`).rejects.toMatchObject({ code: 'access/refused' });
        }
      }
    });

    test('a member whose passphrase somebody else chose can do nothing but choose another', async () => {
      behind.mustChange = true;
      const { mustChangePassphrase } = await signIn('admin');
      expect(mustChangePassphrase).toBe(true);
      for (const name of ['system.doctor', 'members.list', 'standstill.list'] as const)
        await expect(client.call(name, {})).rejects.toMatchObject({ code: 'identity/must-change' });
      await client.call('session.signOut', {});
    });

    test('a declared audit action is left on success', async () => {
      const { member } = await signIn('auditor');
      await client.call('audit.verify', {});
      expect(behind.auditEvents).toContainEqual(
        expect.objectContaining({ action: 'audit.verify', actor: member.id, outcome: 'success' }),
      );
    });

    test('a wrong passphrase is answered with code, message and no more', async () => {
      const refused = client.call('session.signIn', { username: 'admin', passphrase: 'wrong' });
      await expect(refused).rejects.toMatchObject({ code: 'identity/refused', remedy: null });
    });

    test('a session resumes on a new connection, and not after signing out', async () => {
      const { token, member } = await signIn('staff');
      const second = createClient(await reach.connect());
      expect(await second.call('session.resume', { token })).toMatchObject({ member: { id: member.id } });
      await second.call('session.signOut', {});
      second.close();
      client = createClient(await reach.connect());
      await expect(client.call('session.resume', { token })).rejects.toMatchObject({
        code: 'session/expired',
      });
    });

    test('a stream brings events in order and ends when the appliance ends it', async () => {
      await signIn('staff');
      const { conversationId } = await client.call('conversation.start', { sdp: null, mode: 'handsFree' });
      const types: string[] = [];
      for await (const event of client.listen('conversation.events', { conversationId })) {
        types.push(event.type);
        if (event.type === 'state')
          await client.call('conversation.type', { conversationId, text: 'What are your hours?' });
        if (event.type === 'reply') await client.call('conversation.end', { conversationId });
      }
      expect(types).toEqual(['state', 'final', 'reply', 'ended']);
    });

    test('leaving a stream releases its source', async () => {
      await signIn('staff');
      const { checkId } = await client.call('sound.check', { sdp: 'offer' });
      let seen = 0;
      for await (const level of client.listen('sound.levels', { checkId })) {
        expect(Object.keys(level)).not.toContain('secret');
        seen += 1;
        if (seen === 5) break;
      }
      await eventually(() => expect(behind.levelReaders).toBe(0));
      expect((await client.call('system.status', {})).phase).toBe('ready');
    });

    test('an aborted stream ends quietly and releases its source', async () => {
      await signIn('staff');
      const { checkId } = await client.call('sound.check', { sdp: 'offer' });
      const abort = new AbortController();
      for await (const _ of client.listen('sound.levels', { checkId }, abort.signal)) abort.abort();
      await eventually(() => expect(behind.levelReaders).toBe(0));
    });

    test('a dropped connection ends its streams, its sound checks and its conversations', async () => {
      await signIn('staff');
      const { checkId } = await client.call('sound.check', { sdp: 'offer' });
      await client.call('conversation.start', { sdp: null, mode: 'handsFree' });
      const reading = (async () => {
        for await (const _ of client.listen('sound.levels', { checkId }));
      })();
      await eventually(() => expect(behind.levelReaders).toBe(1));
      client.close();
      await expect(reading).rejects.toMatchObject({ code: 'wire/closed' });
      await eventually(() => expect(behind.levelReaders).toBe(0));
      await eventually(() => expect(behind.soundChecks.size).toBe(0));
      await eventually(() => expect(behind.conversations[0]?.endReason).toBe('connection-lost'));
    });

    test('signing out ends open streams with the reason', async () => {
      await signIn('staff');
      const { checkId } = await client.call('sound.check', { sdp: 'offer' });
      const reading = (async () => {
        for await (const _ of client.listen('sound.levels', { checkId }));
      })();
      await eventually(() => expect(behind.levelReaders).toBe(1));
      await client.call('session.signOut', {});
      await expect(reading).rejects.toMatchObject({ code: 'session/expired' });
    });

    test('a session revoked elsewhere is refused at the next call', async () => {
      const { token } = await signIn('admin');
      behind.revoke(token);
      await expect(client.call('system.doctor', {})).rejects.toMatchObject({ code: 'session/required' });
    });

    test('a conversation does not exist for anyone but the member who started it', async () => {
      await signIn('staff');
      const { conversationId } = await client.call('conversation.start', { sdp: null, mode: 'handsFree' });
      const other = createClient(await reach.connect());
      await other.call('session.signIn', { username: 'admin', passphrase: PASSPHRASE });
      const typed = other.call('conversation.type', { conversationId, text: 'hello' });
      // Over the pipe the second connection takes the place of the first, whose conversation ends: refused either way.
      await expect(typed).rejects.toMatchObject({ code: 'conversation/not-found' });
      other.close();
    });

    test.each(['no.such', 'constructor', '__proto__', 'sound.levels'])(
      'a call of %j is unknown',
      async (call) => {
        await expect(client.call(call as 'system.status', {})).rejects.toMatchObject({ code: 'api/unknown' });
      },
    );

    test('input that does not fit names the field and not its value', async () => {
      const call = client.call('session.signIn', { username: 'x'.repeat(65), passphrase: '' });
      await expect(call).rejects.toMatchObject({
        code: 'api/invalid-input',
        message: 'Not valid: username, passphrase.',
      });
    });

    test('undeclared keys of the input are refused', async () => {
      const call = client.call('system.status', { admin: true } as never);
      await expect(call).rejects.toMatchObject({ code: 'api/invalid-input' });
    });

    test('an unexpected failure says nothing of its cause', async () => {
      await signIn('admin');
      behind.failChecks = new Error('/home/teller/secret: Mrs Jones 4111111111111111');
      const failed = client.call('system.doctor', {});
      await expect(failed).rejects.toMatchObject({
        code: 'internal',
        message: 'Something went wrong inside the appliance.',
      });
    });

    test('an answer that the contract does not declare is not sent', async () => {
      await signIn('admin');
      behind.checks = [{ id: 'disk', transcript: 'my card number is' }];
      await expect(client.call('system.doctor', {})).rejects.toMatchObject({ code: 'api/invalid-output' });
    });

    test('calls beyond the allowance are refused, and say how long to wait', async () => {
      await signIn('admin');
      for (let call = 0; call < 12; call++) await client.call('system.doctor', {});
      await expect(client.call('system.doctor', {})).rejects.toMatchObject({
        code: 'api/slow-down',
        remedy: expect.stringMatching(/^Wait \d+ s/),
      });
      expect((await client.call('system.status', {})).phase).toBe('ready');
    });

    test('too many open streams are refused', async () => {
      await signIn('staff');
      const { conversationId } = await client.call('conversation.start', { sdp: null, mode: 'handsFree' });
      const refusals: unknown[] = [];
      for (let stream = 0; stream < 17; stream++)
        client
          .listen('conversation.events', { conversationId })
          [Symbol.asyncIterator]()
          .next()
          .catch((error) => refusals.push(error));
      await eventually(() => expect(refusals).toHaveLength(1));
      expect(refusals[0]).toMatchObject({ code: 'api/too-many' });
    });

    test('set-up is closed once it is done', async () => {
      await expect(client.call('setup.desks', {})).rejects.toMatchObject({ code: 'setup/already-done' });
    });

    test('the sound check needs a member once set-up is done', async () => {
      const check = client.call('sound.check', { sdp: 'offer' });
      await expect(check).rejects.toMatchObject({ code: 'session/required' });
    });

    test('in set-up, sound can be checked and completing it signs in the administrator', async () => {
      client.close();
      await reach.close();
      behind = standIn('setup');
      await restart();
      expect((await client.call('sound.check', { sdp: 'offer' })).sdp).toBe('answer');
      await expect(signIn('admin')).rejects.toMatchObject({ code: 'vault/locked' });
      const { member } = await client.call('setup.complete', {
        siteName: 'First Bank',
        admin: { username: 'ada', displayName: 'Ada', passphrase: PASSPHRASE },
        deskId: 'bank-branch',
        key: { kind: 'keychain' },
      });
      expect(member.roles).toEqual(['admin']);
      expect(await client.call('system.doctor', {})).toHaveLength(1);
    });

    test('what is not a message of the contract closes the connection', async () => {
      const gone = closed();
      await sendRaw({ id: 1, run: 'rm' });
      await gone;
    });

    test('an id that is still in use closes the connection', async () => {
      await signIn('staff');
      const gone = closed();
      const { conversationId } = await client.call('conversation.start', { sdp: null, mode: 'handsFree' });
      await sendRaw({ id: 900, listen: 'conversation.events', input: { conversationId } });
      await sendRaw({ id: 900, listen: 'conversation.events', input: { conversationId } });
      await gone;
    });

    test('a flood of messages closes the connection', async () => {
      const gone = closed();
      for (let id = 1000; id < 2400; id++) sendRaw({ id, call: 'no.such', input: {} }).catch(() => {});
      await gone;
    });

    test('a message beyond the bound does not arrive and the connection does not survive it', async () => {
      const gone = closed();
      await sendRaw({ id: 1, call: 'system.status', input: { pad: 'x'.repeat(70_000) } }).catch(() =>
        carrier.close(),
      );
      await gone;
    });
  });
}
