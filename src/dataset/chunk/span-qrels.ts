import type { Passage } from "../../core/passage.ts";
import { judgementsFromSpans, raise, type SpanJudgement, type SpanRule } from "../span-judgements.ts";

/** How the judged spans of a split fare under a chunking. */
export interface SplitSpans {
  readonly spans: number;
  /** Spans that some passage holds by the lenient rule. */
  readonly lenient: number;
  /** Spans that some passage holds whole; a cut runs through the others. */
  readonly strict: number;
}

/**
 * The lines of a qrels file from spans, and how many of the spans have a passage under either rule.
 * @param passages reads the corpus from its start each time
 */
export async function spanQrels(
  spans: readonly SpanJudgement[],
  passages: () => AsyncIterable<Passage>,
  rule: SpanRule,
): Promise<{ lines: string[]; fate: SplitSpans }> {
  // Each span stands under its number, so that one which no passage holds can be told.
  const numbered = spans.map((span, i) => ({ ...span, query: String(i) }));
  const held = {
    lenient: await judgementsFromSpans(numbered, passages(), "lenient"),
    strict: await judgementsFromSpans(numbered, passages(), "strict"),
  };
  const judged = new Map<string, Map<string, number>>();
  for (const [i, { query }] of spans.entries()) {
    for (const [passage, grade] of held[rule].get(String(i)) ?? []) raise(judged, query, passage, grade);
  }
  const lines: string[] = [];
  for (const [query, grades] of judged) {
    for (const [passage, grade] of grades) lines.push(`${query}\t${passage}\t${grade}`);
  }
  return { lines, fate: { spans: spans.length, lenient: held.lenient.size, strict: held.strict.size } };
}
