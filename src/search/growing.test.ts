import { describe, expect, it } from "vitest";
import { Growing } from "./growing.ts";

const filled = (n: number): Growing<Uint32Array> => {
  const list = new Growing((length) => new Uint32Array(length));
  for (let i = 0; i < n; i += 1) list.push(i);
  return list;
};

describe("Growing", () => {
  it.each([0, 1, 1023, 1024, 1025, (1 << 20) + 1024, (1 << 20) + 1025])(
    "take gives back all of %d numbers in order",
    (n) => {
      const list = filled(n);
      expect(list.length).toBe(n);
      const all = list.take();
      expect(all.length).toBe(n);
      expect(all.every((value, at) => value === at)).toBe(true);
    },
  );

  it("is empty and usable again after take", () => {
    const list = filled(3000);
    list.take();
    expect(list.length).toBe(0);
    list.push(7);
    expect([...list.take()]).toEqual([7]);
  });

  it("two lists of the same length drain in blocks of the same size", () => {
    const sizes = (list: Growing<Uint32Array>): number[] => [...list.drain()].map((block) => block.length);
    expect(sizes(filled(5000))).toEqual(sizes(filled(5000)));
  });
});
