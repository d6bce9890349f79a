import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../../lib/atomic.ts";
import type { Run, Scores } from "../../runlog/index.ts";
import type { SameAnswers } from "../conditions/same-answers.ts";
import { type AnswerFlag, answerFlags } from "../gaming/answer-flags.ts";
import type { AnswerPrints } from "../gaming/answer-prints.ts";
import { KeptPrints } from "../gaming/kept-prints.ts";
import type { SameAnswerPair } from "../gaming/same-answer-pairs.ts";
import { dataScript } from "../pages/data-script.ts";
import { type RiskCurve, riskCurve } from "../refusal/risk-curve.ts";
import type { SelectiveAnswering } from "../refusal/selective.ts";
import type { ProtocolTable, Summary } from "../summary-types.ts";
import { tagNumbers } from "../tags/tag-numbers.ts";
import type { BoardOptions } from "./board-view.ts";

/** What the leaderboard says of a run that its scores alone do not: kept beside the run's page, so that it is read once. */
interface Facts {
  readonly flags: readonly AnswerFlag[];
  /** Tags that there are numbers for, most questions first. */
  readonly tags: readonly string[];
  /** Risk over coverage, of answers that carry a confidence. */
  readonly risks: readonly RiskCurve[];
}

const FILE = "board.json";

/** The facts of all runs of a site. */
export class BoardFacts {
  readonly #of = new Map<string, Facts>();
  readonly #prints = new KeptPrints();

  /** Writes what the leaderboard needs of a run into the folder of its page's data: the facts, and `tags.js` where there are tags. */
  async add(
    { manifest }: Run,
    folder: string,
    scores: Scores,
    same: readonly SameAnswers[],
    tags: ReadonlyMap<string, readonly number[]>,
    selective: readonly SelectiveAnswering[],
    prints: AnswerPrints,
  ): Promise<void> {
    const numbers = tagNumbers(scores, tags);
    if (numbers) await replaceFile(join(folder, "tags.js"), dataScript("tags", numbers));
    const facts: Facts = {
      flags: answerFlags(same),
      tags: numbers?.tags.map(([tag]) => tag) ?? [],
      risks: selective.map(riskCurve),
    };
    await replaceFile(join(folder, FILE), JSON.stringify(facts));
    await this.#prints.add(manifest, folder, prints);
    this.#of.set(manifest.run, facts);
  }

  /** Reads the facts of a run whose page is kept. @returns whether they are there */
  async restore({ manifest }: Run, folder: string): Promise<boolean> {
    const text = await readFile(join(folder, FILE), "utf8").catch(() => undefined);
    if (text === undefined || !(await this.#prints.restore(manifest, folder))) return false;
    this.#of.set(manifest.run, JSON.parse(text) as Facts);
    return true;
  }

  /** Of each table with answers the pairs of systems that give too often the same, by the table. */
  async alike({ suites }: Summary): Promise<ReadonlyMap<ProtocolTable, readonly SameAnswerPair[]>> {
    const found = new Map<ProtocolTable, readonly SameAnswerPair[]>();
    for (const table of suites.flatMap(({ tables }) => tables)) {
      const runs = new Set(table.parts.flatMap(({ rows }) => rows.map(({ run }) => run.run)));
      found.set(table, await this.#prints.pairsOf(runs));
    }
    return found;
  }

  get board(): Pick<Required<BoardOptions>, "flags" | "tagsOf" | "risksOf"> {
    return {
      flags: new Map(Array.from(this.#of, ([run, { flags }]) => [run, flags])),
      risksOf: ({ run }) => this.#of.get(run)?.risks ?? [],
      tagsOf: ({ parts }: ProtocolTable) => {
        const run = parts[0]?.rows[0]?.run.run;
        return run === undefined ? [] : (this.#of.get(run)?.tags ?? []);
      },
    };
  }
}
