/**
 * A language model small enough to be made on the spot: GGUF version 3, the llama architecture with one block, random
 * weights, a tokenizer of single bytes. It has learnt nothing; what it answers is decided by the grammar and by chance.
 */
import { writeFileSync } from 'node:fs';

const WIDTH = 32;
const HEADS = 2;
const FORWARD = 64;
const CONTEXT = 16_384;
const TYPE = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 } as const;
const ALIGNMENT = 32;

class Writer {
  readonly blocks: Buffer[] = [];
  uint32(value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return this.add(bytes);
  }
  uint64(value: number): this {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    return this.add(bytes);
  }
  float32(value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatLE(value);
    return this.add(bytes);
  }
  text(value: string): this {
    const bytes = Buffer.from(value);
    return this.uint64(bytes.length).add(bytes);
  }
  add(bytes: Buffer): this {
    this.blocks.push(bytes);
    return this;
  }
  get bytes(): Buffer {
    return Buffer.concat(this.blocks);
  }
}

type Value = (writer: Writer) => void;
const text =
  (value: string): Value =>
  (w) =>
    void w.uint32(TYPE.string).text(value);
const uint32 =
  (value: number): Value =>
  (w) =>
    void w.uint32(TYPE.uint32).uint32(value);
const float32 =
  (value: number): Value =>
  (w) =>
    void w.uint32(TYPE.float32).float32(value);
const bool =
  (value: boolean): Value =>
  (w) =>
    void w.uint32(TYPE.bool).add(Buffer.from([value ? 1 : 0]));
const list =
  <T>(type: number, items: readonly T[], write: (w: Writer, item: T) => void): Value =>
  (w) => {
    w.uint32(TYPE.array).uint32(type).uint64(items.length);
    for (const item of items) write(w, item);
  };

/** A small generator of its own, so that the same seed makes the same model. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
}

export function writeTinyGguf(file: string, seed = 7): void {
  const random = randomOf(seed);
  writeGguf(file, (_, count) => Float32Array.from({ length: count }, random));
}

/**
 * An embedding model that is nothing but its tokens: the vector of a text says how often each letter stands in it, so that
 * what has the same letters means the same. No weight of its one block does anything.
 */
export function writeLetterGguf(file: string): void {
  const letterOf = (token: number) => (token < 3 ? 0 : (token - 3) & 0x5f);
  const weights = (name: string, count: number) => {
    if (/norm/.test(name)) return new Float32Array(count).fill(1);
    const zeros = new Float32Array(count);
    if (name !== 'token_embd.weight') return zeros;
    for (let token = 0; token < count / WIDTH; token += 1) {
      const letter = letterOf(token) - 0x40;
      if (letter > 0 && letter < WIDTH) zeros[token * WIDTH + letter] = 1;
    }
    return zeros;
  };
  writeGguf(file, weights, { 'llama.pooling_type': uint32(1) });
}

function writeGguf(
  file: string,
  weightsOf: (name: string, count: number) => Float32Array<ArrayBuffer>,
  more: Readonly<Record<string, Value>> = {},
): void {
  const bytes = Array.from({ length: 256 }, (_, i) => `<0x${i.toString(16).toUpperCase().padStart(2, '0')}>`);
  const tokens = ['<unk>', '<s>', '</s>', ...bytes];
  const [UNKNOWN, CONTROL, BYTE] = [2, 3, 6];
  const types = [UNKNOWN, CONTROL, CONTROL, ...bytes.map(() => BYTE)];
  const metadata: Readonly<Record<string, Value>> = {
    'general.architecture': text('llama'),
    'general.name': text('tiny'),
    'llama.context_length': uint32(CONTEXT),
    'llama.embedding_length': uint32(WIDTH),
    'llama.block_count': uint32(1),
    'llama.feed_forward_length': uint32(FORWARD),
    'llama.attention.head_count': uint32(HEADS),
    'llama.attention.head_count_kv': uint32(HEADS),
    'llama.attention.layer_norm_rms_epsilon': float32(1e-5),
    'llama.rope.dimension_count': uint32(WIDTH / HEADS),
    'llama.vocab_size': uint32(tokens.length),
    'general.file_type': uint32(0),
    'tokenizer.ggml.model': text('llama'),
    'tokenizer.ggml.tokens': list(TYPE.string, tokens, (w, token) => w.text(token)),
    'tokenizer.ggml.scores': list(TYPE.float32, tokens, (w) => w.float32(0)),
    'tokenizer.ggml.token_type': list(TYPE.int32, types, (w, type) => w.uint32(type)),
    'tokenizer.ggml.unknown_token_id': uint32(0),
    'tokenizer.ggml.bos_token_id': uint32(1),
    'tokenizer.ggml.eos_token_id': uint32(2),
    'tokenizer.ggml.add_space_prefix': bool(false),
    'tokenizer.ggml.add_bos_token': bool(true),
    ...more,
  };
  const tensors: readonly (readonly [name: string, ...shape: number[]])[] = [
    ['token_embd.weight', WIDTH, tokens.length],
    ['blk.0.attn_norm.weight', WIDTH],
    ['blk.0.attn_q.weight', WIDTH, WIDTH],
    ['blk.0.attn_k.weight', WIDTH, WIDTH],
    ['blk.0.attn_v.weight', WIDTH, WIDTH],
    ['blk.0.attn_output.weight', WIDTH, WIDTH],
    ['blk.0.ffn_norm.weight', WIDTH],
    ['blk.0.ffn_gate.weight', WIDTH, FORWARD],
    ['blk.0.ffn_up.weight', WIDTH, FORWARD],
    ['blk.0.ffn_down.weight', FORWARD, WIDTH],
    ['output_norm.weight', WIDTH],
    ['output.weight', WIDTH, tokens.length],
  ];
  const head = new Writer().add(Buffer.from('GGUF')).uint32(3);
  head.uint64(tensors.length).uint64(Object.keys(metadata).length);
  for (const [name, value] of Object.entries(metadata)) value(head.text(name));
  const data: Buffer[] = [];
  let offset = 0;
  for (const [name, ...shape] of tensors) {
    head.text(name).uint32(shape.length);
    for (const size of shape) head.uint64(size);
    head.uint32(0).uint64(offset); // 0: 32-bit floats
    const weights = weightsOf(
      name,
      shape.reduce((a, b) => a * b, 1),
    );
    const block = Buffer.from(weights.buffer);
    const padding = Buffer.alloc((ALIGNMENT - (block.length % ALIGNMENT)) % ALIGNMENT);
    data.push(block, padding);
    offset += block.length + padding.length;
  }
  const begin = head.bytes;
  const padding = Buffer.alloc((ALIGNMENT - (begin.length % ALIGNMENT)) % ALIGNMENT);
  writeFileSync(file, Buffer.concat([begin, padding, ...data]));
}
