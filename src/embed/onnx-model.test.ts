import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { type OnnxConstant, type OnnxModel, onnxBytes } from "./onnx-model.ts";

/** Runs a model of one node over `x`, and gives the output's numbers and shape. */
async function run(
  part: Pick<OnnxModel["nodes"][number], "op" | "attributes">,
  x: Float32Array,
  shape: readonly number[],
  constants: readonly OnnxConstant[] = [],
): Promise<{ data: number[]; dims: readonly number[] }> {
  const names = shape.map((_, i) => `d${i}`);
  const bytes = onnxBytes({
    name: "test",
    opset: 17,
    inputs: [{ name: "x", type: "float", shape: names }],
    outputs: [{ name: "y", type: "float", shape: names }],
    constants,
    nodes: [{ ...part, inputs: ["x", ...constants.map(({ name }) => name)], outputs: ["y"] }],
  });
  const session = await InferenceSession.create(bytes);
  const { y } = await session.run({ x: new Tensor("float32", x, shape) });
  return { data: [...(y!.data as Float32Array)], dims: y!.dims };
}

const X = Float32Array.of(1, 2, 3, 4, 5, 6);

describe("onnxBytes", () => {
  it("writes a file that onnxruntime reads, with names for the lengths that vary", async () => {
    const bytes = onnxBytes({
      name: "sizes",
      opset: 17,
      inputs: [{ name: "x", type: "float", shape: ["batch", 3] }],
      outputs: [{ name: "y", type: "float", shape: ["batch", 3] }],
      constants: [],
      nodes: [{ op: "Identity", inputs: ["x"], outputs: ["y"] }],
    });
    const session = await InferenceSession.create(bytes);
    expect(session.inputMetadata).toMatchObject([{ name: "x", type: "float32", shape: ["batch", 3] }]);
    expect(session.outputNames).toEqual(["y"]);
  });

  it("writes whole, negative, fractional and listed attributes", async () => {
    expect((await run({ op: "Transpose", attributes: { perm: [1, 0] } }, X, [2, 3])).data).toEqual([1, 4, 2, 5, 3, 6]);
    const softmax = await run({ op: "Softmax", attributes: { axis: -1 } }, Float32Array.of(0, 0, 0, 0), [2, 2]);
    expect(softmax.data).toEqual([0.5, 0.5, 0.5, 0.5]);
    const leaky = await run(
      { op: "LeakyRelu", attributes: { alpha: { float: 0.25 } } },
      X.map((x) => -x),
      [6],
    );
    expect(leaky.data).toEqual([...X].map((x) => -x / 4));
  });

  it.each<[string, OnnxConstant, number[]]>([
    ["Add", { name: "c", shape: [3], data: Float32Array.of(0.5, -1, 300) }, [1.5, 1, 303, 4.5, 4, 306]],
    ["Reshape", { name: "c", shape: [2], data: BigInt64Array.of(3n, -1n) }, [...X]],
    ["Gather", { name: "c", shape: [2], data: Int32Array.of(1, 0) }, [4, 5, 6, 1, 2, 3]],
  ])("writes the constants of %s", async (op, constant, expected) => {
    expect((await run({ op }, X, [2, 3], [constant])).data).toEqual(expected);
  });

  it("writes constants longer than one byte of length, in part of a larger buffer", async () => {
    const data = Float32Array.from({ length: 5001 }, (_, i) => i).subarray(1);
    const { data: sum } = await run(
      { op: "Add" },
      new Float32Array(5000),
      [5000],
      [{ name: "c", shape: [5000], data }],
    );
    expect(sum).toEqual([...data]);
  });
});
