import type { Problem } from "../../core/problem.ts";
import { printable, quoteValue } from "../../lib/text.ts";
import { fitsQrels } from "../read-qrels.ts";
import { strict } from "../read-rows.ts";
import { PassageRow } from "../row-schema.ts";
import { adoptRows } from "./adopt.ts";
import { badItem, cellItems, itemText } from "./cell-values.ts";
import type { SplitFile } from "./from-beir.ts";
import { ProblemList } from "./problem-list.ts";
import { promptfooCells } from "./promptfoo-cells.ts";
import { COLUMN_ROLES, type ColumnRole, FORM_COLUMNS, type TableForm } from "./table-forms.ts";
import { tableRows } from "./table-rows.ts";
import type { Target } from "./target.ts";
import { Repetitions, textId } from "./text-id.ts";

/** Questions in tables as other tools have them: a row per question. */
export interface TableSource {
  readonly form: TableForm;
  /** CSV, TSV, JSONL, JSON or Parquet files. */
  readonly tables: readonly SplitFile[];
  /** A `corpus.jsonl` whose passages the sources of the table name by their `document`. */
  readonly corpus?: string;
  /** Role → the column that has it, where it is none of those that the form knows. */
  readonly columns?: ReadonlyMap<ColumnRole, string>;
}

/** A context of a row: its text, and the document it is from where the row says so. */
interface Context {
  readonly text: string;
  readonly document?: string;
}

/**
 * Reads tables of questions. Contexts become passages, those that hold the answer with grade 1; sources become judgements
 * of documents. A context with a source is a passage of that document. What the table says besides becomes metadata.
 * Holds the ids of the contexts.
 * @throws DataError with the problems of a table: rows without a question, lists that cannot be read
 */
export async function importTable(source: TableSource, target: Target): Promise<void> {
  const { form, corpus } = source;
  const note = (text: string): void => {
    target.notes.push(text);
  };
  const passages = new Set<string>();
  if (corpus !== undefined) {
    for await (const row of strict(adoptRows(corpus, PassageRow))) {
      passages.add(row._id);
      await target.passage(row);
    }
  }
  const ids = new Repetitions();
  for (const { split, path } of source.tables) {
    target.split(split);
    const problems = new ProblemList();
    const found = new Map<ColumnRole, string>();
    for await (const row of tableRows(path, note)) {
      if (row.problems !== undefined) problems.add(...row.problems);
      else {
        const cells = form === "promptfoo" ? promptfooCells(row.cells) : row.cells;
        const read = new RowReader(row.where, cells, source, found);
        const question = read.question();
        problems.add(...read.problems);
        if (problems.isEmpty) await writeQuestion(question, split);
      }
      if (problems.isFull) break;
    }
    for (const [role, column] of source.columns ?? []) {
      if (!found.has(role) && problems.isEmpty) problems.add(noColumn(path, role, column));
    }
    problems.raise();
    for (const [role, column] of found) note(`${path}: ${role} are read from the column ${printable(column)}`);
  }
  if (corpus === undefined && passages.size === 0) note("no passages: only answers without retrieval can be measured");

  async function writeQuestion(row: TableQuestion, split: string): Promise<void> {
    const gold: string[] = [];
    for (const context of row.contexts) gold.push(await passage(context));
    const retrieved: string[] = [];
    for (const context of row.retrieved) retrieved.push(await passage(context));
    const metadata = { ...row.metadata, ...(retrieved.length > 0 ? { retrieved } : {}) };
    const sources = row.sources.filter(fitsQrels);
    if (sources.length < row.sources.length) target.skip("source that a qrels file cannot hold");
    const id = ids.next(row.id ?? textId(row.text, [split, row.text, row.answers, row.sources]));
    await target.query({
      _id: id,
      text: row.text,
      ...(row.answers.length === 0 ? {} : { answers: [...row.answers] }),
      ...(sources[0] === undefined ? {} : { document: sources[0] }),
      split,
      ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    });
    for (const one of new Set(gold)) await target.judgement(split, id, one, 1);
    for (const one of new Set(sources)) await target.documentJudgement(split, id, one, 1);
  }

  async function passage({ text, document }: Context): Promise<string> {
    const id = textId(document ?? text.slice(0, 80), [document ?? null, text]);
    if (!passages.has(id)) {
      passages.add(id);
      await target.passage({ _id: id, text, ...(document === undefined ? {} : { document }) });
    }
    return id;
  }
}

interface TableQuestion {
  readonly id: string | undefined;
  readonly text: string;
  readonly answers: readonly string[];
  readonly contexts: readonly Context[];
  readonly sources: readonly string[];
  readonly retrieved: readonly Context[];
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Takes a row apart by the roles of its columns. */
class RowReader {
  readonly problems: Problem[] = [];
  readonly #where: string;
  readonly #cells: ReadonlyMap<string, unknown>;
  readonly #columns = new Map<ColumnRole, string>();

  constructor(where: string, cells: ReadonlyMap<string, unknown>, source: TableSource, found: Map<ColumnRole, string>) {
    this.#where = where;
    this.#cells = cells;
    const taken = new Set(source.columns?.values());
    for (const role of COLUMN_ROLES) {
      const named = source.columns?.get(role);
      const usual = FORM_COLUMNS[source.form][role].find((name) => cells.has(name) && !taken.has(name));
      const column = named ?? usual;
      if (column === undefined || !cells.has(column)) continue;
      this.#columns.set(role, column);
      found.set(role, column);
    }
  }

  question(): TableQuestion {
    const used = new Set(this.#columns.values());
    const rest = [...this.#cells].filter(([name]) => !used.has(name));
    const id = this.#texts("id")[0];
    const text = this.#questionText();
    return {
      id: id !== undefined && fitsQrels(id) ? id : undefined,
      text,
      answers: [...new Set(this.#texts("answers"))],
      contexts: this.#contexts("contexts"),
      sources: [...new Set(this.#sources())],
      retrieved: this.#contexts("retrieved"),
      metadata: Object.fromEntries(rest),
    };
  }

  #questionText(): string {
    const cell = this.#cells.get(this.#columns.get("question") ?? "");
    const value = isRecord(cell) ? (cell.question ?? cell.query ?? cell.input) : cell;
    const text = itemText(value);
    if (text === undefined) {
      this.problems.push({
        code: "E_IMPORT_ROW",
        where: this.#where,
        expected: "a question",
        got: `none in a row that fills ${[...this.#cells.keys()].join(", ") || "no column"}`,
        fix: "fill the cell, or say which column it is: --column question=NAME",
      });
    }
    return text ?? "";
  }

  #items(role: ColumnRole): readonly unknown[] {
    const column = this.#columns.get(role);
    if (column === undefined) return [];
    const read = cellItems(this.#cells.get(column), `${this.#where} /${column}`);
    if (read.ok) return read.items;
    this.problems.push(read.problem);
    return [];
  }

  #texts(role: ColumnRole): string[] {
    return this.#each(role, "text", itemText);
  }

  #sources(): string[] {
    return this.#each("sources", "a source's name", (item) => (isRecord(item) ? documentOf(item) : itemText(item)));
  }

  #contexts(role: ColumnRole): Context[] {
    return this.#each(role, "a passage's text", (item) => {
      const said = isRecord(item) ? (item.content ?? item.page_content ?? item.text) : item;
      const text = typeof said === "string" && said.trim() !== "" ? said : itemText(said);
      const document = isRecord(item) ? documentOf(item) : undefined;
      return text === undefined ? undefined : { text, ...(document === undefined ? {} : { document }) };
    });
  }

  #each<T>(role: ColumnRole, expected: string, read: (item: unknown) => T | undefined): T[] {
    const all: T[] = [];
    for (const item of this.#items(role)) {
      const value = read(item);
      if (value !== undefined) all.push(value);
      else this.problems.push(badItem(`${this.#where} /${this.#columns.get(role)}`, expected, item));
    }
    return all;
  }
}

function noColumn(path: string, role: ColumnRole, column: string): Problem {
  const got = `no row with a column ${quoteValue(column)}`;
  const fix = "name a column as the table's first line has it";
  return { code: "E_IMPORT_COLUMN", where: path, expected: `a column for ${role}`, got, fix };
}

function documentOf(item: Readonly<Record<string, unknown>>): string | undefined {
  const metadata = isRecord(item.metadata) ? item.metadata : {};
  return itemText(item.doc_uri ?? item.source ?? metadata.doc_uri ?? metadata.source);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
