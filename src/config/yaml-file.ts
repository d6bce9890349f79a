import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { isMap, isPair, LineCounter, type Node, parseDocument } from "yaml";
import { DataError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { pointerKeys } from "../lib/pointer.ts";
import type { Locate } from "./validate.ts";

/** A parsed YAML file that can say on which line each value stands. */
export interface YamlFile {
  readonly path: string;
  /** The path as messages show it, relative to the working folder. */
  readonly name: string;
  readonly text: string;
  readonly value: unknown;
  readonly locate: Locate;
}

/**
 * Reads a hand-edited YAML file. Aliases are limited and custom tags refused, so that a hostile file cannot blow up.
 * @throws DataError when it cannot be read or is not YAML, with all of its syntax errors
 */
export async function readYamlFile(path: string, code: string, cwd: string): Promise<YamlFile> {
  const name = relative(cwd, path) || path;
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw new DataError([{ code, where: name, expected: "a readable file", got: reason, fix: "check the path" }]);
  }
  return parseYaml(text, path, name, code);
}

/** As {@link readYamlFile}, for text already at hand. */
export function parseYaml(text: string, path: string, name: string, code: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, strict: true, uniqueKeys: true });
  const problems: Problem[] = [...document.errors, ...document.warnings].map((error) => ({
    code,
    where: `${name}:${lines.linePos(error.pos[0]).line}`,
    expected: "valid YAML",
    got: error.message.split("\n")[0]!.replace(/ at line \d+, column \d+:?$/, ""),
    fix: "correct the line; strings with ':' or '#' need quotes",
  }));
  if (problems.length > 0) throw new DataError(problems);
  const locate: Locate = (pointer) => {
    const keys = pointerKeys(pointer);
    let offset = 0;
    for (let depth = keys.length; depth >= 0; depth -= 1) {
      const path_ = keys.slice(0, depth).map((k) => (/^\d+$/.test(k) ? Number(k) : k));
      const key = depth > 0 ? keyNode(document.getIn(path_.slice(0, -1), true), keys[depth - 1]!) : undefined;
      const node = (key ?? document.getIn(path_, true)) as Node | undefined;
      if (node?.range) {
        offset = node.range[0];
        break;
      }
    }
    return `${name}:${lines.linePos(offset).line}${pointer === "" ? "" : ` ${pointer}`}`;
  };
  return { path, name, text, value: document.toJS({ maxAliasCount: 100 }) as unknown, locate };
}

function keyNode(parent: unknown, key: string): Node | undefined {
  if (!isMap(parent)) return undefined;
  for (const pair of parent.items) {
    if (isPair(pair) && String((pair.key as { value?: unknown })?.value) === key) return pair.key as Node;
  }
  return undefined;
}
