import { resolve } from "node:path";
import type { RetrieverConfig, System } from "../../config/index.ts";
import { DataError, EXIT, UsageError } from "../../core/errors.ts";
import type { Ranking } from "../../core/ranking.ts";
import { parseMetric, type RankingMetric, rankIds } from "../../metric/index.ts";
import { hasGold, judgementsFor } from "../../run/score.ts";
import type { QuestionRecord } from "../../runlog/index.ts";
import { openBm25 } from "../../search/index.ts";
import {
  BM25_GRID,
  bm25Settings,
  buildSystem,
  type SystemDeps,
  type Tuned,
  tuneBm25,
  tuneFusion,
  weightGrid,
} from "../../system/index.ts";
import { type Deps, line } from "../deps.ts";
import { startProgress } from "../terminal/progress.ts";
import { prepareFitting } from "./eval-split.ts";
import { writeSetting } from "./write-setting.ts";

export interface TuneOptions {
  readonly suite: string | undefined;
  readonly split: string;
  readonly metric: string;
  readonly folds: number;
  readonly write: boolean;
}

/** One question with what is right. */
interface Sample {
  readonly text: string;
  readonly cluster: string;
  readonly question: QuestionRecord;
}

/** Numbers by the key they have in the retriever's part of a system file. */
type Settings = Readonly<Record<string, number>>;

/**
 * Carries out `bench tune`.
 * @param name the system's id
 * @returns the exit code
 */
export async function tuneRetriever(name: string, options: TuneOptions, deps: Deps): Promise<number> {
  const metric = rankingMetric(options.metric);
  const { project, system, questions, systemDeps } = await prepareFitting(name, options, deps);
  const judged = questions.records.filter((q) => hasGold(metric, q));
  if (judged.length === 0) throw noGold(options.split);
  const samples = judged.map((q) => ({
    text: q.text,
    cluster: q.document ?? q.id,
    question: q,
  }));
  const score = (ranking: Ranking, { question }: Pick<Sample, "question">): number => {
    const ids = rankIds(ranking);
    const outcome = metric.compute(ids, judgementsFor(metric, question, ids));
    return outcome.state === "scored" ? outcome.value : 0;
  };
  const depth = Math.max(100, metric.depth ?? 0);
  // One document cannot be kept apart from itself: then there is nothing to cross-validate.
  const folds = new Set(samples.map(({ cluster }) => cluster)).size > 1 ? options.folds : undefined;
  const choose = { metric, depth, folds, score };
  const { tuned, kept } = await chooseFor(system, samples, judged, choose, systemDeps, deps);

  const keys = Object.entries(tuned.setting);
  line(deps.stdout, keys.map(([key, x]) => `${key}: ${x}`).join("\n"));
  line(
    deps.stdout,
    `mean ${metric.name} ${tuned.mean.toFixed(3)} on ${tuned.n} questions of ${options.split} (${kept.toFixed(3)} as the file says), the best of ${tuned.looked} settings`,
  );
  const unseen = tuned.crossValidated;
  if (unseen) {
    line(
      deps.stdout,
      `${unseen.mean.toFixed(3)} on unseen documents (${unseen.folds} folds), which chose ${distinct(unseen.chosen)}`,
    );
  }
  if (options.write) {
    for (const [key, x] of keys) await writeSetting(resolve(project.cwd, system.file), ["retriever", key], x);
    line(deps.stdout, `written to ${system.file}`);
  }
  return EXIT.ok;
}

interface Choice {
  readonly metric: RankingMetric;
  readonly depth: number;
  readonly folds: number | undefined;
  readonly score: (ranking: Ranking, sample: Pick<Sample, "question">) => number;
}

interface Chosen {
  readonly tuned: Tuned<Settings>;
  /** Mean score of the settings that the file has. */
  readonly kept: number;
}

async function chooseFor(
  system: System,
  samples: readonly Sample[],
  questions: readonly QuestionRecord[],
  choice: Choice,
  systemDeps: SystemDeps,
  deps: Deps,
): Promise<Chosen> {
  const { retriever } = system.config;
  const { depth, folds, score } = choice;
  const progress = startProgress(`${system.id}: settings`, false, deps);
  try {
    if (retriever?.kind === "bm25") {
      const { passages, corpusSha256, cacheDir, signal } = systemDeps;
      const index = await openBm25({ passages, corpusSha256, settings: bm25Settings(retriever), cacheDir, signal });
      const here = { k1: retriever.k1, b: retriever.b };
      const grid = [here, ...BM25_GRID.filter(({ k1, b }) => k1 !== here.k1 || b !== here.b)];
      const tuned = await tuneBm25(index, samples, grid, score, {
        depth,
        signal,
        ...(folds !== undefined && { folds }),
        onProgress: (done, total) => progress.update({ done, total, failed: 0, refused: 0, inFlight: 1, retries: 0 }),
      });
      const { mean } = await tuneBm25(index, samples, [here], score, { depth, signal });
      return { tuned: { ...tuned, setting: { ...tuned.setting } } as Tuned<Settings>, kept: mean };
    }
    if (retriever?.kind === "fusion" && retriever.method === "convex" && retriever.of.length === 2) {
      const rankings: (readonly Ranking[])[] = [];
      for (const part of retriever.of)
        rankings.push(await rankAll(system, part, questions, retriever.depth, systemDeps));
      const joined = samples.map((sample, i) => ({ ...sample, rankings: rankings.map((r) => r[i]!) }));
      const here = retriever.weight ?? retriever.weights?.[0] ?? 0.5;
      const weights = [here, ...weightGrid().flatMap((s) => (s.weights?.[0] === here ? [] : [s.weights![0]!]))];
      const tuned = tuneFusion(joined, weightGrid(weights, retriever.normalise), score, folds);
      const { mean } = tuneFusion(joined, weightGrid([here], retriever.normalise), score);
      const weightOf = (setting: { weights?: readonly number[] }): Settings => ({ weight: setting.weights![0]! });
      const unseen = tuned.crossValidated;
      return {
        tuned: {
          ...tuned,
          setting: weightOf(tuned.setting),
          ...(unseen && { crossValidated: { ...unseen, chosen: unseen.chosen.map(weightOf) } }),
        } as Tuned<Settings>,
        kept: mean,
      };
    }
  } finally {
    progress.stop();
  }
  throw nothingToTune(system);
}

/** What one part of a fusion ranks for every question. */
async function rankAll(
  system: System,
  part: RetrieverConfig,
  questions: readonly QuestionRecord[],
  depth: number,
  deps: SystemDeps,
): Promise<readonly Ranking[]> {
  const alone = { retriever: part };
  const built = await buildSystem({ ...system, config: alone, publicConfig: alone }, deps);
  try {
    const rankings: Ranking[] = [];
    for (const { judgements: _, ...query } of questions) {
      rankings.push(...(await built.retriever!.search([query], depth, deps.signal)));
    }
    return rankings;
  } finally {
    await built.close();
  }
}

function rankingMetric(name: string): RankingMetric {
  const parsed = parseMetric(name);
  if (!parsed.ok) throw new UsageError({ code: "E_METRIC", where: "--metric", ...parsed.problem });
  if (parsed.metric.kind === "ranking") return parsed.metric;
  throw new UsageError({
    code: "E_METRIC",
    where: "--metric",
    expected: "a ranking metric",
    got: `${JSON.stringify(name)}, which is of answers`,
    fix: "name for example nDCG@10 or R@5",
  });
}

function distinct(chosen: readonly Settings[]): string {
  const shown = chosen.map((s) =>
    Object.entries(s)
      .map(([key, x]) => `${key} ${x}`)
      .join(" "),
  );
  return [...new Set(shown)].join(", ");
}

function noGold(split: string): DataError {
  return new DataError([
    {
      code: "E_DATASET_SPLIT",
      where: `split ${split}`,
      expected: "questions with a relevant passage",
      got: "none",
      fix: "name a split that has judgements, or add them",
    },
  ]);
}

function nothingToTune(system: System): DataError {
  const { retriever } = system.config;
  return new DataError([
    {
      code: "E_SYSTEM",
      where: `${system.file} /retriever`,
      expected: "a retriever of kind bm25, or a convex fusion of two",
      got: retriever === undefined ? "no retriever" : `kind ${retriever.kind}`,
      fix: "name a system that has something to choose",
    },
  ]);
}
