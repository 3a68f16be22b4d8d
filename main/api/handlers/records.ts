import type { RecordedChannel } from '../../records/index.ts';
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
  'records.listen': ({ conversationId, reason }, context) =>
    segments(context.open().records.listen({ memberId: context.member().id, reason }, conversationId)),
};

async function* segments(
  channels: readonly RecordedChannel[],
): AsyncGenerator<Answer<'records.listen'>, void, void> {
  for (const { channel, sampleRate, segments } of channels)
    for (const { startedMs, durationMs, sound } of segments)
      yield { channel, sampleRate, startedMs, durationMs, sound: sound.toString('base64') };
}
