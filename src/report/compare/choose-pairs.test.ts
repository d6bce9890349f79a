import { describe, expect, it } from "vitest";
import type { Run } from "../../runlog/index.ts";
import { choosePairs } from "./choose-pairs.ts";

const run = (name: string): Run => ({ dir: name, state: "complete", manifest: { run: name } as Run["manifest"] });
const group = (ranked: number, superseded: readonly string[] = []) => ({
  protocol: "p",
  differs: [],
  ranked: Array.from({ length: ranked }, (_, i) => run(`r${i}`)),
  superseded: superseded.map(run),
  interrupted: [],
});
const names = (pairs: ReturnType<typeof choosePairs>) =>
  pairs.map(({ baseline, candidate }) => `${baseline.manifest.run} ${candidate.manifest.run}`);

describe("choosePairs", () => {
  it("takes every pair of up to 12 systems once, the earlier run as the baseline", () => {
    expect(names(choosePairs(group(3)))).toEqual(["r2 r1", "r2 r0", "r1 r0"]);
    expect(choosePairs(group(12))).toHaveLength(66);
    expect(choosePairs(group(1))).toEqual([]);
    expect(choosePairs(group(0))).toEqual([]);
  });

  it("of more takes each with the best, or with the newest where none is best", () => {
    const pairs = names(choosePairs(group(13), "r5"));
    expect(pairs).toHaveLength(12);
    expect(pairs.every((pair) => pair.startsWith("r5 "))).toBe(true);
    expect(names(choosePairs(group(13)))[0]).toBe("r0 r1");
  });

  it("takes all with a pinned run besides, in that direction, and an older run of a system too", () => {
    expect(names(choosePairs(group(3), undefined, "r1"))).toEqual(["r1 r0", "r1 r2", "r2 r0"]);
    expect(names(choosePairs(group(2, ["old"]), undefined, "old"))).toEqual(["old r0", "old r1", "r1 r0"]);
    expect(choosePairs(group(13), "r0", "r1")).toHaveLength(23);
    expect(choosePairs(group(2), undefined, "elsewhere")).toHaveLength(1);
  });
});
