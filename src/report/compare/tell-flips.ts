import type { Comparison, Flip, FlipList } from "../../gate/index.ts";
import { truncate } from "../../lib/text.ts";
import { judgedPassages, RETRIEVAL, type ResultLine, readQuestions, readRun } from "../../runlog/index.ts";
import type { MetricHead } from "../summary-types.ts";

/** What one run made of a question. */
export interface FlipSide {
  readonly value: number;
  /** `ranked` in a list of rankings, where there is no answer. */
  readonly state: "answered" | "refused" | "undecided" | "failed" | "ranked";
  /** The answer of the first trial, or the code of its failure; cut. Text from a model: not safe to print as it is. */
  readonly text?: string;
  /** Where the first gold passage stands in the ranking, from 1; null where none was retrieved; absent without ranking or gold. */
  readonly goldRank?: number | null;
}

/** A question on which two runs differ, with what a person needs to judge it. */
export interface ToldFlip {
  readonly query: string;
  readonly question: string;
  /** The first accepted answers. */
  readonly references: readonly string[];
  readonly baseline: FlipSide;
  readonly candidate: FlipSide;
}

export interface ToldFlips extends Omit<FlipList, "flips"> {
  readonly flips: readonly ToldFlip[];
}

/** A comparison whose flips have their texts. */
export interface ToldComparison extends Omit<Comparison, "flips"> {
  readonly flips: readonly ToldFlips[];
  /** Of its metrics, those that depend on a judge. Pages have them from the board instead. */
  readonly judged?: readonly MetricHead[];
}

/** A comparison with the folders of its runs; two folders may hold copies of one run. */
export interface Located {
  readonly comparison: Comparison;
  readonly baseline: string;
  readonly candidate: string;
}

/** More of a text, in UTF-16 units, is cut; the run log keeps all of it. */
const MOST_TEXT = 1000;
const MOST_REFERENCES = 3;

/**
 * Looks up question, answers and gold ranks of the flips of comparisons. Every log is streamed once, however many comparisons it
 * is part of, and of its texts only those of flips are held.
 */
export async function tellFlips(located: readonly Located[]): Promise<ToldComparison[]> {
  const wanted = new Map<string, Map<string, Set<string>>>();
  for (const { comparison, baseline, candidate } of located) {
    for (const { condition, flips } of comparison.flips) {
      for (const dir of [baseline, candidate]) {
        const ofRun = wanted.get(dir) ?? new Map<string, Set<string>>();
        wanted.set(dir, ofRun);
        for (const { query } of flips) ofRun.set(query, (ofRun.get(query) ?? new Set()).add(condition));
      }
    }
  }
  const runs = new Map<string, ReadonlyMap<string, Seen>>();
  for (const [dir, queries] of wanted) runs.set(dir, await readSeen(dir, queries));
  return located.map(({ comparison, baseline, candidate }) => {
    const [a, b] = [runs.get(baseline), runs.get(candidate)];
    const told = (condition: string, flip: Flip): ToldFlip => {
      const [before, after] = [a?.get(flip.query), b?.get(flip.query)];
      return {
        query: flip.query,
        question: before?.question ?? "",
        references: before?.references ?? [],
        baseline: sideOf(before, condition, flip.baseline),
        candidate: sideOf(after, condition, flip.candidate),
      };
    };
    const flips = comparison.flips.map((list) => ({
      ...list,
      flips: list.flips.map((flip) => told(list.condition, flip)),
    }));
    return { ...comparison, flips };
  });
}

/** What a log says of one question. */
interface Seen {
  readonly question: string;
  readonly references: readonly string[];
  readonly gold: ReadonlySet<string>;
  goldRank?: number | null;
  readonly answers: Map<string, Pick<FlipSide, "state" | "text">>;
}

async function readSeen(
  dir: string,
  wanted: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<ReadonlyMap<string, Seen>> {
  const seen = new Map<string, Seen>();
  for await (const question of readQuestions(dir)) {
    if (!wanted.has(question.id)) continue;
    seen.set(question.id, {
      question: truncate(question.text, MOST_TEXT),
      references: (question.answers ?? []).slice(0, MOST_REFERENCES).map((text) => truncate(text, MOST_TEXT)),
      gold: new Set(judgedPassages(question).flatMap(([id, grade]) => (grade > 0 ? [id] : []))),
      answers: new Map(),
    });
  }
  for await (const line of readRun(dir)) {
    if (line.kind === "manifest" || line.kind === "end" || line.trial !== 0) continue;
    const found = seen.get(line.query);
    if (found) note(found, line, wanted.get(line.query)!);
  }
  return seen;
}

function note(found: Seen, line: ResultLine, conditions: ReadonlySet<string>): void {
  if (line.kind === "retrieval") {
    if (found.gold.size === 0) return;
    const at = line.ranking.findIndex(([id]) => found.gold.has(id));
    found.goldRank = at < 0 ? null : at + 1;
    return;
  }
  const condition = line.condition ?? RETRIEVAL;
  if (!conditions.has(condition)) return;
  found.answers.set(
    condition,
    line.kind === "failure"
      ? { state: "failed", text: line.code }
      : {
          state: line.undecided ? "undecided" : line.refused ? "refused" : "answered",
          text: truncate(line.text, MOST_TEXT),
        },
  );
}

function sideOf(seen: Seen | undefined, condition: string, value: number): FlipSide {
  const rank = seen?.goldRank === undefined ? {} : { goldRank: seen.goldRank };
  return { value, state: "ranked", ...seen?.answers.get(condition), ...rank };
}
