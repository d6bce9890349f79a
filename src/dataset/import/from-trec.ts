import { DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { quoteValue } from "../../lib/text.ts";
import { fitsQrels } from "../read-qrels.ts";
import type { SplitFile } from "./from-beir.ts";
import type { Target } from "./target.ts";
import { encodingOf, firstLine, plainLines, sgmlRecords, smartRecords, type TrecRecord } from "./trec-text.ts";

/** A TREC test collection. */
export interface TrecSource {
  /** In TREC's SGML (`<DOC>`) or SMART's form (`.I`). */
  readonly documents: readonly string[];
  /** In TREC's form (`<top>`), SMART's (`.I`), or lines of id, tab, text. */
  readonly topics: string;
  /** Lines of query, iteration, document, grade. */
  readonly qrels: readonly SplitFile[];
  /** Which part of a `<top>` is the question. @default "TITLE" */
  readonly topicField?: "TITLE" | "DESC";
}

const MAX_PROBLEMS = 20;

/**
 * Reads a TREC collection; ids stay those of the qrels. Of a document, title (`.T`; TITLE, HEADLINE, HL) and text
 * (`.W`; TEXT) are kept apart; where a reference tool indexed both, its input is title, line feed, text. SMART's
 * queries are numbered by their position from 1, as their qrels do, whatever their `.I` says. Holds the ids.
 */
export async function importTrec(source: TrecSource, target: Target): Promise<void> {
  const passages = new Set<string>();
  for (const path of source.documents) await importDocuments(path, passages, target);
  const queries = new Set<string>();
  for await (const { id, text } of topics(source, target)) {
    if (!fitsQrels(id) || id === "") target.skip("topic without a usable id");
    else if (queries.has(id)) target.skip("topic id that an earlier topic has");
    else {
      queries.add(id);
      await target.query({ _id: id, text });
    }
  }
  for (const file of source.qrels) await importQrels(file, passages, queries, target);
}

async function importDocuments(path: string, ids: Set<string>, target: Target): Promise<void> {
  const first = await firstLine(path);
  const encoding = await encodingOf(path);
  if (encoding === "latin1") target.notes.push(`${path} is not UTF-8: read as Latin-1`);
  let records: AsyncIterable<TrecRecord>;
  if (first.startsWith(".I")) records = smartRecords(path, encoding);
  else if (/^<DOC[\s>]/i.test(first)) records = sgmlRecords(path, encoding, "DOC");
  else
    throw new DataError([
      unknownForm(path, "a TREC file that starts with <DOC>, or a SMART file that starts with .I", first),
    ]);
  for await (const { id, fields } of records) {
    const title = fields.get("T") ?? fields.get("TITLE") ?? fields.get("HEADLINE") ?? fields.get("HL");
    const text = fields.get("W") ?? fields.get("TEXT") ?? "";
    if (!fitsQrels(id) || id === "") target.skip("document without a usable id");
    else if (ids.has(id)) target.skip("document id that an earlier document has");
    else {
      ids.add(id);
      await target.passage({ _id: id, ...(title ? { title } : {}), text });
    }
  }
}

async function* topics(source: TrecSource, target: Target): AsyncGenerator<{ id: string; text: string }> {
  const { topics: path, topicField = "TITLE" } = source;
  const first = await firstLine(path);
  const encoding = await encodingOf(path);
  if (first.startsWith(".I")) {
    target.notes.push(`${path}: queries are numbered by their position, from 1`);
    let position = 0;
    for await (const { fields } of smartRecords(path, encoding)) {
      position += 1;
      yield { id: String(position), text: (fields.get("W") ?? "").trimEnd() };
    }
  } else if (/^<top>/i.test(first)) {
    for await (const { id, fields } of sgmlRecords(path, encoding, "TOP")) {
      yield { id, text: fields.get(topicField) ?? fields.get("QUERY") ?? "" };
    }
  } else if (first.includes("\t")) {
    for await (const line of plainLines(path, encoding)) {
      const tab = line.indexOf("\t");
      if (tab !== -1) yield { id: line.slice(0, tab).trim(), text: line.slice(tab + 1).trim() };
    }
  } else
    throw new DataError([
      unknownForm(path, "topics as <top> … </top>, as .I records, or as lines of id, tab, text", first),
    ]);
}

async function importQrels(
  { split, path }: SplitFile,
  passages: ReadonlySet<string>,
  queries: ReadonlySet<string>,
  target: Target,
): Promise<void> {
  target.split(split);
  const problems: Problem[] = [];
  const seen = new Set<string>();
  let number = 0;
  for await (const line of plainLines(path, "utf8")) {
    number += 1;
    if (line.trim() === "") continue;
    const [query, , passage, grade, ...rest] = line.trim().split(/\s+/);
    if (
      query === undefined ||
      passage === undefined ||
      grade === undefined ||
      rest.length > 0 ||
      !/^[+-]?\d{1,9}$/.test(grade)
    ) {
      const fix = "write query, iteration, document and a whole number, as trec_eval reads them";
      problems.push({
        code: "E_IMPORT_QRELS",
        where: `${path}:${number}`,
        expected: "four columns",
        got: quoteValue(line),
        fix,
      });
      if (problems.length === MAX_PROBLEMS) break;
    } else if (!queries.has(query)) target.skip("judgement of an unknown query");
    else if (!passages.has(passage)) target.skip("judgement of an unknown passage");
    else if (seen.has(`${query}\t${passage}`)) target.skip("judgement that an earlier line gave");
    else {
      seen.add(`${query}\t${passage}`);
      await target.judgement(split, query, passage, Number(grade));
    }
  }
  if (problems.length > 0) throw new DataError(problems);
}

function unknownForm(where: string, expected: string, first: string): Problem {
  return {
    code: "E_IMPORT_FORMAT",
    where,
    expected,
    got: quoteValue(first),
    fix: "name the right file, or convert it",
  };
}
