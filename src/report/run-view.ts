import { type Manifest, RETRIEVAL, type Run, type Scores } from "../runlog/index.ts";
import { numberView, reasonOf } from "./cell-view.ts";
import { estimateSample } from "./estimate-cell.ts";
import { formatCount, formatDuration, formatLevel } from "./format-number.ts";
import { resumeCommand } from "./group-runs.ts";
import { metricAnchor, metricHead } from "./metric-head.ts";
import { latencyOf } from "./summary.ts";

/** The page of one run as its template takes it. */
export function runView({ manifest, state, end }: Run, scores: Scores) {
  const { suite, system, dataset, code } = manifest;
  return {
    title: `${system.title ?? system.id} on ${suite.title ?? suite.id}`,
    run: manifest.run,
    suite: suite.title ?? suite.id,
    system: system.title ?? system.id,
    interrupted: state === "interrupted",
    complete: state === "complete",
    scripts: state === "complete" ? ["page.js", "question.js", "run.js"] : [],
    level: formatLevel(manifest.level),
    facts: [
      { value: formatCount(scores.queries.length), label: "questions" },
      { value: formatCount(dataset.passages), label: "passages" },
      { value: manifest.conditions.join(", ") || "retrieval only", label: "" },
      { value: manifest.startedAt.slice(0, 10), label: "" },
    ],
    estimates: estimates(scores),
    latency: latency(scores),
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

function estimates(scores: Scores) {
  const { level } = scores.manifest;
  const groups = Array.from(scores.groups.values());
  // By metric and then by context, so that the rows of one metric over k stand together.
  const names = new Set(groups.flatMap((group) => [...group.metrics.keys()]));
  return Array.from(names).flatMap((name) =>
    groups.flatMap((group) => {
      const metric = metricHead(name);
      const found = estimateSample(scores, group.name, metric, level);
      if (found === undefined) return [];
      const { estimate, notApplicable } = found;
      return {
        metric: name,
        anchor: metricAnchor(name),
        meaning: `${metric.title}. ${metric.meaning}`,
        context: group.name,
        ...numberView(estimate, metric),
        reason: reasonOf(estimate),
        scored: formatCount(estimate.n - estimate.failed),
        failed: estimate.failed,
        unscored: formatCount(estimate.unscored),
        notApplicable: formatCount(notApplicable),
        method: estimate.state === "estimated" ? estimate.method : "",
      };
    }),
  );
}

function latency(scores: Scores) {
  const rows = Array.from(scores.groups.values()).flatMap((group) => [
    { of: group.name === RETRIEVAL ? "retrieval" : `answers, ${group.name}`, latency: latencyOf(group.ms) },
    { of: `first token, ${group.name}`, latency: latencyOf(group.firstTokenMs) },
  ]);
  return rows.flatMap(({ of, latency: found }) =>
    found === undefined
      ? []
      : { of, n: formatCount(found.n), p50: formatDuration(found.p50), p95: formatDuration(found.p95) },
  );
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
    ["Clusters", manifest.cluster === "document" ? "questions of one document" : "none: questions are independent"],
    ["Protocol", manifest.protocol],
    [
      "Version",
      `${code.version}${code.commit === undefined ? "" : `, commit ${code.commit}`}${code.dirty ? " with local changes" : ""}`,
    ],
    ["Machine", `${machine.platform} ${machine.arch}, ${machine.cpus} processors, Node ${machine.node}`],
    ["Started", manifest.startedAt],
    ["Ended", endedAt],
    ["Log", sha256 && `sha256 ${sha256}`],
  ];
  return rows.flatMap(([label, value]) => (value === undefined ? [] : { label, value }));
}

function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2) ?? "";
}
