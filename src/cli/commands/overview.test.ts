import { expect, it } from "vitest";
import { COMMANDS } from "./index.ts";
import { FIRST_STEPS, OVERVIEW } from "./overview.ts";

it("has every command in the order of the table, by its own summary", () => {
  const shown = OVERVIEW.map(({ name, summary }) => ({ name, summary }));
  expect(shown).toEqual(COMMANDS.map(({ name, summary }) => ({ name, summary })));
});

it("loads the command that it names", async () => {
  expect(await Promise.all(OVERVIEW.map(({ load }) => load()))).toEqual(COMMANDS);
});

it("begins with examples of the commands", () => {
  expect(COMMANDS.flatMap(({ examples }) => examples)).toEqual(expect.arrayContaining([...FIRST_STEPS]));
});
