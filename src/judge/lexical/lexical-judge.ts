import type { Clock, Grade, GradeRequest, Judge } from "../../core/contracts.ts";
import { scoreAt } from "./cut-points.ts";
import type { LexicalFit } from "./lexical-fit.ts";
import { overlapFeature, overlapOf } from "./overlap-features.ts";

/**
 * A judge that asks no model: it measures an answer's overlap with the references and gives the score that the fitted cut points
 * say. Where a question has no references there is nothing to measure, and that is a failure of this judge, not a low score.
 */
export function lexicalJudge(fit: LexicalFit, clock: Pick<Clock, "monotonic">): Judge {
  const criteria = fit.criteria.map((criterion) => ({ ...criterion, measure: overlapFeature(criterion.feature)! }));
  return {
    async grade({ query, answer }: GradeRequest): Promise<Grade> {
      const started = clock.monotonic();
      const scores = new Map<string, number>();
      const reasons: string[] = [];
      for (const { id, measure, ...points } of criteria) {
        const value = overlapOf(measure, answer, query.answers);
        if (value === undefined) break;
        scores.set(id, scoreAt(points, value));
        reasons.push(`${id}: ${measure.name} is ${value.toFixed(3)}`);
      }
      const common = { raw: "", asked: 0, timing: { ms: clock.monotonic() - started, source: "measured" as const } };
      return scores.size === criteria.length
        ? { ok: true, scores, reason: reasons.join("; "), ...common }
        : { ok: false, code: "E_LEXICAL_REFERENCE", message: "the question has no reference answer", ...common };
    },
  };
}
