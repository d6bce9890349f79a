import { onnxBytes } from "../embed/onnx-model.ts";

/**
 * The ONNX graph of exact search: `scores` and `rows` of the `k` rows of `vectors` with the largest inner product with each
 * of the `queries`, best first. Of equal scores TopK puts the smaller row first.
 */
export function exactGraph(dimensions: number): Uint8Array {
  const best = ["queries", "k"];
  return onnxBytes({
    name: "exact",
    opset: 17,
    inputs: [
      { name: "queries", type: "float", shape: ["queries", dimensions] },
      { name: "vectors", type: "float", shape: ["vectors", dimensions] },
      { name: "k", type: "int64", shape: [1] },
    ],
    outputs: [
      { name: "scores", type: "float", shape: best },
      { name: "rows", type: "int64", shape: best },
    ],
    constants: [],
    nodes: [
      { op: "Gemm", inputs: ["queries", "vectors"], outputs: ["products"], attributes: { transB: 1 } },
      {
        op: "TopK",
        inputs: ["products", "k"],
        outputs: ["scores", "rows"],
        attributes: { axis: -1, largest: 1, sorted: 1 },
      },
    ],
  });
}
