import { DataError } from "../../core/errors.ts";
import type { CompareOptions, Comparison, compareRuns } from "../../gate/index.ts";
import { fileNameOf } from "../../lib/text.ts";
import { type Run, readScores, type Scores } from "../../runlog/index.ts";
import { groupRuns } from "../group-runs.ts";
import type { ProtocolTable, Summary } from "../summary-types.ts";
import { choosePairs, type RunPair } from "./choose-pairs.ts";
import { type Located, type ToldComparison, tellFlips } from "./tell-flips.ts";

/** How runs are compared; that of `gate`, which this folder knows by its types only. */
export type Compare = typeof compareRuns;

export interface ComparePageOptions {
  readonly compare: Compare;
  /** The name of a run that all others of its protocol are compared with besides. */
  readonly pinned?: string;
  /** Gives the scores of a run. Default: reads its log. */
  readonly scoresOf?: (run: Run) => Promise<Scores>;
}

/** A page of two runs, and the table it belongs to. */
export interface ComparePage {
  readonly path: string;
  readonly compared: Pick<Comparison, "suite" | "protocol" | "baseline" | "candidate">;
  /** Absent where the site has the page already. */
  readonly comparison?: ToldComparison;
}

/** Whether the page of two runs, at this path, need not be made again. */
export type Kept = (pair: RunPair, path: string) => Promise<boolean>;

/** Enough random sign assignments for Holm over the rows of one page; a page more or less exact costs seconds. */
const OPTIONS: CompareOptions = { draws: 19_999, flips: { most: 25 } };

/**
 * Compares the pairs of every table's runs, a table at a time. Scores and logs are read once each, the logs for the texts of what
 * flipped; of pairs whose page is kept, not at all.
 * @param warn called with why two runs cannot be compared
 */
export async function* comparePages(
  runs: readonly Run[],
  summary: Summary,
  { compare, pinned, scoresOf = ({ dir }) => readScores(dir) }: ComparePageOptions,
  warn: (text: string) => void,
  kept: Kept = async () => false,
): AsyncGenerator<ComparePage> {
  for (const { id, groups } of groupRuns(runs)) {
    const tables = summary.suites.find((suite) => suite.id === id)?.tables ?? [];
    for (const group of groups) {
      const table = tables.find(({ protocol }) => protocol === group.protocol);
      const entries = [];
      for (const pair of choosePairs(group, table && bestOf(table), pinned)) {
        const [baseline, candidate] = [nameOf(pair.baseline), nameOf(pair.candidate)];
        const compared = { suite: id, protocol: group.protocol, baseline, candidate };
        const path = comparePath(compared);
        entries.push({ pair, page: { path, compared }, isKept: await kept(pair, path) });
      }
      const anew = entries.flatMap(({ pair, isKept }) => (isKept ? [] : [pair]));
      const told = await tellFlips(await comparisons(anew, compare, scoresOf, warn));
      const made = new Map(told.map((comparison) => [comparePath(comparison), comparison]));
      for (const { page, isKept } of entries) {
        const comparison = made.get(page.path);
        if (isKept) yield page;
        else if (comparison) yield { ...page, comparison };
      }
    }
  }
}

function nameOf({ manifest: { run, system } }: Run): Comparison["baseline"] {
  return { run, system: system.id, ...(system.title !== undefined && { title: system.title }) };
}

async function comparisons(
  pairs: readonly RunPair[],
  compare: Compare,
  read: (run: Run) => Promise<Scores>,
  warn: (text: string) => void,
): Promise<Located[]> {
  const scores = new Map<Run, Scores>();
  const scoresOf = async (run: Run, from: number): Promise<Scores> => {
    const known = scores.get(run) ?? (await read(run));
    // Of a run with the best of many alone nothing is kept.
    if (pairs.slice(from).some(({ baseline, candidate }) => run === baseline || run === candidate))
      scores.set(run, known);
    else scores.delete(run);
    return known;
  };
  const located: Located[] = [];
  for (const [i, { baseline, candidate }] of pairs.entries()) {
    try {
      const [comparison] = compare(await scoresOf(baseline, i + 1), [await scoresOf(candidate, i + 1)], OPTIONS);
      located.push({ comparison: comparison!, baseline: baseline.dir, candidate: candidate.dir });
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      warn(`${candidate.manifest.run} is not compared with ${baseline.manifest.run}: ${error.problems[0]!.got}`);
    }
  }
  return located;
}

/** The run that is best by the first metric of a table's last part: of answers, where there are any. */
function bestOf({ parts }: ProtocolTable): string | undefined {
  return parts.at(-1)?.rows.find((row) => row.cells[0]?.standing.kind === "best")?.run.run;
}

/** Where the page of two runs stands in the site. */
export function comparePath({ baseline, candidate }: Pick<Comparison, "baseline" | "candidate">): string {
  return `compare/${fileNameOf(baseline.run)}/${fileNameOf(candidate.run)}.html`;
}

/** The path as an address: the % of an escaped file name is itself escaped. */
export function compareHref({ baseline, candidate }: Pick<Comparison, "baseline" | "candidate">): string {
  return `compare/${encodeURIComponent(fileNameOf(baseline.run))}/${encodeURIComponent(fileNameOf(candidate.run))}.html`;
}
