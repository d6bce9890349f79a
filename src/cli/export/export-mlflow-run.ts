import { truncate } from "../../lib/text.ts";
import type { Cell, Row, Summary } from "../../report/summary-types.ts";
import type { Manifest } from "../../runlog/schema.ts";
import type { KeyValue, MlflowBatch } from "./export-mlflow-client.ts";

/** Longest value of a param that every server takes. The whole is in `run.jsonl`, which goes along. */
const LONGEST_PARAM = 500;
const LONGEST_KEY = 250;

/** The tag by which a run is known to be there already. */
export const RUN_TAG = "plumbline.run";

/** What is searched and grouped by. */
export function tagsOf({ run, suite, system, dataset, protocol, code }: Manifest): KeyValue[] {
  return Object.entries({
    [RUN_TAG]: run,
    "plumbline.suite": suite.id,
    "plumbline.system": system.id,
    "plumbline.dataset": dataset.id,
    "plumbline.protocol": protocol,
    "mlflow.source.name": `plumbline ${code.version}`,
    ...(code.commit && { "mlflow.source.git.commit": code.commit }),
  }).map(([key, value]) => ({ key, value }));
}

/**
 * A run's settings as params and its estimates as metrics. A metric is named by its condition and itself (`rag@5/F1`: MLflow
 * takes no `@`, brackets or quotes, so `rag_at_5/F1`), and beside the mean stand `/low`, `/high`, `/n`, `/failed` and
 * `/unscored`. What is not estimable has its counts and no mean.
 * @param summary of this run alone
 * @param timestamp milliseconds since the epoch
 */
export function batchOf(manifest: Manifest, summary: Summary, timestamp: number): MlflowBatch {
  const keys = new Keys();
  const rows = summary.suites.flatMap(({ tables }) => tables.flatMap(({ parts }) => parts.flatMap(({ rows }) => rows)));
  const metrics = rows.flatMap((row) => {
    const group = row.condition ?? "retrieval";
    const figures: [name: string, value: number][] = [
      ...figuresOf(row),
      ...row.cells.flatMap((cell) => (cell ? ofCell(cell) : [])),
    ];
    return figures.map(([name, value]) => ({ key: keys.of(`${group}/${name}`), value, timestamp, step: 0 }));
  });
  const names = new Keys();
  const params = settingsOf(manifest).map(([key, value]) => ({
    key: names.of(key),
    value: truncate(value, LONGEST_PARAM),
  }));
  return { params, metrics };
}

function figuresOf({ questions, failed, refused, latency }: Row): [string, number][] {
  return [
    ["questions", questions],
    ["failed", failed],
    ...(refused === undefined ? [] : [["refused", refused] as [string, number]]),
    ...(latency
      ? ([
          ["latency_p50_ms", latency.p50],
          ["latency_p95_ms", latency.p95],
        ] as [string, number][])
      : []),
  ];
}

function ofCell({ metric, estimate }: Cell): [string, number][] {
  const { n, failed, unscored } = estimate;
  const counts: [string, number][] = [
    [`${metric}/n`, n],
    [`${metric}/failed`, failed],
    [`${metric}/unscored`, unscored],
  ];
  if (estimate.state !== "estimated") return counts;
  return [[metric, estimate.mean], [`${metric}/low`, estimate.low], [`${metric}/high`, estimate.high], ...counts];
}

function settingsOf(manifest: Manifest): [key: string, value: string][] {
  const { suite, dataset, system, conditions, trials, depth, seed, level, cluster, protocol, code } = manifest;
  const plain = { conditions, trials, depth, seed, level, cluster, protocol, version: code.version };
  return [
    ...leaves(plain, []),
    ...leaves(
      { suite: { id: suite.id, sha256: suite.sha256 }, dataset, system: { id: system.id, sha256: system.sha256 } },
      [],
    ),
    ...leaves(system.config, ["system"]),
  ];
}

/** The values of nested settings under names with dots; lists in one line. */
function leaves(value: unknown, path: readonly string[]): [key: string, value: string][] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every((item) => typeof item !== "object"))
    return [[path.join("."), value.join(", ")]];
  if (typeof value === "object") return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
  return [[path.join("."), String(value)]];
}

/** Names as MLflow takes them: letters, digits, `_ - . /` and spaces. Two that become one are told apart by a number. */
class Keys {
  readonly #taken = new Map<string, number>();

  of(name: string): string {
    const key = name
      .replaceAll("@", "_at_")
      .replace(/[^\w\-. /]+/g, "_")
      .replace(/_+(?=\/|$)/g, "")
      .slice(0, LONGEST_KEY);
    const count = (this.#taken.get(key) ?? 0) + 1;
    this.#taken.set(key, count);
    return count === 1 ? key : `${key}-${count}`;
  }
}
