import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { collect } from "../testing/temp-dataset.ts";
import { orderedMap } from "./ordered-map.ts";

describe("orderedMap", () => {
  it("gives results in the order of the items, however long each takes", async () => {
    const slow = [20, 0, 10, 0, 5];
    expect(await collect(orderedMap(slow, 3, (ms) => wait(ms, ms)))).toEqual(slow);
  });

  it("runs as many calls as told at a time, and takes no further items", async () => {
    let running = 0;
    let most = 0;
    let taken = 0;
    function* items() {
      for (; taken < 20; ) yield taken++;
    }
    const results = orderedMap(items(), 4, async (item) => {
      most = Math.max(most, ++running);
      await wait(1);
      running -= 1;
      return item;
    });
    await results.next();
    expect(taken).toBeLessThanOrEqual(5);
    expect((await collect(results)).length).toBe(19);
    expect(most).toBe(4);
  });

  it("fails in the turn of the call that failed", async () => {
    const results = orderedMap([1, 2, 3], 3, async (n) => {
      if (n === 2) throw new Error("two");
      return n;
    });
    expect((await results.next()).value).toBe(1);
    await expect(results.next()).rejects.toThrow("two");
  });
});
