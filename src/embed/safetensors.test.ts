import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { float16Bits, Safetensors } from "./safetensors.ts";
import { safetensors } from "./testing/safetensors.ts";

async function open(bytes: Uint8Array | string): Promise<Safetensors> {
  return Safetensors.open(`${await tempFolder({ "m.safetensors": bytes })}/m.safetensors`);
}

describe("safetensors", () => {
  it.each([
    ["F32", Float32Array.of(1, -2.5, 3e-40, 65504)],
    // 1, -2.5, the smallest subnormal, the largest number
    ["F16", Uint16Array.of(0x3c00, 0xc100, 0x0001, 0x7bff)],
    ["BF16", Uint16Array.of(0x3f80, 0xc020, 0x0080, 0x477f)],
  ])("reads %s", async (dtype, data) => {
    const file = await open(safetensors({ other: ["F32", [1], Float32Array.of(7)], x: [dtype, [2, 2], data] }));
    const { shape, data: read } = await file.read("x");
    await file.close();
    expect(shape).toEqual([2, 2]);
    expect([...read]).toEqual(
      {
        F32: [1, -2.5, Math.fround(3e-40), 65504],
        F16: [1, -2.5, 2 ** -24, 65504],
        BF16: [1, -2.5, 2 ** -126, 65280],
      }[dtype],
    );
  });

  it("widens every 16-bit float to the 32-bit float that equals it", () => {
    const view = new DataView(new ArrayBuffer(4));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff }), (half) => {
        view.setUint32(0, float16Bits(half));
        const [sign, exponent, fraction] = [half >> 15 ? -1 : 1, (half >> 10) & 31, half & 1023];
        const size =
          exponent === 31
            ? fraction
              ? Number.NaN
              : Number.POSITIVE_INFINITY
            : exponent === 0
              ? fraction * 2 ** -24
              : (1 + fraction / 1024) * 2 ** (exponent - 15);
        expect(view.getFloat32(0)).toBe(sign * size);
      }),
      { numRuns: 5000 },
    );
  });

  const good = Buffer.from(safetensors({ x: ["F32", [2], Float32Array.of(1, 2)] }));
  it.each([
    ["nothing", ""],
    ["half a header", good.subarray(0, 20)],
    ["half a tensor", good.subarray(0, good.length - 1)],
    ["a header that is no JSON", Buffer.concat([Buffer.from([4, 0, 0, 0, 0, 0, 0, 0]), Buffer.from("nope")])],
    ["a tensor that is null", Buffer.concat([Buffer.from([10, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('{"x":null}')])],
    ["a length beyond everything", Buffer.alloc(16, 255)],
    ["a shape that does not fit", safetensors({ x: ["F32", [3], Float32Array.of(1, 2)] })],
    ["a shape that is none", safetensors({ x: ["F32", [-1] as number[], Float32Array.of(1, 2)] })],
  ])("refuses %s", async (_, bytes) => {
    await expect(open(bytes)).rejects.toMatchObject({ name: "DataError", code: "E_ENCODER_WEIGHTS" });
  });

  it("refuses whole numbers and names that are not there, however they are called", async () => {
    const file = await open(safetensors({ x: ["I8", [4], Float32Array.of(1)] }));
    await expect(file.read("x")).rejects.toThrow('got "I8"');
    await expect(file.read("__proto__")).rejects.toMatchObject({ code: "E_ENCODER_WEIGHTS" });
    await file.close();
  });
});
