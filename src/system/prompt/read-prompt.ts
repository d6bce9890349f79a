import { readFile } from "node:fs/promises";
import type { System } from "../../config/resolved.ts";
import { DataError } from "../../core/errors.ts";
import { writtenValue } from "../build-context.ts";
import { besideSystem, placeOf } from "../named-file.ts";
import { compilePrompt, type Prompt, showsHistory } from "./prompt.ts";

export interface PromptOptions {
  /** The file, relative to the system's; undefined for the built-in one. */
  readonly file: string | undefined;
  readonly builtIn: string;
  /** Where the file's name stands: `/generator/prompt`. */
  readonly pointer: string;
  /** Whether the prompt is meant to show what was said before. */
  readonly history: boolean;
}

/**
 * Reads and compiles the prompt that a part of a system names.
 * @throws DataError (E_PROMPT) when the file cannot be read or used, or leaves out the history that it should show
 */
export async function readPrompt(system: System, options: PromptOptions): Promise<Prompt> {
  const { file, builtIn, pointer, history } = options;
  if (file === undefined) return compilePrompt(builtIn, "the built-in prompt");
  const where = placeOf(system, pointer);
  const name = writtenValue(system, pointer) ?? file;
  const template = await readFile(besideSystem(system, file), "utf8").catch((error: NodeJS.ErrnoException) => {
    const got = error.code ?? "an unknown error";
    const fix = "check the path, relative to the system file";
    throw new DataError([{ code: "E_PROMPT", where, expected: `a readable file ${name}`, got, fix }]);
  });
  const prompt = compilePrompt(template, name);
  if (!history || showsHistory(template)) return prompt;
  const expected = "a prompt that shows what was said before, as history is put by the prompt";
  const fix = "add {{#each history}}{{role}}: {{content}}{{/each}}, or write history: none";
  throw new DataError([{ code: "E_PROMPT", where: name, expected, got: "one without {{#each history}}", fix }]);
}
