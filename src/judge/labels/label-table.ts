import type { Problem } from "../../core/problem.ts";
import { nearest } from "../../lib/nearest.ts";
import { quoteValue } from "../../lib/text.ts";
import { AnswerTexts, type NamedByText } from "./answer-texts.ts";
import type { GradedItem } from "./graded-set.ts";
import type { LabelCells } from "./label-cells.ts";
import { type LabelCriterion, readScore, type ScoreMapping } from "./label-score.ts";

/** What a column of a label file may hold. */
export const LABEL_FIELDS = [
  "item",
  "query",
  "question",
  "answer",
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
  /** Other criteria that rows may be of: those rows are passed over, and every row must say what it is of. Default: none. */
  readonly otherCriteria?: ReadonlySet<string>;
  /** The rubric's hash that labels must name, where they name one. */
  readonly rubric?: string;
  /**
   * The items there are, by id; labels of others are problems, but for those that name a system which none of the items is of, or an
   * answer that none of them is: they are counted in a note. Default: whatever is labelled.
   */
  readonly items?: ReadonlyMap<string, GradedItem>;
  /** Whether labels of any other item are counted in a note, too: files may be of more answers than are looked at. @default false */
  readonly partly?: boolean;
  /** The file's names of the columns. Default: the fields' own names. */
  readonly columns?: Partial<Record<LabelField, string>>;
  /** Columns that each hold one rater's score, named like the rater, in place of `rater` and `score`. */
  readonly raterColumns?: readonly string[];
  /** Where labels are on another scale: what each score counts as. */
  readonly scores?: ScoreMapping;
}

/** The id of an answer of a run, as labels name it. @example answerItem("q1", "rag@3", 0) // "q1 rag@3 0" */
export function answerItem(query: string, condition: string, trial: number): string {
  return `${query} ${condition} ${trial}`;
}

/** Labels as rows of files give them. */
export interface LabelTable {
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
  readonly texts: AnswerTexts;
  /** The systems that known items are of. */
  readonly systems: ReadonlySet<string>;
  /** Rows that are not of the known items, by what they are of: how many, and where the first is. */
  readonly elsewhere: Map<string, { readonly where: string; rows: number }>;
  /** Other criteria that rows are of. */
  readonly passedOver: Set<string>;
}

/** Without any label yet; the known items come first, in their order. */
export function newTable({ criteria, items: known }: Pick<ReadLabelsOptions, "criteria" | "items">): LabelTable {
  const items = [...(known?.values() ?? [])];
  const table: LabelTable = {
    problems: [],
    items: new Map(),
    numbers: new Map(),
    columns: new Map(criteria.map(({ id }) => [id, new Map()])),
    places: new Map(),
    rubrics: new Map(),
    labels: 0,
    missing: 0,
    unknown: 0,
    texts: new AnswerTexts(items),
    systems: new Set(items.flatMap(({ systems = [] }) => systems)),
    elsewhere: new Map(),
    passedOver: new Set(),
  };
  if (known !== undefined) for (const [id, item] of known) enter(table, id, item);
  return table;
}

function enter(table: LabelTable, id: string, item: GradedItem): number {
  const number = table.numbers.size;
  table.items.set(id, item);
  table.numbers.set(id, number);
  return number;
}

/** Takes what a row says; what is wrong with it goes to the problems. */
export function takeRow({ where, cells }: LabelCells, options: ReadLabelsOptions, table: LabelTable): void {
  const { columns = {}, criteria, otherCriteria = new Set(), raterColumns } = options;
  const nameOf = (field: LabelField): string => columns[field] ?? field;
  const cell = (field: LabelField): string | undefined => {
    const value = cells.get(nameOf(field));
    return typeof value === "string" || typeof value === "number" ? String(value).trim() || undefined : undefined;
  };
  const report = (code: string, expected: string, got: string, fix: string): void => {
    table.problems.push({ code, where, expected, got, fix });
  };
  const system = cell("system");
  if (system !== undefined && table.systems.size > 0 && !table.systems.has(system)) {
    countElsewhere(table, quoteValue(system), where);
    return;
  }
  const usual = criteria.length === 1 && otherCriteria.size === 0 ? criteria[0]!.id : undefined;
  const criterion = cell("criterion") ?? usual;
  if (criterion !== undefined && otherCriteria.has(criterion)) {
    table.passedOver.add(criterion);
    return;
  }
  const trial = cell("trial") ?? "0";
  if (!/^\d{1,9}$/.test(trial))
    report("E_LABEL_ROW", "a trial from 0", quoteValue(trial), "correct it, or leave it out");
  const named = criteria.find((one) => one.id === criterion);
  const text = textOf(cell);
  const id = text ? undefined : (cell("item") ?? answerOf(cell, trial, options.items));
  const unknown = id !== undefined && options.items !== undefined && !options.items.has(id);
  const items = text
    ? table.texts.find(text)
    : [{ id, query: cell("query") ?? id, ...(system && { systems: [system] }) }];
  if (items.length === 0 || (unknown && options.partly)) {
    countElsewhere(table, text || system !== undefined ? OTHER_ANSWERS : NO_SYSTEM, where);
    return;
  }
  if (text === undefined && id === undefined) {
    const got = `columns ${[...cells.keys()].map(quoteValue).join(", ")}`;
    const expected = `${quoteValue(nameOf("item"))}, or query and condition, or query and answer`;
    report("E_LABEL_ROW", expected, got, "name the item, or map its column");
  } else if (unknown) {
    table.unknown += 1;
    const close = table.unknown > MOST_HINTS ? undefined : nearest(id, options.items.keys());
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
  if (!table.rubrics.has(version)) table.rubrics.set(version, where);
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
      table.missing += 1;
      continue;
    }
    if (named === undefined) continue;
    const score = readScore(value, named, options.scores, where);
    if ("problem" in score) table.problems.push(score.problem);
    else
      for (const item of items)
        takeLabel(table, item, { criterion: named.id, rater, score: score.value, where, byText: text !== undefined });
  }
}

const OTHER_ANSWERS = "other answers";
const NO_SYSTEM = "answers whose system is not named";

function countElsewhere({ elsewhere }: LabelTable, of: string, where: string): void {
  const seen = elsewhere.get(of);
  if (seen) seen.rows += 1;
  else elsewhere.set(of, { where, rows: 1 });
}

/** What a row names that gives the answer's text; undefined for a row that names it by its place in a run, or as an item. */
function textOf(cell: (field: LabelField) => string | undefined): NamedByText | undefined {
  const [answer, query, question, system] = [cell("answer"), cell("query"), cell("question"), cell("system")];
  if (answer === undefined || (query ?? question) === undefined || (cell("item") ?? cell("condition")))
    return undefined;
  return { answer, ...(query && { query }), ...(question && { question }), ...(system && { system }) };
}

/** A file may hold labels of more answers than are looked at; a misspelt name is seen here, too. */
export function elsewhereNotes({ systems, elsewhere }: LabelTable): Problem[] {
  const [first] = elsewhere.values();
  if (first === undefined) return [];
  const expected =
    systems.size > 0 ? `labels of ${[...systems].map(quoteValue).join(", ")}` : "labels of these answers";
  const rows = [...elsewhere.values()].reduce((sum, one) => sum + one.rows, 0);
  const got = `${rows} ${rows === 1 ? "row" : "rows"} of ${[...elsewhere.keys()].join(", ")}`;
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

interface GivenLabel {
  readonly criterion: string;
  readonly rater: string;
  readonly score: number;
  readonly where: string;
  /** Whether the row gives the answer's text: several systems may have given it, and each may be in the file. */
  readonly byText: boolean;
}

function takeLabel(
  table: LabelTable,
  item: Partial<GradedItem>,
  { criterion, rater, score, where, byText }: GivenLabel,
): void {
  const { id, query } = item;
  if (id === undefined || query === undefined) return;
  const number = table.numbers.get(id) ?? enter(table, id, { ...item, id, query });
  const raters = table.columns.get(criterion)!;
  const scores = raters.get(rater) ?? new Map<number, number>();
  raters.set(rater, scores);
  const place = JSON.stringify([criterion, rater, number]);
  const first = table.places.get(place);
  if (first !== undefined) {
    if (byText && scores.get(number) === score) return;
    const got = `${score} here and ${scores.get(number)} at ${first}`;
    const fix = "keep one of the rows, or give the second reading a rater of its own";
    const expected = `one label of ${quoteValue(id)} by ${quoteValue(rater)}`;
    table.problems.push({ code: "E_LABEL_TWICE", where, expected, got, fix });
    return;
  }
  table.places.set(place, where);
  scores.set(number, score);
  table.labels += 1;
}
