import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { isFiniteVector, normalize, type Pooling, pool, readPooling } from "./pooling.ts";

// Two texts of two dimensions: three tokens, and two with one of padding.
const HIDDEN = Float32Array.of(1, 10, 2, 20, 6, 60, 4, 40, 8, 80, 99, 99);

describe("pool", () => {
  it.each<[Pooling, number[], number[]]>([
    ["mean", [3, 30], [6, 60]],
    ["cls", [1, 10], [4, 40]],
    ["last", [6, 60], [8, 80]],
  ])("%s reads a text's own tokens and no padding", (pooling, first, second) => {
    const into = new Float32Array(2);
    pool(pooling, HIDDEN, 0, 3, into);
    expect([...into]).toEqual(first);
    pool(pooling, HIDDEN, 6, 2, into);
    expect([...into]).toEqual(second);
  });
});

describe("normalize", () => {
  it("gives length 1 and keeps the direction, and leaves zeros alone", () => {
    fc.assert(
      fc.property(fc.float32Array({ minLength: 1, maxLength: 9, min: -1000, max: 1000, noNaN: true }), (v) => {
        fc.pre(Math.hypot(...v) > 1e-3);
        const unit = v.slice();
        normalize(unit);
        expect(Math.hypot(...unit)).toBeCloseTo(1, 5);
        const size = Math.hypot(...v);
        for (const [i, x] of unit.entries()) expect(x * size).toBeCloseTo(v[i]!, 3);
      }),
    );
    const zeros = new Float32Array(3);
    normalize(zeros);
    expect([...zeros]).toEqual([0, 0, 0]);
  });
});

describe("isFiniteVector", () => {
  it.each([
    [[1, -0, 3e38], true],
    [[], true],
    [[1, Number.NaN], false],
    [[Number.NEGATIVE_INFINITY], false],
  ])("of %j is %s", (numbers, expected) => {
    expect(isFiniteVector(Float32Array.from(numbers))).toBe(expected);
  });
});

describe("readPooling", () => {
  const read = async (config: unknown) => readPooling(await tempFolder({ "config.json": JSON.stringify(config) }));

  it.each([
    [
      { pooling_mode_mean_tokens: true, pooling_mode_cls_token: false },
      { pooling: "mean", includePrompt: true },
    ],
    [
      { pooling_mode_lasttoken: true, include_prompt: false },
      { pooling: "last", includePrompt: false },
    ],
    [
      { pooling_mode: "cls", pooling_mode_mean_tokens: true },
      { pooling: "cls", includePrompt: true },
    ],
    [{ pooling_mode: ["lasttoken"] }, { pooling: "last", includePrompt: true }],
  ])("reads %j", async (config, expected) => {
    expect(await read(config)).toEqual(expected);
  });

  it.each([
    [{}, "got none"],
    [{ pooling_mode: [] }, "got none"],
    [{ pooling_mode: null }, "got null"],
    [{ pooling_mode: "weightedmean" }, 'got "weightedmean"'],
    [{ pooling_mode: ["mean", "cls"] }, 'got "mean" and "cls"'],
    [{ pooling_mode_mean_tokens: "yes" }, "got none"],
    [{ pooling_mode_max_tokens: true, pooling_mode_mean_tokens: true }, "and"],
  ])("refuses %j", async (config, got) => {
    await expect(read(config)).rejects.toMatchObject({ code: "E_ENCODER_POOLING" });
    await expect(read(config)).rejects.toThrow(got);
  });
});
