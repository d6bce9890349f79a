import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openPassageStore } from "./passage-store.ts";
import { tempDataset } from "./testing/temp-dataset.ts";

const TINY = fileURLToPath(new URL("../../fixtures/datasets/tiny", import.meta.url));

describe("openPassageStore", () => {
  it("gives passages in the order of the ids, undefined where there is none", async () => {
    const store = await openPassageStore({ dir: TINY });
    const found = await store.get(["fees-2", "nothing", "tides-1", "fees-2", "__proto__"]);
    await store.close();
    expect(store.size).toBe(4);
    expect(found.map((p) => p?.id)).toEqual(["fees-2", undefined, "tides-1", "fees-2", undefined]);
    expect(found[2]).toMatchObject({ title: "Tides 🌊", document: "harbour/tides", start: 11, end: 135 });
  });

  it("finds every passage of any corpus, with a byte-order mark, CRLF, empty lines and long rows", async () => {
    const text = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.integer({ min: 4000, max: 40_000 }).map((n) => "é".repeat(n)),
    );
    const corpus = fc.uniqueArray(fc.record({ _id: fc.string({ unit: "grapheme", minLength: 1 }), text }), {
      selector: (row) => row._id,
      maxLength: 8,
    });
    const form = fc.record({ mark: fc.boolean(), newline: fc.constantFrom("\n", "\r\n", "\n\n"), last: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(corpus, form, async (rows, { mark, newline, last }) => {
        const body = rows.map((row) => JSON.stringify(row)).join(newline);
        const dir = await tempDataset({ "corpus.jsonl": `${mark ? "\ufeff" : ""}${body}${last ? newline : ""}` });
        const store = await openPassageStore({ dir });
        const found = await store.get(rows.map((row) => row._id).reverse());
        await store.close();
        expect(found.map((p) => p?.text).reverse()).toEqual(rows.map((row) => row.text));
      }),
      { numRuns: 40 },
    );
  });

  it("refuses a corpus with an id twice, naming the place", async () => {
    const row = { _id: "a", text: "x" };
    const dir = await tempDataset({ "corpus.jsonl": [row, { _id: "b", text: "" }, row] });
    await expect(openPassageStore({ dir })).rejects.toMatchObject({
      problems: [{ code: "E_DATASET_DUPLICATE", where: `${dir}/corpus.jsonl:3 /_id`, got: '"a" a second time' }],
    });
  });

  it("refuses a corpus with a bad row", async () => {
    const dir = await tempDataset({ "corpus.jsonl": '{"_id":"a","text":"x"}\n{"_id":"b","te' });
    await expect(openPassageStore({ dir })).rejects.toMatchObject({ code: "E_DATASET_JSON" });
  });

  it("says when there is no corpus", async () => {
    const dir = await tempDataset({});
    await expect(openPassageStore({ dir })).rejects.toMatchObject({ code: "E_DATASET_FILE" });
  });
});
