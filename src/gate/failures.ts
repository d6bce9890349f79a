import { ANSWERED, type Scores } from "../runlog/scores.ts";
import type { FailureCheck } from "./verdict.ts";

/**
 * Counts the candidate's failures where they are most frequent. Their metrics hold the floor already; this limit catches
 * a system that breaks down on questions where the floor costs little.
 * @param limit the largest share of results that may have failed, 0 to 1
 */
export function checkFailures(candidate: Scores, limit: number): FailureCheck {
  let worst = { condition: "", failed: 0, asked: 0 };
  for (const { name, answered } of candidate.groups.values()) {
    const failed = answered.reduce((count, state) => count + (state === ANSWERED.failed ? 1 : 0), 0);
    if (worst.asked === 0 || failed * worst.asked > worst.failed * answered.length) {
      worst = { condition: name, failed, asked: answered.length };
    }
  }
  return { verdict: worst.failed > limit * worst.asked ? "fail" : "pass", ...worst, limit };
}
