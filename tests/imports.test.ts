import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const SRC = fileURLToPath(new URL("../src", import.meta.url));

/**
 * Which folder of `src` may import which others, itself aside. A folder that is not in the table may not exist, and one
 * that is may wait for its first file. Types count as imports: who knows a type depends on it. Tests, and the helpers of
 * tests in `testing/`, may import what they need; nobody else may import those helpers.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  core: ["lib"],
  stats: ["core", "lib"],
  metric: ["core", "lib", "stats"],
  config: ["core", "lib", "metric"],
  dataset: ["core", "lib", "config"],
  runlog: ["core", "lib", "config"],
  embed: ["core", "lib", "config"],
  search: ["core", "lib", "embed"],
  system: ["core", "lib", "config", "embed", "search"],
  judge: ["core", "lib", "config", "metric", "stats", "runlog"],
  run: ["core", "lib", "config", "dataset", "metric", "system", "judge", "runlog"],
  // Both work from run folders alone: neither `run` nor `system`.
  gate: ["core", "lib", "config", "metric", "stats", "runlog"],
  report: ["core", "lib", "metric", "stats", "runlog", "gate"],
  people: ["core", "lib", "config", "runlog", "stats", "system"],
  synth: ["core", "lib", "config", "dataset", "search", "system"],
  train: ["core", "lib", "config", "dataset", "embed", "search", "system", "stats"],
};
/** They may import every folder; nothing imports them. */
const TOP: readonly string[] = ["cli", "index.ts"];

/** Folders that may know another by its types only. */
const TYPES_ONLY: ReadonlyMap<string, readonly string[]> = new Map([["report", ["gate"]]]);

/** What belongs to the outside world and is a parameter everywhere but in `cli`. */
const OUTSIDE_WORLD: readonly (readonly [name: string, pattern: RegExp])[] = [
  // A parameter may be called `process`.
  ["process.*", /^(?![\s\S]*[(,]\s*process:)[\s\S]*\bprocess\s*\.|from\s+"(?:node:)?process"/],
  ["Date.now()", /\bDate\s*\.\s*now\b/],
  ["new Date()", /\bnew\s+Date\s*\(\s*\)/],
  ["Math.random()", /\bMath\s*\.\s*random\b/],
  ["console.*", /\bconsole\s*\./],
];

const MOST_LINES = 400;

interface Source {
  /** Path below `src`, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly folder: string;
  readonly test: boolean;
}

const sources: readonly Source[] = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
  .map((entry) => {
    const file = join(entry.parentPath, entry.name);
    const path = relative(SRC, file).split(sep).join("/");
    const test = path.endsWith(".test.ts") || path.includes("/testing/");
    return { path, text: readFileSync(file, "utf8"), folder: path.split("/")[0]!, test };
  });
const code = sources.filter((source) => !source.test);

interface Import {
  /** Path below `src` that is imported. */
  readonly to: string;
  readonly typeOnly: boolean;
}

/** Comments out, strings kept: a path in a comment is no import, and a `//` in a string no comment. */
function withoutComments(text: string): string {
  return text.replace(
    /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    (_, quoted: string | undefined) => quoted ?? " ",
  );
}

/** The relative imports of a file: static, re-exporting and dynamic ones. */
function importsOf({ path, text }: Source): Import[] {
  const pattern =
    /\b(?:import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\sfrom\s*)?"(\.[^"]+)"|\bimport\s*\(\s*"(\.[^"]+)"\s*\)/g;
  return [...withoutComments(text).matchAll(pattern)].map(([statement, type, fixed, dynamic]) => ({
    to: join(dirname(path), (fixed ?? dynamic)!)
      .split(sep)
      .join("/"),
    typeOnly: type !== undefined || onlyTypes(statement),
  }));
}

/** `import { type A, type B } from …` imports nothing at run time. */
function onlyTypes(statement: string): boolean {
  const names = /\{([^}]*)\}/.exec(statement)?.[1];
  return names?.split(",").every((name) => name.trim() === "" || name.trim().startsWith("type ")) ?? false;
}

function folderOf(path: string): string {
  return path.split("/")[0]!;
}

describe("the reader of imports", () => {
  const source = (text: string): Source => ({ path: "gate/x.ts", text, folder: "gate", test: false });

  it.each([
    ['import { a } from "../core/a.ts";', [{ to: "core/a.ts", typeOnly: false }]],
    ['import type { A } from "../core/a.ts";', [{ to: "core/a.ts", typeOnly: true }]],
    ['import {\n  type A,\n  type B,\n} from "./a.ts";', [{ to: "gate/a.ts", typeOnly: true }]],
    ['import { type A, b } from "./a.ts";', [{ to: "gate/a.ts", typeOnly: false }]],
    ['export * from "../lib/a.ts";', [{ to: "lib/a.ts", typeOnly: false }]],
    ['export { a, type B } from "../lib/a.ts";', [{ to: "lib/a.ts", typeOnly: false }]],
    ['import * as a from "../lib/a.ts";', [{ to: "lib/a.ts", typeOnly: false }]],
    ['import a, { b } from "../lib/a.ts";', [{ to: "lib/a.ts", typeOnly: false }]],
    ['import "../lib/a.ts";', [{ to: "lib/a.ts", typeOnly: false }]],
    ['const a = await import("../cli/a.ts");', [{ to: "cli/a.ts", typeOnly: false }]],
    ['// import { a } from "../cli/a.ts";', []],
    ['/** import { a } from "../cli/a.ts"; */ const url = "http://x//y";', []],
    ['import { readFile } from "node:fs";', []],
  ])("%s", (text, expected) => {
    expect(importsOf(source(text))).toEqual(expected);
  });
});

describe("the import table", () => {
  it("has no cycle", () => {
    const done = new Set<string>();
    const visit = (folder: string, path: readonly string[]): void => {
      expect(path, `cycle ${[...path, folder].join(" → ")}`).not.toContain(folder);
      if (done.has(folder)) return;
      for (const next of MAY_IMPORT[folder] ?? []) visit(next, [...path, folder]);
      done.add(folder);
    };
    for (const folder of Object.keys(MAY_IMPORT)) visit(folder, []);
  });

  it("names every folder of src", () => {
    const folders = new Set(sources.map((source) => source.folder));
    expect([...folders].filter((folder) => !(folder in MAY_IMPORT) && !TOP.includes(folder))).toEqual([]);
  });

  it("is kept", () => {
    const broken: string[] = [];
    for (const source of code) {
      for (const { to, typeOnly } of importsOf(source)) {
        const target = folderOf(to);
        const may = TOP.includes(source.folder) ? Object.keys(MAY_IMPORT) : (MAY_IMPORT[source.folder] ?? []);
        const typesOnly = TYPES_ONLY.get(source.folder)?.includes(target) === true;
        if (target !== source.folder && !may.includes(target)) broken.push(`${source.path} imports ${to}`);
        else if (typesOnly && !typeOnly) broken.push(`${source.path} imports more than types from ${to}`);
      }
    }
    expect(broken).toEqual([]);
  });

  it("keeps the helpers of tests out of the program", () => {
    const broken = code.flatMap((source) =>
      importsOf(source)
        .filter(({ to }) => to.includes("/testing/") || to.endsWith(".test.ts"))
        .map(({ to }) => `${source.path} imports ${to}`),
    );
    expect(broken).toEqual([]);
  });
});

describe("folders side by side, at any depth", () => {
  /** The two folders that lie side by side where an import leaves one for the other. */
  const sidesOf = (from: string, to: string): readonly [string, string] | undefined => {
    const [a, b] = [dirname(from).split("/"), dirname(to).split("/")];
    const at = a.findIndex((name, i) => name !== b[i]);
    return at < 0 || at >= b.length ? undefined : [a.slice(0, at + 1).join("/"), b.slice(0, at + 1).join("/")];
  };

  it.each([
    ["report/cells/a.ts", "report/text/b.ts", ["report/cells", "report/text"]],
    ["report/cells/deep/a.ts", "report/text/b.ts", ["report/cells", "report/text"]],
    ["report/cells/a.ts", "stats/b.ts", ["report", "stats"]],
    ["report/cells/a.ts", "report/b.ts", undefined],
    ["report/a.ts", "report/text/b.ts", undefined],
    ["report/text/a.ts", "report/text/b.ts", undefined],
  ])("%s and %s", (from, to, expected) => {
    expect(sidesOf(from, to)).toEqual(expected);
  });

  it("never import each other", () => {
    const first = new Map<string, string>();
    for (const { path, ...source } of code) {
      for (const { to } of importsOf({ path, ...source })) {
        const sides = sidesOf(path, to);
        if (sides) first.set(sides.join(" "), `${path} imports ${to}`);
      }
    }
    const both = [...first].flatMap(([sides, how]) => {
      const back = first.get(sides.split(" ").reverse().join(" "));
      return back === undefined ? [] : [`${how}, ${back}`];
    });
    expect(both).toEqual([]);
  });
});

describe("the outside world", () => {
  it.each(OUTSIDE_WORLD)("%s is touched by cli alone", (_name, pattern) => {
    const broken = code
      .filter(({ folder, text }) => folder !== "cli" && pattern.test(withoutComments(text)))
      .map(({ path }) => path);
    expect(broken).toEqual([]);
  });
});

describe("files", () => {
  it(`have at most ${MOST_LINES} lines`, () => {
    const long = sources.map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }));
    expect(long.filter(({ lines }) => lines > MOST_LINES)).toEqual([]);
  });

  it("are named in kebab-case", () => {
    const odd = sources.map(({ path }) => path).filter((path) => !/^(?:[a-z0-9]+(?:[-./][a-z0-9]+)*)$/.test(path));
    expect(odd).toEqual([]);
  });

  it("called index.ts only list exports", () => {
    const more = code.filter(
      ({ path, text }) =>
        /(?:^|\/)index\.ts$/.test(path) &&
        !path.startsWith("cli/") &&
        !/^(?:\s*export\s+(?:type\s+)?(?:\*|\{[^}]*\})\s*from\s*"[^"]+";)*\s*$/.test(withoutComments(text)),
    );
    expect(more.map(({ path }) => path)).toEqual([]);
  });
});
