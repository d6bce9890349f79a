import { resolve } from "node:path";
import type { Suite } from "../../config/index.ts";
import { DataError, EXIT, UsageError } from "../../core/errors.ts";
import { printable, quoteValue } from "../../lib/text.ts";
import { type Metric, parseMetric, refusalDetector } from "../../metric/index.ts";
import type { SummaryFormat } from "../../report/summary/summary-formats.ts";
import { formatSweep } from "../../report/sweep/format-sweep.ts";
import { sweepPage } from "../../report/sweep/sweep-page.ts";
import { type SweepCell, sweepTable } from "../../report/sweep/sweep-table.ts";
import { inBothReadings } from "../../run/both-readings.ts";
import { hasGold } from "../../run/score.ts";
import type { QuestionRecord } from "../../runlog/index.ts";
import { type Deps, line, terminalOf } from "../deps.ts";
import { openJob } from "../job/prepare-job.ts";
import { type Progress, startProgress } from "../terminal/progress.ts";
import { writePage } from "../terminal/write-page.ts";
import { keyNames, parseAxes } from "./sweep-axes.ts";
import { openCorpora, type SweepCorpus } from "./sweep-corpora.ts";
import { goldKey, type Measuring, measureCells } from "./sweep-measure.ts";
import { shareParts } from "./sweep-parts.ts";
import { loadVariants } from "./sweep-systems.ts";

export interface SweepOptions {
  readonly suite: string | undefined;
  readonly set: readonly string[];
  readonly chunk: readonly string[];
  readonly topk: readonly number[];
  readonly split: string;
  readonly lookAtTest: boolean;
  readonly answers: boolean;
  readonly metric: string | undefined;
  readonly format: SummaryFormat;
  readonly encoder: string | undefined;
  readonly limit: number | undefined;
  readonly html: string | undefined;
  readonly quiet: boolean;
}

/**
 * Carries out `bench sweep`.
 * @param name the system's id
 * @returns the exit code
 */
export async function sweepRetriever(name: string, options: SweepOptions, deps: Deps): Promise<number> {
  const axes = parseAxes(options);
  const job = await openJob({ suite: options.suite, system: [name] }, deps);
  const { project, dataset } = job;
  const { config, conditions } = job.suite;
  const tested = options.split === config.split || options.split === "test";
  if (tested && !options.lookAtTest) throw refused(options.split);
  const metrics = metricsOf(job.suite, options, axes.topk);
  const variants = await loadVariants(project, name, axes.set, { env: deps.env, answers: options.answers });
  const corpora = await openCorpora({
    ...{ project, dataset, split: options.split, chunk: axes.chunk, limit: options.limit },
    documents: metrics.some((metric) => metric.kind === "ranking" && metric.gold === "document"),
    encoder: options.encoder === undefined ? undefined : resolve(deps.cwd, options.encoder),
  });
  const all = corpora[0]!.questions;
  const gold = goldQuestions(corpora);
  if (gold.size === 0) throw noGold(options.split);
  if (options.answers && config.refusal?.judge !== undefined) throw judgedRefusals(config.refusal.judge);
  const questions = options.answers
    ? all
    : all.filter((question) => READINGS.some((reading) => gold.has(goldKey(reading, question))));

  const columns = inBothReadings(
    metrics,
    all.some(({ strict }) => strict !== undefined),
  );
  const deepest = Math.max(config.depth, ...metrics.map((m) => (m.kind === "ranking" ? (m.depth ?? 0) : 0)));
  const contexts = conditions.flatMap((condition) => (condition.kind === "rag" ? [condition.k] : []));
  const answersAt = options.answers ? Math.max(...(contexts.length > 0 ? contexts : [5])) : undefined;
  const notes = new Set(corpora.flatMap(({ notes: said }) => said));
  if (answersAt !== undefined && axes.topk.length === 0)
    notes.add(`Answers are given from the first ${answersAt} passages.`);
  const cells: SweepCell[] = [];
  const progress = startProgress(`${name}: sweep`, options.quiet, deps);
  let before = 0;
  try {
    for (const corpus of corpora) {
      const share = shareParts(variants.map(({ system }) => system));
      for (const variant of variants) {
        const measuring: Measuring = {
          ...{ corpus, variant, questions, gold, columns, notes, answersAt, share },
          topk: axes.topk,
          detectRefusal: refusalDetector(config.refusal),
          depth: axes.topk.length > 0 ? Math.max(...axes.topk) : Math.max(deepest, answersAt ?? 0),
          cacheDir: project.cache,
          step: (done) => tell(progress, before + done, corpora.length * variants.length * questions.length),
        };
        cells.push(...(await measureCells(measuring, deps)));
        before += questions.length;
      }
    }
  } finally {
    progress.stop();
  }
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
    columns: columns.map((metric) => ({
      name: metric.name,
      unscored: all.filter((question) => lacksGold(metric, question, gold)).length,
    })),
    chosenBy: 0,
    cells,
    ...(config.cluster === "document" && { clusters: clustersOf(questions) }),
    level: config.level,
    seed: config.seed,
    notes: [...notes],
  });
  deps.stdout.write(formatSweep(table, options.format, terminalOf(deps.stdout).columns));
  if (options.html !== undefined) await writePage((facts) => sweepPage(table, facts), options.html, deps);
  if (options.format !== "text" && tested) line(deps.stderr, testWarning(options.split));
  return EXIT.ok;
}

const READINGS = [{ gold: "lenient" }, { gold: "document" }] as const;

/** The `goldKey` of the questions that have gold among the passages, or documents, of any cell. */
function goldQuestions(corpora: readonly SweepCorpus[]): Set<string> {
  const keys = corpora.flatMap(({ questions }) =>
    READINGS.flatMap((reading) => questions.filter((q) => hasGold(reading, q)).map((q) => goldKey(reading, q))),
  );
  return new Set(keys);
}

/** Whether a metric should speak of a question and has nothing to compare with. */
function lacksGold(metric: Metric, question: QuestionRecord, gold: ReadonlySet<string>): boolean {
  const { answers, answerable = true } = question;
  if (metric.kind === "ranking") return answerable && !gold.has(goldKey(metric, question));
  const floor = metric.floor({ references: answers, answerable });
  return floor.state === "unscored" && floor.reason === "no-gold";
}

function metricsOf({ config }: Suite, { metric, answers }: SweepOptions, topk: readonly number[]): Metric[] {
  const ofSuite = config.metrics.flatMap((name) => {
    const parsed = parseMetric(name);
    return parsed.ok && (answers || parsed.metric.kind === "ranking") ? [parsed.metric] : [];
  });
  const rankings = ofSuite.filter(({ kind }) => kind === "ranking");
  const initial =
    topk.length > 0
      ? `R@${Math.max(...topk)}`
      : (rankings.find(({ name }) => name.startsWith("nDCG"))?.name ?? rankings[0]?.name ?? "nDCG@10");
  const first = chosenMetric(metric ?? initial, answers);
  return [first, ...ofSuite.filter(({ name }) => name !== first.name)];
}

function chosenMetric(name: string, answers: boolean): Metric {
  const parsed = parseMetric(name);
  if (!parsed.ok) throw new UsageError({ code: "E_METRIC", where: "--metric", ...parsed.problem });
  if (answers || parsed.metric.kind === "ranking") return parsed.metric;
  const got = `${quoteValue(name)}, which is of answers`;
  const fix = "name for example nDCG@10 or R@5, or ask for answers with --answers";
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

function testWarning(split: string): string {
  return `warning: the split ${printable(split)} is for testing: what is chosen on it cannot be tested on it`;
}

/** A sweep asks no judge, and its answers are kept nowhere to be judged later. */
function judgedRefusals(judge: string): UsageError {
  return new UsageError({
    code: "E_SWEEP_JUDGE",
    where: "--answers",
    expected: "a suite that tells refusals by phrases and patterns",
    got: `one that leaves them to the judge ${judge}`,
    fix: "leave --answers out, or measure the few that matter with bench run",
  });
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
