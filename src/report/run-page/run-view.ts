import {
  type Calibrations,
  type LatencyPass,
  type Manifest,
  RETRIEVAL,
  type Run,
  type Scores,
} from "../../runlog/index.ts";
import { numberView, reasonOf } from "../cells/cell-view.ts";
import { estimateSample } from "../cells/estimate-cell.ts";
import type { FailureAttribution } from "../conditions/attribute-failures.ts";
import { conditionsView } from "../conditions/conditions-view.ts";
import { contextEffects } from "../conditions/context-effect.ts";
import type { SameAnswers } from "../conditions/same-answers.ts";
import { type CostRate, costFigures } from "../cost/cost-figures.ts";
import { costNotes, formatUsd, notesOfAll } from "../cost/cost-text.ts";
import type { Diagnosis } from "../diagnosis/diagnosis.ts";
import { diagnosisView } from "../diagnosis/diagnosis-view.ts";
import { answerFlags, flagReasons, flagText } from "../gaming/answer-flags.ts";
import { resumeCommand } from "../group-runs.ts";
import { badgeView } from "../judged/badge-view.ts";
import { gradesView } from "../judged/grades-view.ts";
import { latencyFigures, type Percentile, percentilesOf } from "../latency/latency-figures.ts";
import { describePass, formatEnds, formatLatency, formatRate, latencyNotes, placeOf } from "../latency/latency-text.ts";
import { columnHead, metricAnchor } from "../metric-head.ts";
import type { NotableGroups } from "../questions/notable-questions.ts";
import { tagBreakdown } from "../questions/tag-breakdown.ts";
import { judgingText, refusalJudged } from "../refusal/judging-text.ts";
import type { SelectiveAnswering } from "../refusal/selective.ts";
import { selectiveView } from "../refusal/selective-view.ts";
import { formatCount, formatLevel } from "../text/format-number.ts";
import { methodWords } from "../text/method-words.ts";
import { spreadView } from "../trials/spread-view.ts";
import { trialSpreads } from "../trials/trial-spread.ts";

/** What a run folder says besides its scores. */
export interface Found {
  readonly pass?: LatencyPass | undefined;
  readonly diagnosis?: Diagnosis | undefined;
  readonly attributions?: readonly FailureAttribution[] | undefined;
  readonly same?: readonly SameAnswers[] | undefined;
  readonly selective?: readonly SelectiveAnswering[] | undefined;
  /** Tag → the questions that have it by their places. */
  readonly tags?: ReadonlyMap<string, readonly number[]> | undefined;
  readonly notable?: NotableGroups | undefined;
  /** Of the judges that are known, by their ids. */
  readonly calibrations?: Calibrations | undefined;
}

/** The page of one run as its template takes it. */
export function runView({ manifest, state, end }: Run, scores: Scores, found: Found = {}) {
  const { suite, system, dataset, code } = manifest;
  const refusals = refusalJudged(scores);
  return {
    title: `${system.title ?? system.id} on ${suite.title ?? suite.id}`,
    run: manifest.run,
    suite: suite.title ?? suite.id,
    system: system.title ?? system.id,
    interrupted: state === "interrupted",
    complete: state === "complete",
    scripts: state === "complete" ? ["page.js", "list.js", "question.js", "run.js"] : [],
    level: formatLevel(manifest.level),
    flags: flagsView(found.same ?? []),
    facts: [
      { value: formatCount(scores.queries.length), label: "questions" },
      { value: formatCount(dataset.passages), label: "passages" },
      { value: manifest.conditions.join(", ") || "retrieval only", label: "" },
      { value: manifest.startedAt.slice(0, 10), label: "" },
    ],
    estimates: estimates(scores, found.calibrations),
    judging: refusals ? judgingText(manifest.run, refusals) : [],
    grades: gradesView(scores, found.calibrations),
    latency: latency(scores),
    cost: costView(scores),
    alone: found.pass && aloneView(found.pass, manifest.level),
    diagnosis: found.diagnosis && diagnosisView(found.diagnosis),
    conditions: conditionsView(contextEffects(scores, manifest.level), found.attributions ?? [], found.same ?? []),
    selective: selectiveView(found.selective ?? []),
    tags: tagBreakdown(scores, found.tags ?? new Map(), found.calibrations),
    notable: found.notable,
    trials: spreadView(trialSpreads(scores, manifest.level)),
    version: code.version,
    commit: code.commit,
    dirty: code.dirty === true,
    command: manifest.command,
    resume: resumeCommand(manifest.command),
    manifest: facts(manifest, end?.endedAt, end?.sha256),
    systemConfig: pretty(system.config),
    suiteConfig: pretty(suite.config),
    protocolFields: pretty(manifest.protocolFields),
  };
}

/** What looks canned about the answers; undefined where nothing does. */
function flagsView(same: readonly SameAnswers[]) {
  const flags = answerFlags(same);
  return flags.length === 0 ? undefined : { lines: flags.map(flagText), reasons: flagReasons(flags) };
}

function estimates(scores: Scores, calibrations?: Calibrations) {
  const { level } = scores.manifest;
  const groups = Array.from(scores.groups.values());
  // By metric and then by context, so that the rows of one metric over k stand together.
  const names = new Set(groups.flatMap((group) => [...group.metrics.keys()]));
  return Array.from(names).flatMap((name) =>
    groups.flatMap((group) => {
      const metric = columnHead(name, [scores], calibrations);
      const found = estimateSample(scores, group.name, metric, level);
      if (found === undefined) return [];
      const { estimate, notApplicable } = found;
      return {
        metric: name,
        anchor: metricAnchor(metric),
        badge: badgeView(metric),
        meaning: `${metric.title}. ${metric.meaning}`,
        context: group.name,
        ...numberView(estimate, metric),
        reason: reasonOf(estimate),
        scored: formatCount(estimate.n - estimate.failed),
        failed: estimate.failed,
        unscored: formatCount(estimate.unscored),
        notApplicable: formatCount(notApplicable),
        method: estimate.state === "estimated" ? methodWords(estimate.method) : "",
      };
    }),
  );
}

/** While the run answered: measured calls of every kind. */
function latency(scores: Scores) {
  const { level } = scores.manifest;
  return Array.from(scores.groups.values()).flatMap(({ name, ms, firstTokenMs }) => [
    ...latencyRow(name === RETRIEVAL ? "retrieval" : `answers, ${name}`, ms.length, percentilesOf(ms, level)),
    ...latencyRow(`first token, ${name}`, firstTokenMs.length, percentilesOf(firstTokenMs, level)),
  ]);
}

/** What the answers of each condition cost, where a price is named. */
function costView(scores: Scores) {
  const rows = Array.from(scores.groups.values()).flatMap((group) => {
    const cost = costFigures(scores, group, scores.manifest.level);
    if (cost === undefined) return [];
    const { known, unknown, usd, per1000, perRight } = cost;
    return {
      context: group.name,
      known: formatCount(known),
      unknown: formatCount(unknown),
      usd: known === 0 ? "" : formatUsd(usd),
      per1000: per1000 && rateView(per1000),
      perRight: perRight.map((found) => ({ metric: found.metric, ...rateView(found) })),
      notes: costNotes(cost),
    };
  });
  const total = Array.from(scores.groups.values()).reduce(
    (sum, group) => sum + (group.cost?.values.reduce((usd, value) => usd + value, 0) ?? 0),
    0,
  );
  return rows.length === 0
    ? undefined
    : {
        rows,
        total: formatUsd(total),
        notes: notesOfAll(rows.map(({ context, notes }) => ({ name: context, notes }))),
      };
}

function rateView({ usd, interval }: CostRate) {
  const ends = interval && `[${formatUsd(interval.low).slice(1)}, ${formatUsd(interval.high).slice(1)}]`;
  return { number: formatUsd(usd), interval: ends ?? "" };
}

function latencyRow(of: string, n: number, percentiles: readonly Percentile[]) {
  if (n === 0) return [];
  const cells = percentiles.map((found) => ({
    label: `p${100 * found.p}`,
    number: formatLatency(found.value),
    interval: formatEnds(found),
  }));
  return [{ of, n: formatCount(n), cells }];
}

/** Of a pass of its own, one question at a time. */
function aloneView(pass: LatencyPass, level: number) {
  const figures = latencyFigures(pass, level);
  return {
    about: describePass(figures),
    rows: figures.parts.flatMap(({ of, n, percentiles }) => latencyRow(of, n, percentiles)),
    batch: formatCount(figures.batch),
    throughput: figures.throughput.flatMap((part) =>
      part.state === "none"
        ? []
        : {
            where: placeOf(part),
            rate: formatRate(part.perSecond),
            interval: `[${formatRate(part.least)}, ${formatRate(part.most)}]`,
            same: part.different === 0 ? "all" : `all but ${formatCount(part.different)}`,
          },
    ),
    notes: latencyNotes(figures),
  };
}

function facts(manifest: Manifest, endedAt: string | undefined, sha256: string | undefined) {
  const { dataset, suite, system, code, machine } = manifest;
  const rows: readonly (readonly [label: string, value: string | undefined])[] = [
    ["Run", manifest.run],
    ["Suite", `${suite.id}, sha256 ${suite.sha256}`],
    ["System", `${system.id}, sha256 ${system.sha256}`],
    ["Dataset", `${dataset.id}, split ${dataset.split}, sha256 ${dataset.sha256}`],
    ["Contexts", manifest.conditions.join(", ") || undefined],
    ["Trials", String(manifest.trials)],
    ["Passages retrieved", manifest.depth === 0 ? undefined : `${manifest.depth} per question`],
    ["Seed", String(manifest.seed)],
    ["Refusals", refusalsBy(manifest)],
    ["Clusters", manifest.cluster === "document" ? "questions of one document" : "none: questions are independent"],
    ["Protocol", manifest.protocol],
    [
      "Version",
      `${code.version}${code.commit === undefined ? "" : `, commit ${code.commit}`}${code.dirty ? " with local changes" : ""}`,
    ],
    ["Machine", `${machine.platform} ${machine.arch}, ${machine.cpus} processors, Node ${machine.node}`],
    ["Asked again", retriedOf(manifest)],
    ["Started", manifest.startedAt],
    ["Ended", endedAt],
    ["Log", sha256 && `sha256 ${sha256}`],
  ];
  return rows.flatMap(([label, value]) => (value === undefined ? [] : { label, value }));
}

function refusalsBy({ refusalJudge }: Manifest): string | undefined {
  return refusalJudge && `decided by the judge ${refusalJudge.id}, sha256 ${refusalJudge.sha256}`;
}

/** What the system could not answer at first is told: a run that was mended is not one that never failed. */
function retriedOf({ retried }: Manifest): string | undefined {
  if (retried === undefined) return undefined;
  const { run, results, sha256 } = retried;
  return `${results.length} results that had failed in ${run}; all others are its (log sha256 ${sha256})`;
}

function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2) ?? "";
}
