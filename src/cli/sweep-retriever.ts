import type { Suite } from "../config/index.ts";
import { DataError, EXIT, SystemFailure, UsageError } from "../core/errors.ts";
import type { Judgements, Ranking } from "../core/ranking.ts";
import { openPassageStore } from "../dataset/index.ts";
import { printable, quoteValue } from "../lib/text.ts";
import { parseMetric, type RankingMetric, rankIds } from "../metric/index.ts";
import type { SummaryFormat } from "../report/summary-formats.ts";
import { formatSweep } from "../report/sweep/format-sweep.ts";
import { type SweepCell, type SweepColumn, sweepTable } from "../report/sweep/sweep-table.ts";
import { queryOf } from "../run/ask-question.ts";
import { forEachLimited } from "../run/pool.ts";
import type { QuestionRecord } from "../runlog/index.ts";
import { buildSystem, type SystemDeps } from "../system/index.ts";
import { type Deps, line, terminalOf } from "./deps.ts";
import { type Opened, openJob } from "./prepare-job.ts";
import { type Progress, startProgress } from "./progress.ts";
import { type Axes, keyNames, parseAxes } from "./sweep-axes.ts";
import { openCorpora, type SweepCorpus } from "./sweep-corpora.ts";
import { loadVariants, type Variant } from "./sweep-systems.ts";

export interface SweepOptions {
  readonly suite: string | undefined;
  readonly set: readonly string[];
  readonly chunk: readonly string[];
  readonly topk: readonly number[];
  readonly split: string;
  readonly lookAtTest: boolean;
  readonly metric: string | undefined;
  readonly format: SummaryFormat;
  readonly quiet: boolean;
}

/** A column with what computes it. */
interface Measure extends SweepColumn {
  readonly compute: RankingMetric;
  readonly rule: "lenient" | "strict";
}

/**
 * Carries out `bench sweep`.
 * @param name the system's id
 * @returns the exit code
 */
export async function sweepRetriever(name: string, options: SweepOptions, deps: Deps): Promise<number> {
  const axes = parseAxes(options);
  const job = await openJob({ suite: options.suite, system: [name] }, deps);
  const tested = options.split === job.suite.config.split || options.split === "test";
  if (tested && !options.lookAtTest) throw refused(options.split);
  const metrics = metricsOf(job.suite, options.metric, axes.topk);
  const variants = await loadVariants(job.project, name, axes.set, deps.env);
  const { project, dataset } = job;
  const corpora = await openCorpora({ project, dataset, split: options.split, chunk: axes.chunk });
  const questions = goldQuestions(corpora);
  if (questions.length === 0) throw noGold(options.split);

  const columns = measures(metrics, corpora);
  const cells: SweepCell[] = [];
  const notes = new Set(corpora.flatMap(({ label, notes: said }) => said.map((note) => `${label}: ${note}`)));
  const total = corpora.length * variants.length * questions.length;
  const progress = startProgress(`${name}: sweep`, options.quiet, deps);
  try {
    for (const corpus of corpora) {
      for (const variant of variants) {
        const before = (cells.length / Math.max(1, axes.topk.length)) * questions.length;
        const step = (done: number) => tell(progress, before + done, total);
        cells.push(...(await measureCells({ job, axes, corpus, variant, questions, columns, notes, step }, deps)));
      }
    }
  } finally {
    progress.stop();
  }
  const all = corpora[0]!.questions;
  const table = sweepTable({
    system: name,
    dataset: dataset.id,
    split: options.split,
    tested,
    questions: all.length,
    axes: [
      ...(axes.chunk.length > 0 ? ["passages of"] : []),
      ...keyNames(axes.set),
      ...(axes.topk.length > 0 ? ["k"] : []),
    ],
    columns: columns.map(({ name: shown, metric }) => ({ name: shown, metric })),
    chosenBy: 0,
    cells,
    ...(job.suite.config.cluster === "document" && { clusters: clustersOf(questions) }),
    unscored: all.filter(({ answerable }) => answerable !== false).length - questions.length,
    level: job.suite.config.level,
    seed: job.suite.config.seed,
    notes: [...notes],
  });
  deps.stdout.write(formatSweep(table, options.format, terminalOf(deps.stdout).columns));
  if (options.format !== "text" && tested)
    line(
      deps.stderr,
      `warning: the split ${printable(options.split)} is for testing: what is chosen on it cannot be tested on it`,
    );
  return EXIT.ok;
}

/** The questions that have gold among the passages of any cell, in the order of the dataset. */
function goldQuestions(corpora: readonly SweepCorpus[]): QuestionRecord[] {
  const known = new Map<string, QuestionRecord>();
  for (const { questions } of corpora) {
    for (const question of questions) {
      if (question.judgements.some(([, grade]) => grade >= 1)) known.set(question.id, question);
    }
  }
  return corpora[0]!.questions.flatMap(({ id }) => known.get(id) ?? []);
}

interface Measuring {
  readonly job: Opened;
  readonly axes: Axes;
  readonly corpus: SweepCorpus;
  readonly variant: Variant;
  readonly questions: readonly QuestionRecord[];
  readonly columns: readonly Measure[];
  /** Takes what the system says of itself. */
  readonly notes: Set<string>;
  step(done: number): void;
}

/** Retrieves once at the largest depth and scores the ranking at each k. */
async function measureCells(measuring: Measuring, deps: Deps): Promise<SweepCell[]> {
  const { job, axes, corpus, variant, questions, columns, notes, step } = measuring;
  const topk: readonly (number | undefined)[] = axes.topk.length > 0 ? axes.topk : [undefined];
  const depth =
    axes.topk.length > 0
      ? Math.max(...axes.topk)
      : Math.max(job.suite.config.depth, ...columns.map(({ compute }) => compute.depth ?? 0));
  const lenient = new Map(corpus.questions.map(({ id, judgements }) => [id, new Map(judgements)]));
  const goldOf = (id: string, rule: Measure["rule"]): Judgements | undefined =>
    (rule === "strict" ? corpus.strict : lenient)?.get(id);
  const values = topk.map(() => columns.map(() => new Float64Array(questions.length)));
  let failed = 0;
  let done = 0;
  const passages = await openPassageStore(corpus.dataset);
  try {
    const systemDeps: SystemDeps = {
      passages: () => corpus.dataset.passages(),
      corpusSha256: corpus.corpusSha256,
      cacheDir: job.project.cache,
      env: deps.env,
      signal: deps.signal,
      clock: deps.clock,
      random: deps.random,
      lookup: (ids) => passages.get(ids),
    };
    const built = await buildSystem(variant.system, systemDeps);
    try {
      await built.preflight(deps.signal);
      await forEachLimited(questions.entries(), built.concurrency, deps.signal, async ([i, question], signal) => {
        let ranking: Ranking = [];
        try {
          ranking = (await built.retriever!.search([queryOf(question)], depth, signal))[0] ?? [];
        } catch (error) {
          if (!(error instanceof SystemFailure)) throw error;
          failed += 1;
        }
        const ids = rankIds(ranking);
        for (const [at, k] of topk.entries()) {
          for (const [c, { compute, rule }] of columns.entries()) {
            values[at]![c]![i] = score(compute, ids.slice(0, k), goldOf(question.id, rule));
          }
        }
        done += 1;
        step(done);
      });
      deps.signal.throwIfAborted();
      for (const note of built.notes()) notes.add(note);
    } finally {
      await built.close();
    }
  } finally {
    await passages.close();
  }
  const missed = questions.filter(({ id }) => !hasGold(goldOf(id, "lenient"))).length;
  const cut = corpus.label === undefined ? [] : [corpus.label];
  return topk.map((k, at) => ({
    settings: [...cut, ...variant.settings.map(([, value]) => value), ...(k === undefined ? [] : [String(k)])],
    values: values[at]!,
    passages: corpus.passages,
    failed,
    missed,
    ...(k !== undefined && { k }),
    asFile: variant.asFile && corpus.label === undefined && k === undefined,
  }));
}

/** Of a question that has gold in some cell: what no passage of this cell holds is missed, not unscored. */
function score(metric: RankingMetric, ids: readonly string[], judgements: Judgements = new Map()): number {
  const { range, better } = metric.definition;
  const outcome = metric.compute(ids, judgements);
  return outcome.state === "scored" ? outcome.value : range[better === "higher" ? 0 : 1];
}

function hasGold(judgements: Judgements | undefined): boolean {
  return judgements !== undefined && [...judgements.values()].some((grade) => grade >= 1);
}

/** The metric to choose by first, then the suite's others; each recall by both rules where gold is spans. */
function measures(metrics: readonly RankingMetric[], corpora: readonly SweepCorpus[]): Measure[] {
  const both = corpora.every(({ strict }) => strict !== undefined);
  return metrics.flatMap((compute): Measure[] => {
    const { name } = compute;
    const lenient: Measure = { name, metric: name, compute, rule: "lenient" };
    return both && /^R@/.test(name) ? [lenient, { ...lenient, name: `${name} strict`, rule: "strict" }] : [lenient];
  });
}

function metricsOf({ config }: Suite, asked: string | undefined, topk: readonly number[]): RankingMetric[] {
  const ofSuite = config.metrics.flatMap((name) => {
    const parsed = parseMetric(name);
    return parsed.ok && parsed.metric.kind === "ranking" ? [parsed.metric] : [];
  });
  const initial =
    topk.length > 0
      ? `R@${Math.max(...topk)}`
      : (ofSuite.find(({ name }) => name.startsWith("nDCG"))?.name ?? ofSuite[0]?.name ?? "nDCG@10");
  const first = rankingMetric(asked ?? initial);
  return [first, ...ofSuite.filter(({ name }) => name !== first.name)];
}

function rankingMetric(name: string): RankingMetric {
  const parsed = parseMetric(name);
  if (!parsed.ok) throw new UsageError({ code: "E_METRIC", where: "--metric", ...parsed.problem });
  if (parsed.metric.kind === "ranking") return parsed.metric;
  const got = `${quoteValue(name)}, which is of answers`;
  const fix = "name for example nDCG@10 or R@5";
  throw new UsageError({ code: "E_METRIC", where: "--metric", expected: "a ranking metric", got, fix });
}

/** Numbers of the documents that questions come from; one without a document stands alone. */
function clustersOf(questions: readonly QuestionRecord[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(questions, ({ id, document }) => {
    const key = document === undefined ? `q ${id}` : `d ${document}`;
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
}

function tell(progress: Progress, done: number, total: number): void {
  progress.update({ done, total, failed: 0, refused: 0, inFlight: 1, retries: 0 });
}

function refused(split: string): UsageError {
  return new UsageError({
    code: "E_USAGE",
    where: "--split",
    expected: "a split that the suite does not test on",
    got: quoteValue(split),
    fix: "leave --split out to use eval; to choose on the test split in spite of that, add --look-at-test",
  });
}

function noGold(split: string): DataError {
  const where = `split ${printable(split)}`;
  const fix = "name a split that has judgements, or add them";
  return new DataError([
    { code: "E_DATASET_SPLIT", where, expected: "questions with a relevant passage", got: "none", fix },
  ]);
}
