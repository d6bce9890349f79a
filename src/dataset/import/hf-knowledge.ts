import { DataError } from "../../core/errors.ts";
import { quoteValue } from "../../lib/text.ts";
import { lineProblem } from "../read-rows.ts";
import { sourceLines } from "./open-source.ts";
import { ProblemList } from "./problem-list.ts";

/** A row of a knowledge file. */
export interface KnowledgeRow {
  readonly id?: string;
  readonly title: string;
  readonly text: string;
}

/**
 * Streams the rows of a tab-separated knowledge file: title, text; or, under a header that names `title` and `text`, also
 * with an `id`, in any order (DPR's `psgs_w100.tsv`). A cell that is quoted as CSV quotes is unquoted; a quote elsewhere
 * is a quote. Blank lines without a tab are passed over.
 * @param plain what a cell's text stands for
 * @throws DataError (E_IMPORT_ROW) with the lines that have another number of cells
 */
export async function* knowledgeRows(path: string, plain: (text: string) => string): AsyncGenerator<KnowledgeRow> {
  const problems = new ProblemList();
  let columns = ["title", "text"];
  let first = true;
  for await (const line of sourceLines(path)) {
    const where = `${path}:${line.number}`;
    if ("error" in line || line.text.includes("\0")) problems.add(lineProblem(path, line));
    else if (line.text.trim() !== "" || line.text.includes("\t")) {
      const cells = line.text.split("\t");
      const header = first ? headerOf(cells) : undefined;
      first = false;
      if (header !== undefined) columns = header;
      else if (cells.length !== columns.length) {
        const fix = "write one passage a line; commas separate nothing, and a tab inside a text must go";
        const expected = `${columns.length} cells with a tab between: ${columns.join(", ")}`;
        const got = `${cells.length}: ${quoteValue(line.text.slice(0, 100))}`;
        problems.add({ code: "E_IMPORT_ROW", where, expected, got, fix });
      } else if (problems.isEmpty) yield toRow(cells, columns, plain);
    }
    if (problems.isFull) break;
  }
  problems.raise();
  if (first) {
    const fix = "name the file of title, tab, text";
    throw new DataError([{ code: "E_IMPORT_FORMAT", where: path, expected: "passages", got: "an empty file", fix }]);
  }
}

function headerOf(cells: readonly string[]): string[] | undefined {
  const names = cells.map((cell) => unquoted(cell).trim().toLowerCase());
  const known = names.every((name) => /^(id|title|text)$/.test(name)) && new Set(names).size === names.length;
  return known && names.includes("title") && names.includes("text") ? names : undefined;
}

function toRow(cells: readonly string[], columns: readonly string[], plain: (text: string) => string): KnowledgeRow {
  const at = (name: string): string => {
    const index = columns.indexOf(name);
    return index === -1 ? "" : plain(unquoted(cells[index]!));
  };
  const id = at("id");
  return { ...(id === "" ? {} : { id }), title: at("title").trim(), text: at("text") };
}

function unquoted(cell: string): string {
  return /^"(?:[^"]|"")*"$/.test(cell) ? cell.slice(1, -1).replaceAll('""', '"') : cell;
}
