import { seeded } from "../../core/rng.ts";
import {
  type AskedQuestion,
  groupOf,
  judgedPassages,
  type Manifest,
  RETRIEVAL,
  readByQuestion,
  readPassages,
  type Scores,
} from "../../runlog/index.ts";
import { estimateMean, quantileSorted } from "../../stats/index.ts";
import { classesOf, type ShareOf } from "./classes.ts";
import type { Diagnosis, OverlapGroup } from "./diagnosis.ts";
import { PassageWords } from "./passage-words.ts";
import { type Diagnosed, type QuestionFacts, questionFacts } from "./question-facts.ts";

/** Where no condition says how many passages matter. */
const USUAL_K = 10;

/**
 * Diagnoses the rankings of a complete run from its folder.
 * @param scores of the same run, for its clusters
 * @returns undefined for a run that retrieves nothing
 * @throws DataError when a file is damaged
 */
export async function diagnose(dir: string, scores: Scores): Promise<Diagnosis | undefined> {
  if (scores.manifest.depth === 0) return undefined;
  const words = new PassageWords();
  for await (const passage of readPassages(dir)) words.take(passage);
  const rankings = new RankingDiagnosis(words);
  for await (const asked of readByQuestion(dir)) rankings.take(asked);
  return rankings.finish(scores);
}

/** Looks at the ranking of every question with gold; held are some numbers a question. */
export class RankingDiagnosis {
  readonly #words: PassageWords;
  readonly #diagnosed: Omit<Diagnosed, "cluster">[] = [];

  /** @param words of all passages of the run */
  constructor(words: PassageWords) {
    this.#words = words;
  }

  take({ at, question, results }: AskedQuestion): void {
    const line = results.find((line) => groupOf(line) === RETRIEVAL);
    if (line === undefined) return;
    const judgements = judgedPassages(question);
    if (!judgements.some(([, grade]) => grade >= 1)) return;
    const facts =
      line.kind === "retrieval"
        ? questionFacts({ text: question.text, judgements }, line.ranking, this.#words)
        : undefined;
    this.#diagnosed.push({ at, facts });
  }

  /** @returns undefined for a run that retrieves nothing */
  finish({ manifest, queries, clusters }: Scores): Diagnosis | undefined {
    if (manifest.depth === 0) return undefined;
    const diagnosed = this.#diagnosed.map((one) => (clusters ? { ...one, cluster: clusters[one.at]! } : one));
    return summarise(diagnosed, manifest, queries.length);
  }
}

/** The diagnosis of questions that were looked at one by one. @param questions how many the run asked */
export function summarise(diagnosed: readonly Diagnosed[], manifest: Manifest, questions: number): Diagnosis {
  const { run, depth, level } = manifest;
  const share = shareIn(manifest);
  const within = (k: number, of: (facts: QuestionFacts) => number | undefined): number =>
    diagnosed.filter(({ facts }) => facts !== undefined && (of(facts) ?? Number.POSITIVE_INFINITY) <= k).length;
  const n = diagnosed.length;
  return {
    run,
    depth,
    level,
    n,
    withoutGold: questions - n,
    ...classesOf(diagnosed, depth, share),
    textsMissing: diagnosed.filter(({ facts }) => facts?.textsMissing).length,
    ties: [1, 5, 10].flatMap((k) =>
      k > depth || n === 0
        ? []
        : {
            k,
            share: within(k, ({ rank }) => rank) / n,
            least: within(k, ({ tieRanks }) => tieRanks?.[1]) / n,
            most: within(k, ({ tieRanks }) => tieRanks?.[0]) / n,
          },
    ),
    overlap: overlapOf(diagnosed, Math.min(depth, successK(manifest)), share),
  };
}

function shareIn({ seed, run, level }: Manifest): ShareOf {
  return (questions, holds) =>
    estimateMean(
      {
        values: questions.map((question) => Number(holds(question))),
        failed: 0,
        unscored: 0,
        ...(questions[0]?.cluster !== undefined && { clusters: questions.map(({ cluster }) => cluster!) }),
      },
      { level, proportion: true, rng: seeded(seed).fork(`diagnosis/${run}`) },
    );
}

/** As many passages as the generator is given at most. */
function successK({ conditions }: Manifest): number {
  const ks = conditions.map((name) => Number(/^rag@(\d+)$/.exec(name)?.[1] ?? 0));
  return Math.max(0, ...ks) || USUAL_K;
}

/** Quartiles by their limits, so that equal overlaps are never torn apart; fewer than four where many are equal. */
function overlapOf(diagnosed: readonly Diagnosed[], k: number, share: ShareOf): Diagnosis["overlap"] {
  const known = diagnosed.filter(({ facts }) => facts?.overlap !== undefined);
  const unknown = diagnosed.length - known.length;
  if (known.length === 0) return { k, groups: [], unknown };
  const sorted = Float64Array.from(known, ({ facts }) => facts!.overlap!).sort();
  const cuts = [0.25, 0.5, 0.75].map((p) => quantileSorted(sorted, p));
  const members: Diagnosed[][] = [[], [], [], []];
  for (const question of known) members[cuts.filter((cut) => cut < question.facts!.overlap!).length]!.push(question);
  const groups = members.flatMap((group): OverlapGroup[] => {
    if (group.length === 0) return [];
    const overlaps = group.map(({ facts }) => facts!.overlap!);
    const success = share(group, ({ facts }) => (facts!.rank ?? Number.POSITIVE_INFINITY) <= k);
    return [{ from: Math.min(...overlaps), to: Math.max(...overlaps), success }];
  });
  return { k, groups, unknown };
}
