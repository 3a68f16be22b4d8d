import type { ConsentReceipt, Reader, RecordedChannel } from '../../records/index.ts';
import { RECORD_ROLES } from '../contract/records.ts';
import type { Answer, CallContext, HandlersOf } from './types.ts';

export const records: HandlersOf<'records'> = {
  'records.list': ({ limit, before }, context) =>
    context.open().records.list(readerOf(context), before === null ? { limit } : { limit, before }),
  'records.search': ({ words, reason }, context) =>
    context.open().records.search(readerOf(context, reason), words, { limit: 100 }),
  'records.read': ({ conversationId, reason }, context) =>
    context.open().records.read(readerOf(context, reason), conversationId),
  'records.receipts': ({ conversationId, reason }, context) =>
    context
      .open()
      .records.receipts(readerOf(context, reason), { conversationId })
      .map(({ receipt }) => shown(receipt)),
  'records.listen': ({ conversationId, reason }, context) =>
    segments(context.open().records.listen(readerOf(context, reason), conversationId)),
};

/** Staff see the conversations that they held themselves, and no others: the room holds to it. */
function readerOf(context: CallContext, reason?: string): Reader {
  const { id: memberId, roles } = context.member();
  const sees = RECORD_ROLES.some((role) => roles.includes(role)) ? 'all' : 'own';
  return { memberId, sees, ...(reason === undefined ? {} : { reason }) };
}

function shown({ receipt_metadata, pii_processing, event }: ConsentReceipt) {
  const [{ purpose }] = pii_processing.purposes;
  const { policy, version, wording } = pii_processing.privacy_notice;
  return {
    id: receipt_metadata.receipt_id,
    at: event.event_time,
    purpose,
    state: event.event_state,
    expressedBy: event.expressed_by,
    wording,
    policy,
    version,
  };
}

async function* segments(
  channels: readonly RecordedChannel[],
): AsyncGenerator<Answer<'records.listen'>, void, void> {
  for (const { channel, sampleRate, segments } of channels)
    for (const { startedMs, durationMs, sound } of segments)
      yield { channel, sampleRate, startedMs, durationMs, sound: sound.toString('base64') };
}
