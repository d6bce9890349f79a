import { basename, resolve } from "node:path";
import { loadJudge, type Project } from "../../config/index.ts";
import { UsageError } from "../../core/errors.ts";
import { LABEL_FIELDS, type LabelField, labelsForm, type ReadLabelsOptions } from "../../judge/index.ts";
import { sha256File } from "../../lib/hash.ts";
import type { Deps } from "../deps.ts";
import { withoutModel } from "./judge-labels.ts";

/** The options of commands that read label files. */
export interface LabelOptions {
  readonly labels: readonly string[];
  readonly people: string | undefined;
  readonly score: readonly string[];
  readonly column: readonly string[];
}

/** Which files of labels a command reads, and how. */
export interface LabelSource {
  readonly paths: readonly string[];
  readonly form: Pick<ReadLabelsOptions, "columns" | "raterColumns" | "scores" | "partly">;
  /** The criteria that people labelled, where it is known. */
  readonly criteria?: ReadonlySet<string>;
  /** Criteria that the files may have labels of, too, and that are not looked at. */
  readonly otherCriteria?: ReadonlySet<string>;
}

/**
 * What `--labels` or `--people` name.
 * @throws UsageError when neither names a file, both do, or what is named is no judge of kind people
 */
export async function labelSource(options: LabelOptions, project: Project, { cwd, env }: Deps): Promise<LabelSource> {
  const { labels, people, score, column } = options;
  const problem = (where: string, expected: string, got: string, fix: string): UsageError =>
    new UsageError({ code: "E_OPTION", where, expected, got, fix });
  if (people === undefined) {
    if (labels.length > 0) return { paths: labels.map((path) => resolve(cwd, path)), form: formOf(options) };
    const fix = "name a file: --labels labels.jsonl; `bench help calibrate` has its form";
    throw problem("--labels", "at least one label file", "none", fix);
  }
  if (labels.length + score.length + column.length > 0) {
    const fix = "leave one out: the judge's own file says where the labels are and how they are written";
    throw problem("--people", "either --people or --labels, --score and --column", "both", fix);
  }
  const judge = await loadJudge(project, people, withoutModel(env));
  if (judge.kind !== "people")
    throw problem(
      "--people",
      "a judge of kind people",
      `${people}, of kind ${judge.kind}`,
      "name the judge whose grades are people's labels",
    );
  const paths = judge.labels.map(({ path }) => path);
  return { paths, form: labelsForm(judge.config), criteria: new Set(judge.rubric.criteria.map(({ id }) => id)) };
}

/** The files as what is made of them names them: without their folders. */
export async function hashedFiles(paths: readonly string[]): Promise<{ name: string; sha256: string }[]> {
  const files: { name: string; sha256: string }[] = [];
  for (const path of paths) files.push({ name: basename(path), sha256: await sha256File(path) });
  return files;
}

/** What `--score` and `--column` say of the files' form. @throws UsageError */
function formOf({ score, column }: LabelOptions): LabelSource["form"] {
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
