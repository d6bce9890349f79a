import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KEY_BYTES, KeyTable } from "./key-table.ts";

/** A key of few different bytes, so that places collide. */
const key = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: KEY_BYTES, maxLength: KEY_BYTES });

describe("KeyTable", () => {
  it("finds what a Map finds, with keys that share their place and keys that come again", () => {
    fc.assert(
      fc.property(fc.array(key, { maxLength: 200 }), fc.array(key, { maxLength: 20 }), (added, asked) => {
        const table = new KeyTable();
        const map = new Map<string, number>();
        for (const [row, bytes] of added.entries()) {
          table.add(Uint8Array.from(bytes));
          map.set(bytes.join(), row);
        }
        expect(table.size).toBe(added.length);
        for (const bytes of [...added, ...asked]) {
          expect(table.find(Uint8Array.from(bytes))).toBe(map.get(bytes.join()) ?? -1);
        }
      }),
    );
  });

  it("keeps 4,000 keys that all begin alike apart while it grows", () => {
    const table = new KeyTable();
    const bytes = new Uint8Array(KEY_BYTES);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < 4_000; i += 1) {
      view.setUint32(0, i & 0xfff);
      view.setUint32(8, i);
      table.add(bytes);
    }
    for (let i = 0; i < 4_000; i += 7) {
      view.setUint32(0, i & 0xfff);
      view.setUint32(8, i);
      expect(table.find(bytes)).toBe(i);
    }
  });
});
