import { quoteValue, sliceCodePoints } from "../../lib/text.ts";
import type { Documents } from "../documents.ts";
import { readRows } from "../read-rows.ts";
import { SpanRow } from "../row-schema.ts";
import { raise } from "../span-judgements.ts";
import { unknownDocument } from "./check-corpus.ts";
import { dangling, type Grades } from "./check-qrels.ts";
import type { KnownRows } from "./check-rows.ts";
import { error, type Finding } from "./finding.ts";

/** Checks the judged spans of a split against the queries and, where they are at hand, the documents. */
export async function* checkSpans(
  path: string,
  queries: KnownRows,
  documents: Documents | undefined,
  grades: Grades,
): AsyncGenerator<Finding> {
  for await (const row of readRows(path, SpanRow)) {
    if (row.problems !== undefined) {
      for (const problem of row.problems) yield error(problem);
      continue;
    }
    const where = (pointer: string): string => `${path}:${row.line} ${pointer}`;
    const span = row.value;
    if (!queries.has(span.query)) yield dangling(where("/query"), "query", span.query, "queries.jsonl");
    if (span.end <= span.start) {
      yield spanError(where("/end"), `a number above start (${span.start})`, `${span.end}`);
    } else if (documents !== undefined) yield* checkAgainst(span, documents, where);
    raise(grades, span.query, span.document, span.grade);
  }
}

async function* checkAgainst(
  { document, start, end, text }: SpanRow,
  documents: Documents,
  where: (pointer: string) => string,
): AsyncGenerator<Finding> {
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
