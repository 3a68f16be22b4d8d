import { sendFolder } from '../send-folder.ts';
import type { CallContext, HandlersOf } from './types.ts';

export const incidents: HandlersOf<'incidents'> = {
  'incidents.list': (_, context) => context.open().watching.incidents.list(),
  'incidents.get': ({ id }, context) => context.open().watching.incidents.get(id),
  'incidents.open': ({ severity, summary }, context) =>
    context.open().watching.incidents.open({ kind: 'manual', severity, summary }, context.member().id),
  'incidents.note': ({ id, text }, context) =>
    after(id, context, (all, by) => all.addEvidence(id, { kind: 'note', text }, by)),
  'incidents.own': ({ id, step, memberId }, context) =>
    after(id, context, (all, by) => all.setOwner(id, step, memberId, by)),
  'incidents.check': ({ id, step, item, outcome }, context) =>
    after(id, context, (all, by) => all.check(id, step, item, outcome, by)),
  'incidents.sign': ({ id, step }, context) =>
    context.open().watching.incidents.sign(id, step, context.member().id),
  'incidents.contain': ({ id, what }, context) => after(id, context, (all, by) => all.contain(id, what, by)),
  'incidents.people': (_, context) => {
    const { identity, watching } = context.open();
    return identity.members().filter((member) => watching.incidents.may(member.id));
  },
  'incidents.export': ({ id }, context) => {
    const { watching, newExportFolder } = context.open();
    const { number } = watching.incidents.get(id);
    const by = context.member().id;
    const name = `incident-${number}`;
    return sendFolder(newExportFolder, name, (out) => watching.incidents.export(id, out, by));
  },
};

export const alerts: HandlersOf<'alerts'> = {
  'alerts.recent': (_, context) => context.open().watching.alerts.recent(),
  'alerts.stream': (_, context) => alertsOf(context),
};

type Incidents = ReturnType<CallContext['open']>['watching']['incidents'];

/** The incident as it stands after an act. */
function after(id: string, context: CallContext, act: (all: Incidents, by: string) => void) {
  const { incidents: all } = context.open().watching;
  act(all, context.member().id);
  return all.get(id);
}

/** Ends, and lets go of its place among the listeners, when the window leaves. */
async function* alertsOf(context: CallContext) {
  const leaving = new AbortController();
  try {
    yield* context.open().watching.alerts.stream(leaving.signal);
  } finally {
    leaving.abort();
  }
}
