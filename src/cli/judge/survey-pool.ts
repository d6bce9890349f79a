import { DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { fitsQrels } from "../../dataset/read-qrels.ts";
import type { PassagePool, PoolCounts } from "../../judge/index.ts";
import { quoteValue } from "../../lib/text.ts";

const MOST_PROBLEMS = 20;

/**
 * Goes through a pool before anything is asked: what could not be judged, or not be written as qrels, is found while it costs nothing.
 * @throws DataError (E_POOL_TEXT, E_POOL_ID, E_POOL_EMPTY)
 */
export async function surveyPool(pool: PassagePool): Promise<PoolCounts> {
  const counts: PoolCounts = { questions: 0, pairs: 0, judged: 0 };
  const problems: Problem[] = [];
  for await (const { query, passage } of pool.pairs(counts)) {
    if (problems.length >= MOST_PROBLEMS) break;
    if (fitsQrels(query.id) && fitsQrels(passage)) continue;
    const got = `${quoteValue(query.id)} and ${quoteValue(passage)}`;
    const expected = "ids without tabs and line breaks";
    problems.push({ code: "E_POOL_ID", where: "the pool", expected, got, fix: "rename them in the dataset" });
  }
  if (problems.length > 0) throw new DataError(problems);
  if (counts.pairs > 0) return counts;
  const got = counts.judged > 0 ? `${counts.judged} pairs, all judged in the dataset` : "none";
  const fix =
    counts.judged > 0
      ? "choose a greater --depth, or judge them all the same with --all"
      : "name runs that found passages";
  throw new DataError([{ code: "E_POOL_EMPTY", where: "the pool", expected: "pairs to judge", got, fix }]);
}
