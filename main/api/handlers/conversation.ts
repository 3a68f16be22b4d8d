import { SottoError } from '../../base/index.ts';
import type { LiveConversation } from '../../conversation/index.ts';
import type { CallContext, HandlersOf } from './types.ts';

export const conversation: HandlersOf<'conversation'> = {
  'conversation.start': async (input, context) => {
    context.custody.reserve();
    const { id: memberId, roles } = context.member();
    const started = await context.open().converse({ memberId, roles, from: context.origin }, input);
    context.custody.conversation(started.conversation);
    return { conversationId: started.conversation.id, sdp: started.sdp };
  },
  'conversation.events': (input, context) =>
    keepingSession(context.custody.ended(input.conversationId) ?? own(input, context), context),
  'conversation.type': (input, context) => {
    own(input, context).type(input.text);
    return {};
  },
  'conversation.setMode': (input, context) => {
    own(input, context).setMode(input.mode);
    return {};
  },
  'conversation.pushToTalk': (input, context) => {
    own(input, context).pushToTalk(input.down);
    return {};
  },
  'conversation.decide': (input, context) => {
    own(input, context).decide(input.proposalId, input.decision);
    return {};
  },
  'conversation.stepUp': async (input, context) => {
    own(input, context);
    const { proposalId, proof } = input;
    const { safety } = context.open();
    const memberId = proof.kind === 'code' ? context.member().id : await secondPerson(proof, context);
    const given = safety.gateway.stepUp(
      proposalId,
      proof.kind === 'code'
        ? { kind: 'code', memberId, code: proof.code }
        : { kind: 'secondPerson', memberId },
    );
    if (given.kind === 'ok') return {};
    throw new SottoError(given.code, given.say, {
      remedy: 'Check it and try again, or refuse the proposal.',
    });
  },
  'conversation.soundTrace': (input, context) => {
    own(input, context).soundTrace(input.trace);
    return {};
  },
  'conversation.silenced': (input, context) => {
    own(input, context).silenced();
    return {};
  },
  'conversation.playout': (input, context) => {
    own(input, context).reportPlayout(input.bufferMs);
    return {};
  },
  'conversation.stopSpeaking': (input, context) => {
    own(input, context).stopSpeaking();
    return {};
  },
  'conversation.withdraw': (input, context) => {
    own(input, context).withdraw(input.purpose);
    return {};
  },
  'conversation.end': async (input, context) => {
    await own(input, context).end('member');
    return {};
  },
};

/** Whoever talks is there: each utterance counts as use, or hands-free work would be signed out in mid-sentence. */
async function* keepingSession(live: LiveConversation, context: CallContext) {
  for await (const event of live.events()) {
    if (event.type === 'final') context.session.current(context.services.open);
    yield event;
  }
}

/** Signs the second person in for this one moment: the desk stays with the member who holds it. */
async function secondPerson(
  { username, passphrase }: { readonly username: string; readonly passphrase: string },
  context: CallContext,
): Promise<string> {
  const { token, member } = await context.signIn(username, passphrase);
  context.open().identity.signOut(token);
  return member.id;
}

/** A conversation answers to the member who started it; to anyone else it does not exist. */
function own(input: { readonly conversationId: string }, context: CallContext): LiveConversation {
  const live = context.open().conversation(input.conversationId, context.member().id);
  if (live !== null) return live;
  throw new SottoError('conversation/not-found', 'This conversation is over.', {
    remedy: 'Start a new conversation.',
  });
}
