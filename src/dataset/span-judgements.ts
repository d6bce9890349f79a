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
 * When a passage counts as holding a span. `strict`: it holds the whole span. `lenient`: it holds at least half of the
 * span, or at least half of the passage lies inside the span; as long as the passages leave no gap, each span then has
 * one.
 */
export type SpanRule = "strict" | "lenient";

/** The part of a span or of a passage that the other must hold under the lenient rule, in (0, 1]. */
const LENIENT_SHARE = 0.5;

/**
 * Maps judgements of spans to the passages of any chunking by the rule; of several spans that a passage holds the
 * highest grade counts. Passages without a span of their own are not judged. A strict span that a cut runs through has no
 * passage: to score by the strict rule take `strictJudgements`, which count it. One pass over the passages; the spans are
 * held.
 * @param rule @default "lenient"
 * @param share what `lenient` asks for, in (0, 1]. @default 0.5
 */
export async function judgementsFromSpans(
  spans: AsyncIterable<SpanJudgement> | Iterable<SpanJudgement>,
  passages: AsyncIterable<Passage> | Iterable<Passage>,
  rule: SpanRule = "lenient",
  share = LENIENT_SHARE,
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
      const length = span.end - span.start;
      const holds = rule === "strict" ? shared === length : shared >= share * Math.min(length, end - start);
      if (shared > 0 && holds) raise(judged, span.query, passage.id, span.grade);
    }
  }
  return judged;
}

/**
 * Judgements to score by the strict rule: the passages that hold whole spans and, so that no question is dropped and no span
 * forgotten, each relevant span that no passage holds whole, under an id that no passage has. It is there to be found, and
 * this chunking loses it.
 */
export async function strictJudgements(
  spans: AsyncIterable<SpanJudgement> | Iterable<SpanJudgement>,
  passages: AsyncIterable<Passage> | Iterable<Passage>,
): Promise<Map<string, Judgements>> {
  const all: SpanJudgement[] = [];
  for await (const span of spans) if (span.end > span.start) all.push(span);
  const numbered = all.map((span, i) => ({ ...span, query: String(i) }));
  const held = await judgementsFromSpans(numbered, passages, "strict");
  const judged = new Map<string, Map<string, number>>();
  for (const [i, span] of all.entries()) {
    const ids = held.get(String(i))?.keys() ?? (span.grade >= 1 ? [cutSpanId(span)] : []);
    for (const id of ids) raise(judged, span.query, id, span.grade);
  }
  return judged;
}

/** What a relevant span that no passage holds whole is judged as. The first character keeps it from any sensible id. */
function cutSpanId({ document, start, end }: SpanJudgement): string {
  return `\u0000cut ${document} ${start}-${end}`;
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
