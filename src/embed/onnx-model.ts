/** Element types of ONNX tensors that are used here, by their number in `TensorProto.DataType`. */
export const ONNX_TYPE = { float: 1, int8: 3, int32: 6, int64: 7 } as const;

/** A dimension: a length, or a name where it differs from call to call. */
export type OnnxDimension = number | string;

export interface OnnxValueInfo {
  readonly name: string;
  readonly type: keyof typeof ONNX_TYPE;
  readonly shape: readonly OnnxDimension[];
}

/** A constant, row-major and little-endian. */
export interface OnnxConstant {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | Int8Array | Int32Array | BigInt64Array;
}

export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** A whole number is written as an integer attribute, unless it stands in `{ float }`. */
  readonly attributes?: Readonly<Record<string, number | { readonly float: number } | readonly number[]>>;
}

export interface OnnxModel {
  readonly name: string;
  /** Version of the standard operator set. */
  readonly opset: number;
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
  readonly constants: readonly OnnxConstant[];
  /** Each after the ones whose outputs it reads. */
  readonly nodes: readonly OnnxNode[];
}

/** ONNX files of this version are read by every onnxruntime since 1.14. */
const IR_VERSION = 8;

/**
 * The bytes of an ONNX file (the protocol buffer `ModelProto`). Field numbers are those of `onnx.proto`; a model with
 * all its constants must stay below the format's 2 GiB.
 */
export function onnxBytes(model: OnnxModel): Uint8Array {
  const graph = [
    ...model.nodes.flatMap((node) => message(1, nodeParts(node))),
    ...text(2, model.name),
    ...model.constants.flatMap((constant) => message(5, constantParts(constant))),
    ...model.inputs.flatMap((value) => message(11, valueParts(value))),
    ...model.outputs.flatMap((value) => message(12, valueParts(value))),
  ];
  return Buffer.concat([
    ...integer(1, IR_VERSION),
    ...text(2, "plumbline"),
    ...message(7, graph),
    ...message(8, [...text(1, ""), ...integer(2, model.opset)]),
  ]);
}

/** Pieces that are joined once at the end, so that weights are copied once. */
type Parts = readonly Uint8Array[];

function nodeParts({ op, inputs, outputs, attributes = {} }: OnnxNode): Parts {
  return [
    ...inputs.flatMap((name) => text(1, name)),
    ...outputs.flatMap((name) => text(2, name)),
    ...text(3, outputs[0] ?? op),
    ...text(4, op),
    ...Object.entries(attributes).flatMap(([name, value]) => message(5, attributeParts(name, value))),
  ];
}

function attributeParts(name: string, value: number | { readonly float: number } | readonly number[]): Parts {
  const [FLOAT, INT, INTS] = [1, 2, 7];
  if (typeof value === "number") return [...text(1, name), ...integer(3, value), ...integer(20, INT)];
  if ("float" in value) {
    const bytes = Buffer.alloc(5);
    bytes[0] = (2 << 3) | 5;
    bytes.writeFloatLE(value.float, 1);
    return [...text(1, name), bytes, ...integer(20, FLOAT)];
  }
  return [...text(1, name), ...value.flatMap((v) => integer(8, v)), ...integer(20, INTS)];
}

function constantParts({ name, shape, data }: OnnxConstant): Parts {
  const type = typeOf(data);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return [
    ...shape.flatMap((length) => integer(1, length)),
    ...integer(2, ONNX_TYPE[type]),
    ...text(8, name),
    ...message(9, [bytes]),
  ];
}

function typeOf(data: OnnxConstant["data"]): keyof typeof ONNX_TYPE {
  if (data instanceof Float32Array) return "float";
  if (data instanceof Int8Array) return "int8";
  return data instanceof Int32Array ? "int32" : "int64";
}

function valueParts({ name, type, shape }: OnnxValueInfo): Parts {
  const dimensions = shape.flatMap((d) => message(1, typeof d === "number" ? integer(1, d) : text(2, d)));
  const tensor = [...integer(1, ONNX_TYPE[type]), ...message(2, dimensions)];
  return [...text(1, name), ...message(2, message(1, tensor))];
}

function text(field: number, value: string): Parts {
  return message(field, [Buffer.from(value)]);
}

function message(field: number, parts: Parts): Parts {
  const length = parts.reduce((sum, part) => sum + part.byteLength, 0);
  return [varint((field << 3) | 2), varint(length), ...parts];
}

function integer(field: number, value: number): Parts {
  return [varint(field << 3), varint(value)];
}

/** Base 128, lowest bits first; a negative number as its 64-bit two's complement, as protocol buffers have it. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
