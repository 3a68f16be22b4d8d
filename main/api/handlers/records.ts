import type { ConsentReceipt, RecordedChannel } from '../../records/index.ts';
import type { Answer, HandlersOf } from './types.ts';

export const records: HandlersOf<'records'> = {
  'records.list': ({ limit, before }, context) =>
    context
      .open()
      .records.list({ memberId: context.member().id }, before === null ? { limit } : { limit, before }),
  'records.search': ({ words, reason }, context) =>
    context.open().records.search({ memberId: context.member().id, reason }, words, { limit: 100 }),
  'records.read': ({ conversationId, reason }, context) =>
    context.open().records.read({ memberId: context.member().id, reason }, conversationId),
  'records.receipts': ({ conversationId, reason }, context) =>
    context
      .open()
      .records.receipts({ memberId: context.member().id, reason }, { conversationId })
      .map(({ receipt }) => shown(receipt)),
  'records.listen': ({ conversationId, reason }, context) =>
    segments(context.open().records.listen({ memberId: context.member().id, reason }, conversationId)),
};

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
