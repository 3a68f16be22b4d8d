import { RECORD_ROLES } from '../contract/records.ts';
import type { HandlersOf } from './types.ts';

export const members: HandlersOf<'members'> = {
  'members.names': (_, context) => {
    const { id, roles } = context.member();
    const all = context.open().identity.members();
    return RECORD_ROLES.some((role) => roles.includes(role)) ? all : all.filter((one) => one.id === id);
  },
  'members.list': (_, context) => context.open().members.review(),
  'members.create': async (input, context) => {
    const { identity, members } = context.open();
    const by = context.member().id;
    const member = await identity.createMember(input, by);
    // An administrator chose the passphrase: it is good for the first sign-in, in which another takes its place.
    await members.resetPassphrase(member.id, input.passphrase, by);
    return member;
  },
  'members.setRoles': ({ memberId, roles }, context) => {
    context.open().members.setRoles(memberId, roles, context.member().id);
    return {};
  },
  'members.lock': ({ memberId, reason }, context) => {
    context.open().members.lock(memberId, context.member().id, reason);
    return {};
  },
  'members.unlock': ({ memberId }, context) => {
    context.open().members.unlock(memberId, context.member().id);
    return {};
  },
  'members.remove': ({ memberId }, context) => {
    context.open().members.remove(memberId, context.member().id);
    return {};
  },
  'members.resetPassphrase': async ({ memberId, passphrase }, context) => {
    await context.open().members.resetPassphrase(memberId, passphrase, context.member().id);
    return {};
  },
  'members.removeCodes': ({ memberId }, context) => {
    context.open().members.removeCodes(memberId, context.member().id);
    return {};
  },
  'members.confirmReview': ({ memberIds }, context) => {
    context.open().members.confirmReview(memberIds, context.member().id);
    return {};
  },
};

export const account: HandlersOf<'account'> = {
  'account.changePassphrase': async ({ present, next }, context) => {
    const { members } = context.open();
    const { id, username } = context.member();
    await members.changePassphrase(id, present, next);
    // Every session of the member has ended with the old passphrase; this window goes on under a new one.
    const session = await context.signIn(username, next);
    context.session.begin(session);
    return session;
  },
  'account.beginCodes': (_, context) => context.open().members.beginCodes(context.member().id),
  'account.confirmCodes': ({ code }, context) => {
    context.open().members.confirmCodes(context.member().id, code);
    return {};
  },
};
