/**
 * Writes small ONNX models: just enough of the protocol buffers of onnx.proto (IR version 8) for the models that tests make
 * themselves, in the forms that sherpa-onnx loads. Field numbers are those of the ONNX specification.
 */
import { writeFileSync } from 'node:fs';

export const FLOAT = 1;
export const INT64 = 7;
const STRING_TAG = 2;

export type Attribute = number | readonly number[] | string | { readonly float: number };
export type Dimension = number | string;

export interface Tensor {
  readonly name: string;
  readonly type: typeof FLOAT | typeof INT64;
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

export interface Node {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

export interface Port {
  readonly name: string;
  readonly type: typeof FLOAT | typeof INT64;
  readonly shape: readonly Dimension[];
}

export interface Model {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly nodes: readonly Node[];
  readonly constants?: readonly Tensor[];
  readonly metadata?: Readonly<Record<string, string | number>>;
}

export function writeOnnx(file: string, model: Model): void {
  writeFileSync(file, onnx(model));
}

/** The bytes of a model. */
export function onnx({ inputs, outputs, nodes, constants = [], metadata = {} }: Model): Uint8Array {
  const graph = [
    ...nodes.map((node) => bytes(1, nodeProto(node))),
    text(2, 'graph'),
    ...constants.map((tensor) => bytes(5, tensorProto(tensor))),
    ...inputs.map((port) => bytes(11, portProto(port))),
    ...outputs.map((port) => bytes(12, portProto(port))),
  ];
  const properties = Object.entries(metadata).map(([key, value]) =>
    bytes(14, [text(1, key), text(2, String(value))]),
  );
  return Buffer.concat([
    integer(1, 8),
    text(2, 'sotto tests'),
    bytes(7, graph),
    bytes(8, [text(1, ''), integer(2, 17)]),
    ...properties,
  ]);
}

function nodeProto({ op, inputs, outputs, attributes = {} }: Node): Buffer[] {
  return [
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, op),
    ...Object.entries(attributes).map(([name, value]) => bytes(5, attributeProto(name, value))),
  ];
}

function attributeProto(name: string, value: Attribute): Buffer[] {
  if (typeof value === 'number') return [text(1, name), integer(3, value), integer(20, 2)];
  if (typeof value === 'string') return [text(1, name), text(4, value), integer(20, 3)];
  if ('float' in value) return [text(1, name), float(2, value.float), integer(20, 1)];
  return [text(1, name), ...value.map((each) => integer(8, each)), integer(20, 7)];
}

function tensorProto({ name, type, shape, data }: Tensor): Buffer[] {
  const raw = Buffer.alloc(data.length * (type === FLOAT ? 4 : 8));
  data.forEach((value, i) => {
    if (type === FLOAT) raw.writeFloatLE(value, i * 4);
    else raw.writeBigInt64LE(BigInt(value), i * 8);
  });
  return [...shape.map((size) => integer(1, size)), integer(2, type), text(8, name), bytes(9, [raw])];
}

function portProto({ name, type, shape }: Port): Buffer[] {
  const dimensions = shape.map((size) =>
    bytes(1, [typeof size === 'number' ? integer(1, size) : text(2, size)]),
  );
  return [text(1, name), bytes(2, [bytes(1, [integer(1, type), bytes(2, dimensions)])])];
}

function varint(value: number): Buffer {
  const out: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    out.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Buffer.from(out);
}

function integer(field: number, value: number): Buffer {
  return Buffer.concat([varint(field << 3), varint(value)]);
}

function float(field: number, value: number): Buffer {
  const raw = Buffer.alloc(4);
  raw.writeFloatLE(value);
  return Buffer.concat([varint((field << 3) | 5), raw]);
}

function text(field: number, value: string): Buffer {
  return bytes(field, [Buffer.from(value)]);
}

function bytes(field: number, parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([varint((field << 3) | STRING_TAG), varint(content.length), content]);
}
