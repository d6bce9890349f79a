import { resolve } from "node:path";
import type { System } from "../../config/index.ts";
import { type Condition, formatCondition } from "../../core/condition.ts";
import { UsageError } from "../../core/errors.ts";
import { seeded } from "../../core/rng.ts";
import type { Metric } from "../../metric/index.ts";
import { metricHead } from "../../report/metric-head.ts";
import { metricValues } from "../../report/probe/metric-values.ts";
import type { ProbeCell } from "../../report/probe/probe-table.ts";
import { loadQuestions } from "../../run/index.ts";
import { PERTURBATIONS } from "../../run/probe/perturb.ts";
import { questionSet } from "../../run/probe/question-set.ts";
import { ORIGINAL, putInVariants, type Variant, variantId, variantsOf } from "../../run/probe/variants.ts";
import { type QuestionRecord, RETRIEVAL } from "../../runlog/index.ts";
import type { Deps } from "../deps.ts";
import { byDocument } from "../job/prepare-job.ts";
import type { ProbeOptions } from "./probe-flags.ts";
import {
  clustersOf,
  type OpenedProbe,
  printProbe,
  probeMetrics,
  runProbe,
  withoutPart,
  withProbe,
} from "./probe-run.ts";
import { readParaphrases } from "./read-paraphrases.ts";

export interface ParaphraseOptions extends ProbeOptions {
  readonly change: readonly string[];
  readonly paraphrases: string | undefined;
  readonly topk: number | undefined;
}

/** Passages that the generator gets where the suite has no rag condition. */
const CONTEXT = 5;

/**
 * Carries out `bench probe paraphrase`.
 * @param name the system's id
 * @returns the exit code
 */
export async function probeParaphrase(name: string, options: ParaphraseOptions, deps: Deps): Promise<number> {
  return withProbe(name, options, deps, async (opened) => {
    const { config } = opened.suite;
    const { retriever, generator } = opened.system.config;
    const metrics = probeMetrics(opened, options.metric, [
      ...(retriever ? (["ranking"] as const) : []),
      ...(generator ? (["answer"] as const) : []),
    ]);
    const condition = conditionOf(opened, options.topk);
    const { questions, variants, texts } = await prepare(opened, options, deps);
    const put = [...putInVariants(questions, variants)];
    const run = await runProbe(
      opened,
      {
        kind: "paraphrase",
        title: "paraphrase probe",
        system: partsFor(opened.system, metrics, condition),
        questions: questionSet(config.split, put),
        conditions: [condition],
        metrics,
        // The log's own means are over all variants: those of one question are not independent.
        cluster: "document",
        settings: { variants: variants.map((variant) => [variant.name, variant.meaning]) },
      },
      options,
      deps,
    );
    if (!run.done) return run.exitCode;
    const placeIn = (variant: string) => {
      const places = new Map(questions.map(({ id }, i) => [variantId(variant, id), i]));
      return (query: number): number | undefined => places.get(run.scores.queries[query]!);
    };
    const columns = metrics.map((metric) => metricHead(metric.name));
    const cells = variants.map(({ name: variant }): ProbeCell => {
      const placeOf = placeIn(variant);
      return {
        label: variant,
        columns: metrics.map(({ kind, name: metric }) => {
          const group = kind === "ranking" ? RETRIEVAL : formatCondition(condition);
          return metricValues(run.scores, group, metric, placeOf, questions.length);
        }),
        facts: [texts.get(variant)],
      };
    });
    await printProbe(
      {
        title: "paraphrase probe",
        ...{ system: name, dataset: opened.dataset.id, split: config.split, questions: questions.length },
        ...{ columns, cells, reference: 0, pairs: [], facts: ["changed"] },
        ...clustersOf(opened, questions),
        ...{ level: config.level, seed: config.seed, run: run.scores.manifest.run },
        notes: [
          ...variants.slice(1).map((variant) => `${variant.name}: ${variant.meaning}.`),
          ...(metrics.some(({ kind }) => kind === "answer")
            ? [`Answers are given under ${formatCondition(condition)}.`]
            : []),
          "“changed” counts the questions whose text is another than the original; the rest are asked as they are.",
        ],
      },
      options,
      deps,
    );
    return run.exitCode;
  });
}

async function prepare(opened: OpenedProbe, options: ParaphraseOptions, deps: Deps) {
  const { dataset, suite } = opened;
  const { config } = suite;
  const { records } = await loadQuestions(dataset, config.split, {
    documents: byDocument([...config.metrics, ...options.metric]),
    ...(options.limit !== undefined && { limit: options.limit }),
  });
  const questions = [...records];
  const paraphrases =
    options.paraphrases === undefined
      ? new Map<string, string[]>()
      : await readParaphrases(
          resolve(deps.cwd, options.paraphrases),
          options.paraphrases,
          // With --limit the file may speak of questions that are not asked.
          new Set((await loadQuestions(dataset, config.split)).records.filter(() => true).map(({ id }) => id)),
        );
  const wanted = options.change.length > 0 ? new Set(options.change) : undefined;
  const given = options.paraphrases !== undefined;
  const perturbations = PERTURBATIONS.filter((each) => (wanted ? wanted.has(each.name) : !given));
  const variants = variantsOf(
    perturbations,
    asked(paraphrases, questions),
    seeded(config.seed).fork("probe/paraphrase"),
  );
  if (variants.length === 1) throw nothingChanged(options.paraphrases);
  const texts = new Map(variants.map((variant) => [variant.name, changed(variant, questions)]));
  return { questions, variants, texts };
}

function asked(
  paraphrases: ReadonlyMap<string, readonly string[]>,
  questions: readonly QuestionRecord[],
): ReadonlyMap<string, readonly string[]> {
  return new Map(questions.flatMap(({ id }) => (paraphrases.has(id) ? [[id, paraphrases.get(id)!]] : [])));
}

function changed({ name, textOf }: Variant, questions: readonly QuestionRecord[]): number | undefined {
  if (name === ORIGINAL) return undefined;
  return questions.filter((question) => (textOf(question) ?? question.text) !== question.text).length;
}

/** The system without what no metric is of. */
function partsFor(system: System, metrics: readonly Metric[], condition: Condition): System {
  const answers = metrics.some(({ kind }) => kind === "answer");
  const retrieves = metrics.some(({ kind }) => kind === "ranking") || condition.kind === "rag";
  const asked = answers ? system : withoutPart(system, "generator");
  return retrieves ? asked : withoutPart(asked, "retriever");
}

/** The largest k of the suite, or what is asked for; the gold where nothing is retrieved. */
function conditionOf({ suite, system }: OpenedProbe, topk: number | undefined): Condition {
  if (system.config.retriever === undefined) return { kind: "oracle" };
  const ks = suite.conditions.flatMap((condition) => (condition.kind === "rag" ? condition.k : []));
  return { kind: "rag", k: topk ?? (ks.length > 0 ? Math.max(...ks) : CONTEXT) };
}

function nothingChanged(file: string | undefined): UsageError {
  return new UsageError({
    code: "E_USAGE",
    where: file === undefined ? "--change" : "--paraphrases",
    expected: "at least one way to put the questions differently",
    got: "none of the questions that are asked",
    fix: "raise --limit, or add --change typos",
  });
}
