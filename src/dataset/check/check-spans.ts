import type { Passage } from "../../core/passage.ts";
import { quoteValue, sliceCodePoints } from "../../lib/text.ts";
import { toPassage } from "../dataset.ts";
import type { Documents } from "../documents.ts";
import { readRows } from "../read-rows.ts";
import { PassageRow, SpanRow } from "../row-schema.ts";
import { judgementsFromSpans, raise } from "../span-judgements.ts";
import { unknownDocument } from "./check-corpus.ts";
import { dangling, type Grades } from "./check-qrels.ts";
import type { KnownRows } from "./check-rows.ts";
import { error, type Finding, warning } from "./finding.ts";

/** What the spans of a split say. */
export interface SpanGrades {
  readonly documents: Grades;
  /** Of the passages that hold the spans. */
  readonly passages: Grades;
}

/**
 * Checks the judged spans of a split against the queries, the documents where they are at hand, and the passages: a
 * span that none of them holds cannot be retrieved. The spans are held, and the corpus is read once more.
 */
export async function* checkSpans(
  path: string,
  corpus: string,
  queries: KnownRows,
  documents: Documents | undefined,
): AsyncGenerator<Finding, SpanGrades> {
  const grades: SpanGrades = { documents: new Map(), passages: new Map() };
  const spans: { readonly span: SpanRow; readonly line: number; readonly sound: boolean }[] = [];
  for await (const row of readRows(path, SpanRow)) {
    if (row.problems !== undefined) {
      for (const problem of row.problems) yield error(problem);
      continue;
    }
    const where = (pointer: string): string => `${path}:${row.line} ${pointer}`;
    const span = row.value;
    if (!queries.has(span.query)) yield dangling(where("/query"), "query", span.query, "queries.jsonl");
    let sound = true;
    for await (const finding of checkPlace(span, documents, where)) {
      sound = false;
      yield finding;
    }
    raise(grades.documents, span.query, span.document, span.grade);
    spans.push({ span, line: row.line, sound });
  }
  // Each span stands under its number, so that one which no passage holds can be told.
  const numbered = spans.map(({ span }, i) => ({ ...span, query: String(i) }));
  const held = await judgementsFromSpans(numbered, goodPassages(corpus));
  for (const [i, { span, line, sound }] of spans.entries()) {
    const passages = held.get(String(i));
    if (passages === undefined && sound) yield unheld(`${path}:${line}`, span);
    for (const [passage, grade] of passages ?? []) raise(grades.passages, span.query, passage, grade);
  }
  return grades;
}

async function* goodPassages(corpus: string): AsyncGenerator<Passage> {
  for await (const row of readRows(corpus, PassageRow)) if (row.problems === undefined) yield toPassage(row.value);
}

function unheld(where: string, { document, start, end }: SpanRow): Finding {
  return warning({
    code: "W_DATASET_SPAN",
    where,
    expected: `a passage that holds half of [${start}, ${end}) of ${quoteValue(document)}`,
    got: "none",
    fix: "cut the document into passages with document, start and end, or correct the span",
  });
}

async function* checkPlace(
  { document, start, end, text }: SpanRow,
  documents: Documents | undefined,
  where: (pointer: string) => string,
): AsyncGenerator<Finding> {
  if (end <= start) {
    yield spanError(where("/end"), `a number above start (${start})`, `${end}`);
    return;
  }
  if (documents === undefined) return;
  const page = await documents.text(document);
  if (page === undefined) {
    yield unknownDocument(where("/document"), document);
    return;
  }
  const slice = sliceCodePoints(page, start, end);
  // Code points are counted only where the span may reach past the end.
  const length = end > page.length / 2 ? Array.from(page).length : page.length;
  if (end > length) yield spanError(where("/end"), `at most ${length}, the document's length`, `${end}`);
  else if (text !== undefined && text !== slice) {
    yield spanError(
      where("/text"),
      `the document's text at [${start}, ${end}), ${quoteValue(slice)}`,
      quoteValue(text),
    );
  }
}

function spanError(where: string, expected: string, got: string): Finding {
  const fix = "mark the stretch again: the page changed, or the span counts bytes or UTF-16 units";
  return error({ code: "E_DATASET_SPAN", where, expected, got, fix });
}
