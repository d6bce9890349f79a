import type { Problem } from "../../core/problem.ts";
import { nearest } from "../../lib/nearest.ts";
import { quoteValue } from "../../lib/text.ts";
import { constantNotes } from "./constant-labels.ts";
import type { CriterionGrades, GradedItem, GradedSet } from "./graded-set.ts";
import { type LabelCells, labelCells } from "./label-cells.ts";
import { type LabelCriterion, readScore, type ScoreMapping } from "./label-score.ts";
import { throwProblems } from "./text-lines.ts";

/** What a column of a label file may hold. */
export const LABEL_FIELDS = [
  "item",
  "query",
  "condition",
  "trial",
  "system",
  "rater",
  "criterion",
  "score",
  "rubric",
] as const;
export type LabelField = (typeof LABEL_FIELDS)[number];

/** For so many unknown items the nearest known one is looked for: that takes time with their number. */
const MOST_HINTS = 20;

export interface ReadLabelsOptions {
  /** What is labelled, on which scales. */
  readonly criteria: readonly LabelCriterion[];
  /** The rubric's hash that labels must name, where they name one. */
  readonly rubric?: string;
  /**
   * The items there are, by id; labels of others are problems, but for those that name a system which none of the items is of: they are
   * counted in a note. Default: whatever is labelled.
   */
  readonly items?: ReadonlyMap<string, GradedItem>;
  /** The file's names of the columns. Default: the fields' own names. */
  readonly columns?: Partial<Record<LabelField, string>>;
  /** Columns that each hold one rater's score, named like the rater, in place of `rater` and `score`. */
  readonly raterColumns?: readonly string[];
  /** Where labels are on another scale: what each score counts as. */
  readonly scores?: ScoreMapping;
}

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
 * there is one; an answer of a run may be named by `query`, `condition`, `trial` and `system` in place of `item`. A row
 * without a score is a missing label and counted.
 *
 * Labels of one grade only are read and noted: they cannot tell a good judge from a bad one.
 *
 * @throws DataError with every problem of every file: a row that cannot be read, a score off the scale, a rater twice on
 * one item, an unknown item or criterion, several rubric versions or another than asked for, no label at all
 */
export async function readLabels(paths: readonly string[], options: ReadLabelsOptions): Promise<LabelSet> {
  const { criteria, items: known } = options;
  const problems: Problem[] = [];
  const state: State = {
    problems,
    items: new Map(),
    numbers: new Map(),
    columns: new Map(criteria.map(({ id }) => [id, new Map()])),
    places: new Map(),
    rubrics: new Map(),
    labels: 0,
    missing: 0,
    unknown: 0,
    systems: new Set([...(known?.values() ?? [])].flatMap(({ systems = [] }) => systems)),
    elsewhere: new Map(),
  };
  if (known !== undefined) for (const [id, item] of known) enter(state, id, item);
  for (const path of paths) for await (const row of labelCells(path, problems)) takeRow(row, options, state);
  problems.push(...rubricProblems(state.rubrics, options.rubric));
  if (state.labels === 0 && problems.length === 0) {
    const where = paths.join(", ");
    const others = [...state.elsewhere.keys()].map(quoteValue).join(", ");
    const got =
      state.missing > 0 ? `${state.missing} without a score` : others === "" ? "no rows" : `labels of ${others} alone`;
    const fix = "check the file, and that the column of the score is named `score` or mapped";
    problems.push({ code: "E_LABEL_NONE", where, expected: "at least one label", got, fix });
  }
  throwProblems(problems);
  const items = [...state.items.values()];
  const graded = new Map<string, CriterionGrades>();
  for (const { id, steps } of criteria) {
    const people = new Map<string, (number | undefined)[]>();
    for (const [rater, scores] of state.columns.get(id)!)
      people.set(
        rater,
        items.map((_, i) => scores.get(i)),
      );
    graded.set(id, { scale: steps.map(({ value }) => value), people, judges: new Map() });
  }
  const rubric = [...state.rubrics.keys()][0];
  return {
    items,
    criteria: graded,
    notes: [...constantNotes(graded, paths.join(", ")), ...elsewhereNotes(state)],
    labels: state.labels,
    missing: state.missing,
    ...(rubric !== undefined && rubric !== "" && { rubric }),
  };
}

/** The id of an answer of a run, as labels name it. @example answerItem("q1", "rag@3", 0) // "q1 rag@3 0" */
export function answerItem(query: string, condition: string, trial: number): string {
  return `${query} ${condition} ${trial}`;
}

interface State {
  readonly problems: Problem[];
  readonly items: Map<string, GradedItem>;
  /** The place of each item in the columns. */
  readonly numbers: Map<string, number>;
  /** By criterion and rater: scores by the item's number. */
  readonly columns: Map<string, Map<string, Map<number, number>>>;
  /** Where a label was first seen, by criterion, rater and item's number. */
  readonly places: Map<string, string>;
  /** Where each rubric version was first named; the empty text stands for rows that name none. */
  readonly rubrics: Map<string, string>;
  labels: number;
  missing: number;
  /** Rows of unknown items. */
  unknown: number;
  /** The systems that known items are of. */
  readonly systems: ReadonlySet<string>;
  /** Rows of other systems: how many, and where the first is. */
  readonly elsewhere: Map<string, { readonly where: string; rows: number }>;
}

function enter(state: State, id: string, item: GradedItem): number {
  const number = state.numbers.size;
  state.items.set(id, item);
  state.numbers.set(id, number);
  return number;
}

function takeRow({ where, cells }: LabelCells, options: ReadLabelsOptions, state: State): void {
  const { columns = {}, criteria, raterColumns } = options;
  const nameOf = (field: LabelField): string => columns[field] ?? field;
  const cell = (field: LabelField): string | undefined => {
    const value = cells.get(nameOf(field));
    return typeof value === "string" || typeof value === "number" ? String(value).trim() || undefined : undefined;
  };
  const report = (code: string, expected: string, got: string, fix: string): void => {
    state.problems.push({ code, where, expected, got, fix });
  };
  const system = cell("system");
  if (system !== undefined && state.systems.size > 0 && !state.systems.has(system)) {
    const seen = state.elsewhere.get(system);
    if (seen) seen.rows += 1;
    else state.elsewhere.set(system, { where, rows: 1 });
    return;
  }
  const trial = cell("trial") ?? "0";
  if (!/^\d{1,9}$/.test(trial))
    report("E_LABEL_ROW", "a trial from 0", quoteValue(trial), "correct it, or leave it out");
  const id = cell("item") ?? answerOf(cell, trial, options.items);
  const criterion = cell("criterion") ?? (criteria.length === 1 ? criteria[0]!.id : undefined);
  const named = criteria.find((one) => one.id === criterion);
  if (id === undefined) {
    const got = `columns ${[...cells.keys()].map(quoteValue).join(", ")}`;
    report(
      "E_LABEL_ROW",
      `${quoteValue(nameOf("item"))}, or query and condition`,
      got,
      "name the item, or map its column",
    );
  } else if (options.items !== undefined && !options.items.has(id)) {
    state.unknown += 1;
    const close = state.unknown > MOST_HINTS ? undefined : nearest(id, options.items.keys());
    const fix =
      close === undefined ? "remove the row, or take the labels of this set" : `did you mean ${quoteValue(close)}?`;
    report("E_LABEL_ITEM", `one of the ${options.items.size} known items`, quoteValue(id), fix);
  }
  if (named === undefined) {
    const got = criterion === undefined ? "no criterion" : quoteValue(criterion);
    const expected = `a criterion: ${criteria.map((one) => one.id).join(", ")}`;
    report("E_LABEL_CRITERION", expected, got, "name the criterion in every row");
  }
  const version = cell("rubric") ?? "";
  if (!state.rubrics.has(version)) state.rubrics.set(version, where);
  const given = (raterColumns ?? [nameOf("score")]).map((name) => [name, cells.get(name)] as const);
  for (const [name, value] of given) {
    const rater = raterColumns === undefined ? cell("rater") : name;
    if (rater === undefined) {
      report(
        "E_LABEL_ROW",
        `${quoteValue(nameOf("rater"))}: who labelled`,
        "none",
        "name the rater, a pseudonym will do",
      );
      continue;
    }
    if (value === undefined || value === null || value === "") {
      state.missing += 1;
      continue;
    }
    if (named === undefined) continue;
    const score = readScore(value, named, options.scores, where);
    if ("problem" in score) state.problems.push(score.problem);
    else if (id !== undefined)
      takeLabel(state, { id, query: cell("query"), system }, named.id, rater, score.value, where);
  }
}

/** A file may hold labels of more systems than are looked at; a misspelt name is seen here, too. */
function elsewhereNotes({ systems, elsewhere }: State): Problem[] {
  const expected = `labels of ${[...systems].map(quoteValue).join(", ")}`;
  const [first] = elsewhere.values();
  if (first === undefined) return [];
  const rows = [...elsewhere.values()].reduce((sum, one) => sum + one.rows, 0);
  const got = `${rows} ${rows === 1 ? "row" : "rows"} of ${[...elsewhere.keys()].map(quoteValue).join(", ")}`;
  const fix = "nothing, if those are not to be looked at; else correct the name, or name the run, too";
  return [{ code: "E_LABEL_SYSTEM", where: first.where, expected, got, fix }];
}

/** The name of an answer by its parts: after its system where that is named, unless the known items go without. */
function answerOf(
  cell: (field: LabelField) => string | undefined,
  trial: string,
  known: ReadLabelsOptions["items"],
): string | undefined {
  const [query, condition, system] = [cell("query"), cell("condition"), cell("system")];
  if (query === undefined || condition === undefined) return undefined;
  const plain = answerItem(query, condition, Number(trial));
  const named = system === undefined ? plain : `${system} ${plain}`;
  return known?.has(plain) && !known.has(named) ? plain : named;
}

function takeLabel(
  state: State,
  { id, query = id, system }: { id: string; query?: string; system?: string },
  criterion: string,
  rater: string,
  score: number,
  where: string,
): void {
  const number = state.numbers.get(id) ?? enter(state, id, { id, query, ...(system && { systems: [system] }) });
  const raters = state.columns.get(criterion)!;
  const scores = raters.get(rater) ?? new Map<number, number>();
  raters.set(rater, scores);
  const place = JSON.stringify([criterion, rater, number]);
  const first = state.places.get(place);
  if (first !== undefined) {
    const got = `${score} here and ${scores.get(number)} at ${first}`;
    const fix = "keep one of the rows, or give the second reading a rater of its own";
    const expected = `one label of ${quoteValue(id)} by ${quoteValue(rater)}`;
    state.problems.push({ code: "E_LABEL_TWICE", where, expected, got, fix });
    return;
  }
  state.places.set(place, where);
  scores.set(number, score);
  state.labels += 1;
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
