import { join } from "node:path";
import { type Static, Type } from "@sinclair/typebox";
import { validate } from "../../config/validate.ts";
import { DataError } from "../../core/errors.ts";
import { replaceFile } from "../../lib/atomic.ts";
import { readLines } from "../../lib/jsonl.ts";
import { checkRecord } from "../check-line.ts";

/** Version of the files of labels this code writes. */
export const LABELS_SCHEMA = 1;

const Text = Type.String();
const Count = Type.Integer({ minimum: 0 });
const Sha256 = Type.String({ pattern: "^[0-9a-f]{64}$" });

const LabelsHeadSchema = Type.Object({
  kind: Type.Literal("labels"),
  schema: Type.Integer({ minimum: 1 }),
  run: Text,
  /** The hash in the log's end line: labels are of these answers. */
  log: Sha256,
  /** Of the rubric: labels stand beside grades of the same rubric alone. */
  rubric: Sha256,
  /** ISO 8601, UTC. */
  at: Text,
  files: Type.Array(Type.Object({ name: Text, sha256: Sha256 })),
});

const LabelLineSchema = Type.Object({
  kind: Type.Literal("label"),
  query: Text,
  condition: Text,
  trial: Count,
  /** Triples, since raters and criteria may be called anything. */
  given: Type.Array(Type.Tuple([Text, Text, Type.Number()])),
});

export type LabelsHead = Static<typeof LabelsHeadSchema>;
/** What people said of one answer: criterion, rater, score. */
export type LabelLine = Static<typeof LabelLineSchema>;

/**
 * Where people's labels of a run's answers stand, as `bench calibrate` and `bench judge correct` last read them, so that pages of
 * the run show them without the files they came from.
 */
export function labelsFile(dir: string, rubric: string): string {
  return join(dir, "labels", `${rubric.slice(0, 8)}.jsonl`);
}

/** Puts labels into a run's folder, in place of those of the same rubric. */
export async function writeRunLabels(dir: string, head: LabelsHead, lines: readonly LabelLine[]): Promise<void> {
  const text = [head, ...lines].map((line) => `${JSON.stringify(line)}\n`).join("");
  await replaceFile(labelsFile(dir, head.rubric), text);
}

/** The head of a file of labels; undefined where there is none. @throws DataError when it is damaged or a newer version wrote it */
export async function openLabels(path: string): Promise<LabelsHead | undefined> {
  try {
    for await (const line of readLines(path)) {
      const checked = checkRecord<LabelsHead>(LabelsHeadSchema, line, path);
      if (!checked.ok) throw new DataError(checked.problems);
      const head = checked.value;
      if (head.schema > LABELS_SCHEMA) throw tooNew(path, head.schema);
      return head;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  return undefined;
}

/** A line of the file as it was read back; undefined for its head. @throws DataError when it is neither */
export function labelLine(value: unknown, path: string): LabelLine | undefined {
  if ((value as { kind?: unknown } | null)?.kind === "labels") return undefined;
  const checked = validate(LabelLineSchema, value, "E_LABELS", (pointer) => `${path} ${pointer}`);
  if (checked.ok) return checked.value;
  throw new DataError(
    checked.problems.map((problem) => ({ ...problem, fix: "calibrate again with `bench calibrate`" })),
  );
}

function tooNew(path: string, schema: number): DataError {
  const expected = `labels of version ${LABELS_SCHEMA} or older`;
  const fix = "read them with the version of Plumbline that wrote them, or a later one";
  return new DataError([{ code: "E_LABELS_SCHEMA", where: path, expected, got: `version ${schema}`, fix }]);
}
