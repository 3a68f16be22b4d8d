import type { KeyScope, Vault } from '../vault/index.ts';
import type { RecordedChannel } from './contract.ts';

/** A stretch of recorded sound, a second at most: 16-bit little-endian PCM, mono. */
export interface Segment {
  readonly channel: 'person' | 'agent';
  readonly segment: number;
  /** From the beginning of the conversation. */
  readonly startedMs: number;
  readonly durationMs: number;
  readonly sampleRate: number;
  /** False until it is known that nothing is in it that must not be kept; until then it is shown to nobody. */
  readonly screened: boolean;
  readonly sound: Buffer;
}

interface Row extends Omit<Segment, 'screened' | 'sound'> {
  readonly screened: number;
  readonly sound: Buffer;
}

const COLUMNS = `channel, segment, started_ms AS startedMs, duration_ms AS durationMs, sample_rate AS sampleRate,
  screened, sound`;

/** Recorded sound, each segment sealed under the key of its conversation and durable before the next. */
export class Recordings {
  readonly #vault: Vault;

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  /** Adds a segment, or puts another in its place. */
  replace(conversationId: string, segment: Segment): void {
    const sound = this.#vault.keys.seal(scope(conversationId), segment.sound, context(segment));
    this.#vault.db
      .prepare(
        `INSERT INTO recordings (conversation_id, channel, segment, started_ms, duration_ms, sample_rate, screened, sound)
         VALUES (@conversationId, @channel, @segment, @startedMs, @durationMs, @sampleRate, @screened, @sound)
         ON CONFLICT (conversation_id, channel, segment) DO UPDATE SET started_ms = excluded.started_ms,
           duration_ms = excluded.duration_ms, screened = excluded.screened, sound = excluded.sound`,
      )
      .run({ ...segment, conversationId, screened: segment.screened ? 1 : 0, sound });
  }

  remove(conversationId: string, { channel, segment }: Pick<Segment, 'channel' | 'segment'>): void {
    this.#vault.db
      .prepare('DELETE FROM recordings WHERE conversation_id = ? AND channel = ? AND segment = ?')
      .run(conversationId, channel, segment);
  }

  removeAll(conversationId: string): number {
    return this.#vault.db.prepare('DELETE FROM recordings WHERE conversation_id = ?').run(conversationId)
      .changes;
  }

  /** What a crash left unscreened is not kept: nobody can say any more what is in it. */
  removeUnscreened(conversationId: string): void {
    this.#vault.db
      .prepare('DELETE FROM recordings WHERE conversation_id = ? AND screened = 0')
      .run(conversationId);
  }

  /** All segments in order, those that are not screened too. @throws SottoError `vault/key-destroyed`, `vault/damaged`. */
  all(conversationId: string): readonly Segment[] {
    const rows = this.#vault.db.prepare<[string], Row>(
      `SELECT ${COLUMNS} FROM recordings WHERE conversation_id = ? ORDER BY started_ms, channel, segment`,
    );
    return this.#vault
      .transaction(() => rows.all(conversationId))
      .map((row) => ({
        ...row,
        screened: row.screened === 1,
        sound: this.#vault.keys.open(scope(conversationId), row.sound, context(row)),
      }));
  }
}

/** What may be heard, by channel. */
export function channelsOf(segments: readonly Segment[]): readonly RecordedChannel[] {
  return (['person', 'agent'] as const).flatMap((channel) => {
    const own = segments.filter((one) => one.channel === channel && one.screened);
    const sampleRate = own[0]?.sampleRate;
    return sampleRate === undefined ? [] : [{ channel, sampleRate, segments: own }];
  });
}

const scope = (id: string): KeyScope => ({ kind: 'conversation', id });
const context = ({ channel, segment }: Pick<Segment, 'channel' | 'segment'>) => `sound/${channel}/${segment}`;
