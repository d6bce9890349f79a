import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Content, collect, tempDataset } from "../testing/temp-dataset.ts";
import { jsonItems } from "./json-items.ts";

async function items(content: Content): Promise<unknown[]> {
  const dir = await tempDataset({ "a.json": content });
  return (await collect(jsonItems(`${dir}/a.json`))).map(({ text }) => JSON.parse(text));
}

describe("jsonItems", () => {
  it("gives the items that JSON.parse gives, however they are written", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue()), fc.nat(3), async (values, indent) => {
        expect(await items(` ${JSON.stringify(values, null, indent)}\n`)).toEqual(JSON.parse(JSON.stringify(values)));
      }),
      { numRuns: 40 },
    );
  });

  it("keeps an item whole that stands in several pieces of the file", async () => {
    const long = [{ text: `[{"\\é`.repeat(200_000) }, "next"];
    expect(await items(JSON.stringify(long))).toEqual(long);
  });

  it.each([
    ["cut in an item", '[1, {"a": ', "/1", "a JSON array with its closing bracket"],
    ["cut in text", '[1, "]', "/1", "a JSON array with its closing bracket"],
    ["text after it", "[1] x", "/0", "the end of the file after the array"],
    ["a second array", "[1][2]", "/0", "the end of the file after the array"],
    ["another bracket at the end", "[1}", "/0", "the array's closing bracket"],
    ["a bomb of nesting", "[".repeat(1_000_000), "/0", "brackets at most 256 deep"],
    ["bytes that are not UTF-8", Buffer.from('["caf\xe9"]', "latin1"), "/0", "UTF-8 text"],
  ])("refuses %s", async (_name, content, where, expected) => {
    const reading = items(content);
    await expect(reading).rejects.toMatchObject({ code: "E_IMPORT_JSON", problems: [{ expected }] });
    await expect(reading).rejects.toThrow(`a.json ${where} (`);
  });
});
