import { describe, expect, it } from "vitest";
import { WriteBehind } from "./write-behind.ts";

function write() {
  let done = (): void => undefined;
  let fail = (_: Error): void => undefined;
  const promise = new Promise<void>((resolve, reject) => {
    done = resolve;
    fail = reject;
  });
  return { promise, done, fail };
}

describe("WriteBehind", () => {
  it("waits only while more are unwritten than may be", async () => {
    const behind = new WriteBehind(2);
    const [a, b, c] = [write(), write(), write()];
    await behind.add(a.promise);
    await behind.add(b.promise);
    let through = false;
    const third = behind.add(c.promise).then(() => {
      through = true;
    });
    await new Promise(setImmediate);
    expect(through).toBe(false);
    b.done();
    await third;
    a.done();
    c.done();
    await behind.settle();
  });

  it("throws what a write failed with, at the next one or at the end", async () => {
    const behind = new WriteBehind(5);
    const [a, b] = [write(), write()];
    await behind.add(a.promise);
    a.fail(new Error("disk full"));
    await new Promise(setImmediate);
    b.done();
    await expect(behind.add(b.promise)).rejects.toThrow("disk full");
    await expect(behind.settle()).rejects.toThrow("disk full");
  });
});
