import { describe, expect, it } from "vitest";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { idOf, TOKENIZER } from "./testing/tiny-encoder.ts";
import { TextTokenizer } from "./text-tokenizer.ts";

async function open(changes: object = {}, config?: object): Promise<TextTokenizer> {
  const files: Record<string, string> = { "tokenizer.json": JSON.stringify({ ...TOKENIZER, ...changes }) };
  if (config) files["tokenizer_config.json"] = JSON.stringify(config);
  return TextTokenizer.open(await tempFolder(files));
}

const ids = (...tokens: readonly string[]): number[] => tokens.map(idOf);

/** A template of special tokens around a text. */
function template(before: readonly string[], after: readonly string[]) {
  const special = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
  return {
    post_processor: {
      ...TOKENIZER.post_processor,
      single: [...before.map(special), { Sequence: { id: "A", type_id: 0 } }, ...after.map(special)],
    },
  };
}

describe("a tokenizer", () => {
  it("ignores the truncation and padding that its file carries", async () => {
    const { ids: found, truncated } = (await open()).encode("red green blue cat dog", 100);
    expect(found).toEqual(ids("[CLS]", "red", "green", "blue", "cat", "dog", "[SEP]"));
    expect(truncated).toBe(false);
  });

  it.each([
    [["[CLS]"], ["[SEP]"], 4, ["[CLS]", "red", "green", "[SEP]"]],
    [["[CLS]"], [], 4, ["[CLS]", "red", "green", "blue"]],
    [[], ["[SEP]"], 4, ["red", "green", "blue", "[SEP]"]],
    [["[CLS]"], ["[SEP]", "[SEP]"], 4, ["[CLS]", "red", "[SEP]", "[SEP]"]],
    [[], [], 2, ["red", "green"]],
    [["[CLS]"], ["[SEP]"], 1, ["[SEP]"]],
  ])("of %j, text and %j cut to %i tokens keeps the last special ones", async (before, after, most, expected) => {
    const tokenizer = await open(template(before, after));
    expect(tokenizer.encode("red green blue cat dog", most)).toEqual({ ids: ids(...expected), truncated: true });
  });

  it("cuts nothing from a text of just the limit", async () => {
    const tokenizer = await open();
    expect(tokenizer.encode("red green", 4)).toEqual({ ids: ids("[CLS]", "red", "green", "[SEP]"), truncated: false });
    expect(tokenizer.encode("red green", 3)).toEqual({ ids: ids("[CLS]", "red", "[SEP]"), truncated: true });
  });

  it("gives words it lacks the unknown token, even where tokenizer_config.json names none or an object", async () => {
    for (const config of [undefined, {}, { unk_token: { content: "[UNK]" } }]) {
      const tokenizer = await open({}, config);
      expect(tokenizer.encodeBare("red __proto__ never")).toEqual(
        ids("red").concat(Array(tokenizer.encodeBare("__proto__ never").length).fill(idOf("[UNK]"))),
      );
      expect(tokenizer.unknownId).toBe(idOf("[UNK]"));
    }
  });

  it("leaves out words it lacks where it has no unknown token", async () => {
    const tokenizer = await open({ model: { ...TOKENIZER.model, unk_token: null } });
    expect(tokenizer.encodeBare("red never dog")).toEqual(ids("red", "dog"));
    expect(tokenizer.unknownId).toBeUndefined();
  });

  it.each([
    ["no tokenizer.json", {}],
    ["one that is no JSON", { "tokenizer.json": "{" }],
    ["an array", { "tokenizer.json": "[]" }],
    ["nothing in it", { "tokenizer.json": "{}" }],
    ["a broken tokenizer_config.json", { "tokenizer.json": JSON.stringify(TOKENIZER), "tokenizer_config.json": "x" }],
  ])("of a folder with %s is refused", async (_, files) => {
    await expect(tempFolder(files).then((folder) => TextTokenizer.open(folder))).rejects.toMatchObject({
      name: "DataError",
      code: "E_ENCODER_TOKENIZER",
    });
  });
});
