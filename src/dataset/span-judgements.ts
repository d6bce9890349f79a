import type { Passage } from "../core/passage.ts";
import type { Judgements } from "../core/ranking.ts";

/** A stretch of a document, [start, end) in Unicode code points, that is relevant to a query with a grade. */
export interface SpanJudgement {
  readonly query: string;
  readonly document: string;
  readonly start: number;
  readonly end: number;
  readonly grade: number;
}

/**
 * Maps judgements of spans to the passages of any chunking: a passage has the grade of a span when it holds at least
 * half of the span, or at least half of the passage lies inside the span; of several such spans the highest grade
 * counts. Passages without a span of their own are not judged. One pass over the passages; the spans are held.
 */
export async function judgementsFromSpans(
  spans: AsyncIterable<SpanJudgement> | Iterable<SpanJudgement>,
  passages: AsyncIterable<Passage> | Iterable<Passage>,
): Promise<Map<string, Judgements>> {
  const byDocument = new Map<string, SpanJudgement[]>();
  for await (const span of spans) {
    const list = byDocument.get(span.document);
    if (list) list.push(span);
    else byDocument.set(span.document, [span]);
  }
  const judged = new Map<string, Map<string, number>>();
  for await (const passage of passages) {
    const { start, end } = passage;
    if (start === undefined || end === undefined) continue;
    for (const span of byDocument.get(passage.document) ?? []) {
      const shared = Math.min(end, span.end) - Math.max(start, span.start);
      if (shared <= 0 || (shared * 2 < span.end - span.start && shared * 2 < end - start)) continue;
      raise(judged, span.query, passage.id, span.grade);
    }
  }
  return judged;
}

/** Sets a grade where none or a lower one stands. */
export function raise(judged: Map<string, Map<string, number>>, query: string, target: string, grade: number): void {
  let grades = judged.get(query);
  if (grades === undefined) {
    grades = new Map();
    judged.set(query, grades);
  }
  grades.set(target, Math.max(grade, grades.get(target) ?? Number.NEGATIVE_INFINITY));
}
