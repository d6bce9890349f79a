import type { Outcome } from "../core/outcome.ts";

/**
 * The value trec_eval averages for a query of its qrels file: 0 where no passage is relevant, because it counts such
 * queries. Plumbline's own means leave them out: nothing can be found for them, so they say nothing about a
 * retriever. Averaging these values over the queries of the qrels file gives the figures of `trec_eval -c`; over the
 * queries that the run has too, those of plain `trec_eval`.
 */
export function trecEvalValue(outcome: Outcome): number {
  return outcome.state === "scored" ? outcome.value : 0;
}
