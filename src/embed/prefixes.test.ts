import { describe, expect, it } from "vitest";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { choosePrefixes, readPrefixes } from "./prefixes.ts";

const read = async (config: unknown) =>
  readPrefixes(await tempFolder({ "config_sentence_transformers.json": JSON.stringify(config) }));

describe("readPrefixes", () => {
  it.each([
    [{ prompts: { query: "query: ", passage: "passage: " } }, { query: "query: ", passage: "passage: " }],
    [{ prompts: { query: "q ", document: "d " } }, { query: "q ", passage: "d " }],
    [{ prompts: { query: "q ", passage: "p ", document: "d " } }, { query: "q ", passage: "p " }],
    [
      { prompts: { a: "x ", query: "q " }, default_prompt_name: "a" },
      { query: "q ", passage: "x " },
    ],
    [
      { prompts: { query: "", a: "x " }, default_prompt_name: "a" },
      { query: "", passage: "x " },
    ],
    [
      { prompts: { a: "x " }, default_prompt_name: null },
      { query: "", passage: "" },
    ],
    [
      { prompts: { query: 5 }, default_prompt_name: "__proto__" },
      { query: "", passage: "" },
    ],
    [{ prompts: null }, { query: "", passage: "" }],
    [{}, { query: "", passage: "" }],
  ])("of %j", async (config, expected) => {
    expect(await read(config)).toEqual(expected);
  });

  it("of a folder without the file are none, and of a broken one an error", async () => {
    expect(await readPrefixes(await tempFolder())).toEqual({ query: "", passage: "" });
    await expect(read([])).rejects.toMatchObject({ code: "E_ENCODER_CONFIG" });
  });
});

describe("choosePrefixes", () => {
  const model = { query: "q: ", passage: "p: " };
  it.each([
    [undefined, model, model],
    [{}, undefined, { query: "", passage: "" }],
    [{ query: "own " }, model, { query: "own ", passage: "p: " }],
    [{ query: "", passage: undefined }, model, { query: "", passage: "p: " }],
  ])("of the user's %j and the model's %j are %j", (own, from, expected) => {
    expect(choosePrefixes(own as Parameters<typeof choosePrefixes>[0], from)).toEqual(expected);
  });
});
