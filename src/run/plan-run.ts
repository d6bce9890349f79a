import type { NamedPrice, RefusalJudge, Suite, System } from "../config/index.ts";
import { type Condition, formatCondition } from "../core/condition.ts";
import type { Timing } from "../core/contracts.ts";
import { BadArgument, DataError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { hashValue } from "../lib/hash.ts";
import { fileNameOf } from "../lib/text.ts";
import {
  type AnswerMetric,
  type Metric,
  parseMetric,
  type RankingMetric,
  type RefusalDetector,
  refusalDetector,
} from "../metric/index.ts";
import { LOG_SCHEMA, type Manifest, type RefusalJudgeName } from "../runlog/index.ts";
import { inBothReadings } from "./both-readings.ts";
import { checkFit } from "./check-fit.ts";
import type { Questions } from "./load-questions.ts";
import type { MadeContexts } from "./probe/made-contexts.ts";
import { protocolOf } from "./protocol.ts";

/** How often a question is put to a system that does not ask again by itself. */
const ATTEMPTS = 3;
/** The version of a log in which every answer says whether it is a refusal. */
const SCHEMA_WITHOUT_JUDGE = 1;
/** Passages kept of each ranking where no condition says how many matter. */
const SHOWN_WITHOUT_RAG = 10;

export interface PlanInput {
  readonly suite: Suite;
  readonly system: System;
  readonly dataset: Pick<Manifest["dataset"], "id" | "sha256" | "passages" | "card">;
  readonly questions: Questions;
  /** Where the suite leaves its refusals to a judge. */
  readonly refusalJudge?: RefusalJudge | undefined;
  readonly code: Manifest["code"];
  readonly machine: Manifest["machine"];
  /** What the generator costs; written into the log beside the costs made with it. */
  readonly price?: NamedPrice | undefined;
  /** The command that makes the run again. */
  readonly command: string;
  /** What a probe changes of questions or contexts, in words that a log can hold; part of the protocol. */
  readonly probe?: Readonly<Record<string, unknown>>;
  /** Makes the contexts of the conditions that are a probe's. */
  readonly contexts?: MadeContexts;
}

/** All that a run does, settled before the first question is asked. */
export interface Plan {
  /** Name of the run and of its folder. The same inputs give the same name, so that a finished run is found again. */
  readonly run: string;
  readonly manifest: Omit<Manifest, "run" | "startedAt">;
  readonly questions: Questions;
  readonly conditions: readonly Condition[];
  readonly contexts?: MadeContexts;
  readonly rankingMetrics: readonly RankingMetric[];
  readonly answerMetrics: readonly AnswerMetric[];
  /** Where a judge decides, it says of answers that it leaves to the judge `none`. */
  readonly detectRefusal: RefusalDetector;
  readonly price?: NamedPrice;
  /** Passages of each ranking that `passages.jsonl` keeps. */
  readonly shown: number;
  /** How often the generator is asked at most; a client that asks again by itself is asked once. */
  readonly answerAttempts: number;
  readonly retrievalAttempts: number;
  /** A replayed ranking has no latency of its own. */
  readonly retrievalSource: Timing["source"];
  /** What is allowed but may not be meant. */
  readonly warnings: readonly Problem[];
}

/**
 * Settles a run of a system on a suite.
 * @throws DataError with all that does not fit: metrics the system can give no value for, conditions it cannot be put under
 */
export function planRun(input: PlanInput): Plan {
  const { suite, system, dataset, questions, code, machine, command } = input;
  const refusalJudge = judgeNamed(suite, input.refusalJudge);
  const asked = metricsOf(suite);
  const { problems, warnings } = checkFit({ suite, system, questions, passages: dataset.passages, metrics: asked });
  if (problems.length > 0) throw new DataError(problems);

  const metrics = inBothReadings(asked, questions.records.traits.spans);
  const rankingMetrics = metrics.filter((m) => m.kind === "ranking");
  const answerMetrics = metrics.filter((m) => m.kind === "answer");
  const { config } = suite;
  const answering = system.config.generator !== undefined && answerMetrics.length > 0;
  const conditions = answering ? suite.conditions : [];
  const ks = conditions.map((c) => (c.kind === "rag" ? c.k : 0));
  const depth = system.config.retriever ? Math.max(config.depth, ...ks, ...rankingMetrics.map((m) => m.depth ?? 0)) : 0;
  const protocol = protocolOf(config, refusalJudge, dataset, questions, rankingMetrics, depth, input.probe);
  const manifest: Plan["manifest"] = {
    kind: "manifest",
    schema: answering && refusalJudge ? LOG_SCHEMA : SCHEMA_WITHOUT_JUDGE,
    suite: { id: suite.id, sha256: suite.sha256, ...(config.title && { title: config.title }), config },
    dataset: {
      id: dataset.id,
      split: questions.split,
      sha256: dataset.sha256,
      queries: questions.records.length,
      passages: dataset.passages,
      ...(dataset.card && { card: dataset.card }),
    },
    system: {
      id: system.id,
      sha256: system.sha256,
      ...(system.config.title && { title: system.config.title }),
      config: system.publicConfig,
    },
    conditions: conditions.map(formatCondition),
    trials: config.trials,
    metrics: metrics.map((m) => m.name),
    depth,
    seed: config.seed,
    level: config.level,
    cluster: config.cluster,
    ...(answering && refusalJudge && { refusalJudge }),
    protocol: protocol.id,
    protocolFields: protocol.fields,
    code,
    machine,
    ...(input.price && { price: input.price }),
    command,
  };
  return {
    run: runIdOf(manifest, questions),
    manifest,
    questions,
    conditions,
    ...(input.contexts && { contexts: input.contexts }),
    rankingMetrics,
    answerMetrics,
    detectRefusal: refusalDetector(refusalJudge ? { phrases: [], patterns: [] } : config.refusal),
    ...(input.price && { price: input.price }),
    shown: Math.max(...ks) > 0 ? Math.max(...ks) : Math.min(depth, SHOWN_WITHOUT_RAG),
    answerAttempts: system.config.generator?.kind === "openai" ? 1 : ATTEMPTS,
    retrievalAttempts: ATTEMPTS,
    retrievalSource: system.config.retriever?.kind === "replay" ? "replayed" : "measured",
    warnings,
  };
}

/** Of everything that results depend on; not of the machine, the commit or the time. */
function runIdOf(manifest: Plan["manifest"], questions: Questions): string {
  const { suite, system, dataset, conditions, trials, metrics, seed, code, schema, refusalJudge } = manifest;
  const content = {
    suite: suite.sha256,
    system: system.sha256,
    dataset: dataset.sha256,
    questions: questions.sha256,
    conditions,
    trials,
    metrics,
    seed,
    version: code.version,
    schema,
    ...(refusalJudge && { refusalJudge }),
  };
  return `${fileNameOf(suite.id)}-${fileNameOf(system.id)}-${hashValue(content).slice(0, 8)}`;
}

/** @throws BadArgument when the judge that the suite names was not loaded, or is another */
function judgeNamed({ config }: Suite, found: RefusalJudge | undefined): RefusalJudgeName | undefined {
  const named = config.refusal?.judge;
  if (named !== found?.judge.id) throw new BadArgument(`the judge of refusals is ${named}, not ${found?.judge.id}`);
  return found && { id: found.judge.id, sha256: found.judge.sha256, criterion: found.criterion };
}

function metricsOf(suite: Suite): Metric[] {
  return suite.config.metrics.map((name) => {
    const parsed = parseMetric(name);
    if (parsed.ok) return parsed.metric;
    throw new DataError([{ code: "E_METRIC", where: suite.file, ...parsed.problem }]);
  });
}
