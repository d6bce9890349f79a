import { describe, expect, it } from "vitest";
import { WriteBehind } from "./write-behind.ts";

function piece() {
  let done = (): void => undefined;
  let fail = (_: Error): void => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    done = resolve;
    fail = reject;
  });
  return { work: () => ended, done: () => done(), fail: (error: Error) => fail(error) };
}

/** Lets all that waits have its turn. */
async function turns(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await new Promise(setImmediate);
}

describe("WriteBehind", () => {
  it("does nothing before whoever brings work goes on, then all of it in order", async () => {
    const behind = new WriteBehind(100);
    const begun: number[] = [];
    for (let i = 0; i < 50; i += 1) {
      await behind.add(async () => {
        begun.push(i);
      });
    }
    expect(begun).toEqual([]);
    await behind.settle();
    expect(begun).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  it("waits only while more is undone than may be", async () => {
    const behind = new WriteBehind(2);
    const [a, b, c] = [piece(), piece(), piece()];
    await behind.add(a.work);
    await behind.add(b.work);
    let through = false;
    const third = behind.add(c.work).then(() => {
      through = true;
    });
    await turns();
    expect(through).toBe(false);
    b.done();
    await third;
    a.done();
    c.done();
    await behind.settle();
  });

  it("throws what a piece failed with, at the next one or at the end, and does the others nevertheless", async () => {
    const behind = new WriteBehind(5);
    const a = piece();
    await behind.add(a.work);
    await turns();
    a.fail(new Error("disk full"));
    await turns();
    let done = false;
    const next = behind.add(async () => {
      done = true;
    });
    await expect(next).rejects.toThrow("disk full");
    await expect(behind.settle()).rejects.toThrow("disk full");
    expect(done).toBe(true);
  });

  it("tells of an error in making a piece as of one in doing it", async () => {
    const behind = new WriteBehind(0);
    const made = behind.add(() => {
      throw new Error("a defect");
    });
    await expect(made).rejects.toThrow("a defect");
  });
});
