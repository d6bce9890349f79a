import type { Problem } from "../../core/problem.ts";
import { quoteValue } from "../../lib/text.ts";
import { constantNotes } from "./constant-labels.ts";
import type { CriterionGrades, GradedSet } from "./graded-set.ts";
import { labelCells } from "./label-cells.ts";
import { elsewhereNotes, newTable, type ReadLabelsOptions, takeRow } from "./label-table.ts";
import { throwProblems } from "./text-lines.ts";

export interface LabelSet extends GradedSet {
  /** Labels in all. */
  readonly labels: number;
  /** Rows (or cells of rater columns) without a score. */
  readonly missing: number;
  /** The rubric's hash that the labels name. */
  readonly rubric?: string;
}

/**
 * Reads people's labels from JSONL and CSV files: a row per item and rater, `{"item": "q1", "rater": "anna", "criterion":
 * "correct", "score": 2, "rubric": "3f…"}`, or a row per item with a column per rater. `criterion` may be left out where
 * there is one; an answer of a run may be named by `query`, `condition`, `trial` and `system` in place of `item`, or by its text,
 * `answer`, and the question's id or text: such a label is of all items with that text. A row without a score is a missing label
 * and counted.
 *
 * Labels of one grade only are read and noted: they cannot tell a good judge from a bad one.
 *
 * @throws DataError with every problem of every file: a row that cannot be read, a score off the scale, a rater twice on
 * one item, an unknown item or criterion, several rubric versions or another than asked for, no label at all
 */
export async function readLabels(paths: readonly string[], options: ReadLabelsOptions): Promise<LabelSet> {
  const { criteria } = options;
  const table = newTable(options);
  const { problems } = table;
  for (const path of paths) for await (const row of labelCells(path, problems)) takeRow(row, options, table);
  problems.push(...rubricProblems(table.rubrics, options.rubric));
  if (table.labels === 0 && problems.length === 0) {
    const where = paths.join(", ");
    const others = [...table.elsewhere.keys(), ...table.passedOver].join(", ");
    const got =
      table.missing > 0 ? `${table.missing} without a score` : others === "" ? "no rows" : `labels of ${others} alone`;
    const fix = "check the file, and that the column of the score is named `score` or mapped";
    problems.push({ code: "E_LABEL_NONE", where, expected: "at least one label", got, fix });
  }
  throwProblems(problems);
  const items = [...table.items.values()];
  const graded = new Map<string, CriterionGrades>();
  for (const { id, steps } of criteria) {
    const people = new Map<string, (number | undefined)[]>();
    for (const [rater, scores] of table.columns.get(id)!)
      people.set(
        rater,
        items.map((_, i) => scores.get(i)),
      );
    graded.set(id, { scale: steps.map(({ value }) => value), people, judges: new Map() });
  }
  const rubric = [...table.rubrics.keys()][0];
  return {
    items,
    criteria: graded,
    notes: [...constantNotes(graded, paths.join(", ")), ...elsewhereNotes(table)],
    labels: table.labels,
    missing: table.missing,
    ...(rubric !== undefined && rubric !== "" && { rubric }),
  };
}

function rubricProblems(rubrics: ReadonlyMap<string, string>, wanted: string | undefined): Problem[] {
  const show = (version: string) => (version === "" ? "no version" : quoteValue(version));
  const [[first, firstPlace] = ["", ""], ...others] = rubrics;
  const fix = "label anew what was labelled by another rubric, or calibrate each version by itself";
  const problems = others.map(([version, where]): Problem => {
    const expected = `one rubric version: ${show(first)}, as at ${firstPlace}`;
    return { code: "E_LABEL_RUBRIC", where, expected, got: show(version), fix };
  });
  if (wanted !== undefined && first !== "" && first !== wanted) {
    const expected = `labels by rubric ${show(wanted)}`;
    problems.unshift({ code: "E_LABEL_RUBRIC", where: firstPlace, expected, got: show(first), fix });
  }
  return problems;
}
