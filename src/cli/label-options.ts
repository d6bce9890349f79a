import { basename, resolve } from "node:path";
import { UsageError } from "../core/errors.ts";
import { LABEL_FIELDS, type LabelField } from "../judge/index.ts";
import { sha256File } from "../lib/hash.ts";

/** The options of commands that read label files. */
export interface LabelOptions {
  readonly labels: readonly string[];
  readonly score: readonly string[];
  readonly column: readonly string[];
}

/** @throws UsageError when no file is named */
export function labelPaths({ labels }: LabelOptions, cwd: string): string[] {
  if (labels.length > 0) return labels.map((path) => resolve(cwd, path));
  const fix = "name a file: --labels labels.jsonl; `bench help calibrate` has its form";
  throw new UsageError({
    code: "E_OPTION",
    where: "--labels",
    expected: "at least one label file",
    got: "none",
    fix,
  });
}

/** The files as what is made of them names them: without their folders. */
export async function hashedFiles(paths: readonly string[]): Promise<{ name: string; sha256: string }[]> {
  const files: { name: string; sha256: string }[] = [];
  for (const path of paths) files.push({ name: basename(path), sha256: await sha256File(path) });
  return files;
}

/** What `--score` and `--column` say of the files' form. @throws UsageError */
export function labelForm({ score, column }: LabelOptions) {
  return { columns: columnsOf(column), ...(score.length > 0 && { scores: scoresOf(score) }) };
}

/** `Yes=1` → what a score of the files counts as. */
function scoresOf(written: readonly string[]): ReadonlyMap<string, number> {
  return new Map(
    written.map((pair) => {
      const at = pair.lastIndexOf("=");
      const value = Number(pair.slice(at + 1));
      if (at > 0 && pair.slice(at + 1).trim() !== "" && Number.isFinite(value)) return [pair.slice(0, at), value];
      throw badPair("--score", "a score and the number it counts as", pair, "write for example --score Yes=1,No=0");
    }),
  );
}

function columnsOf(written: readonly string[]): Partial<Record<LabelField, string>> {
  return Object.fromEntries(
    written.map((pair) => {
      const [field = "", ...name] = pair.split("=");
      if (name.length > 0 && (LABEL_FIELDS as readonly string[]).includes(field)) return [field, name.join("=")];
      throw badPair(
        "--column",
        `one of ${LABEL_FIELDS.join(", ")} and the file's name of it`,
        pair,
        "write for example --column score=rating",
      );
    }),
  );
}

function badPair(where: string, expected: string, got: string, fix: string): UsageError {
  return new UsageError({ code: "E_OPTION", where, expected, got: JSON.stringify(got), fix });
}
