import { ANSWERED, type Scores } from "../runlog/index.ts";
import type { FailureCheck } from "./verdict.ts";

/**
 * Counts the questions of which any result failed, as `bench run` does for its exit code. Their metrics hold the floor
 * already; this limit catches a system that breaks down where the floor costs little.
 * @param limit the largest share of the questions that may fail, 0 to 1
 */
export function checkFailures({ queries, groups }: Scores, limit: number): FailureCheck {
  const failing = new Set<number>();
  for (const { answered, trials } of groups.values()) {
    answered.forEach((state, cell) => {
      if (state === ANSWERED.failed) failing.add(Math.floor(cell / trials));
    });
  }
  const [failed, asked] = [failing.size, queries.length];
  return { verdict: failed > limit * asked ? "fail" : "pass", failed, asked, limit };
}
