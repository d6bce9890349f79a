import type { Ranking } from "../../core/ranking.ts";
import { hashValue } from "../../lib/hash.ts";
import { readRun } from "../../runlog/index.ts";

/** What a run's log found per question, as hashes: the pass must find the same or say that it did not. */
export class LogRankings {
  readonly #hashes = new Map<string, string>();

  static async read(dir: string): Promise<LogRankings> {
    const found = new LogRankings();
    for await (const line of readRun(dir)) {
      if (line.kind === "retrieval") found.#hashes.set(line.query, hashOf(line.ranking));
    }
    return found;
  }

  /**
   * Whether a settled ranking has the passages of the log in their order. Scores may differ in their last digits, since an
   * encoder's do with the batch they are made in.
   * @returns undefined where the log has no ranking of the question
   */
  same(query: string, ranking: Ranking): boolean | undefined {
    const expected = this.#hashes.get(query);
    return expected === undefined ? undefined : expected === hashOf(ranking);
  }
}

function hashOf(ranking: Ranking): string {
  return hashValue(ranking.map(([id]) => id)).slice(0, 32);
}
