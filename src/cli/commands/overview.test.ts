import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { COMMANDS } from "./index.ts";
import { FIRST_STEPS, OVERVIEW } from "./overview.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));

it("has each command once, by a summary of one line", () => {
  expect(new Set(OVERVIEW.map(({ name }) => name)).size).toBe(OVERVIEW.length);
  expect(OVERVIEW.filter(({ summary }) => !/^[^\n]{10,120}[^.\s]$/.test(summary))).toEqual([]);
});

it("loads a command of its own under each name, and forgets none that has a file", async () => {
  const files = readdirSync(HERE).filter(
    (file) => file.endsWith(".ts") && !/\.test\.ts$|^index\.ts$|^overview\.ts$/.test(file),
  );
  const specs = await Promise.all(
    files.map(async (file) => Object.values((await import(`./${file}`)) as object).filter(isCommand)),
  );
  const runs = COMMANDS.map(({ run }) => run);
  expect(new Set(runs).size).toBe(runs.length);
  expect(new Set(specs.flat().map(({ run }) => run))).toEqual(new Set(runs));
});

it("begins with examples of the commands", () => {
  expect(COMMANDS.flatMap(({ examples }) => examples)).toEqual(expect.arrayContaining([...FIRST_STEPS]));
});

function isCommand(exported: unknown): exported is { readonly run: unknown } {
  return typeof exported === "object" && exported !== null && "run" in exported && "examples" in exported;
}
