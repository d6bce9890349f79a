import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const SRC = fileURLToPath(new URL("..", import.meta.url));

/** What a file brings along before any of it runs: imports of types vanish, `import()` waits. */
function startImports(file: string): string[] {
  const code = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  return [...code.matchAll(/^(?:import|export)\s+(?!type\s)(?:([^"';]*?)\s*from\s+)?"([^"]+)";/gm)]
    .filter(([, names]) => !/^\{(?:\s*type\s[^,}]+,?)+\s*\}$/.test(names ?? ""))
    .map(([, , from]) => from!);
}

function closure(entry: string): { files: Set<string>; packages: Set<string> } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    for (const from of startImports(file)) {
      if (from.startsWith(".")) visit(join(dirname(file), from));
      else if (!from.startsWith("node:")) packages.add(from);
    }
  };
  visit(entry);
  return { files, packages };
}

it("reads no schema, template, metric or statistic before a command runs, so that help comes at once", () => {
  const { files, packages } = closure(join(SRC, "cli/main.ts"));
  expect([...packages].sort()).toEqual(["commander"]);
  const folders = [...files].map((file) => relative(SRC, dirname(file)));
  expect([...new Set(folders)].sort()).toEqual(["cli", "cli/commands", "cli/terminal", "core", "lib", "runlog"]);
  expect(files.size).toBeLessThan(20);
});

it("sees imports as they are: a command that runs brings schemas along", () => {
  expect([...closure(join(SRC, "cli/run/run-systems.ts")).packages]).toEqual(expect.arrayContaining(["ajv", "yaml"]));
});

it("loads encoders, clients of servers and prompts only for systems that have them", () => {
  expect([...closure(join(SRC, "system/index.ts")).packages]).toEqual(["csv-parse"]);
});
