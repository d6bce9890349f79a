import type { Estimate } from "../../core/estimate.ts";
import { seeded } from "../../core/rng.ts";
import { estimateMean } from "../../stats/index.ts";
import { metricHead } from "../metric-head.ts";
import { standings } from "../standings.ts";
import type { MetricHead, Standing } from "../summary-types.ts";

/** One number of a cell per question. */
export interface SweepColumn {
  /** The metric's canonical name. */
  readonly name: string;
  /** Questions that it should speak of and that lack what it compares with. */
  readonly unscored: number;
}

/** What one combination of settings scored. */
export interface SweepCell {
  /** The value of each axis, in the order of the axes. */
  readonly settings: readonly string[];
  /** Per column one value per question of the sweep, NaN where the metric does not speak of it. */
  readonly values: readonly Float64Array[];
  readonly passages: number;
  /** Per column the questions on which the system failed; they hold the metric's floor. */
  readonly failed: readonly number[];
  /** Questions whose gold no passage of this cutting holds; they hold the floor. */
  readonly missed: number;
  /** How many passages are kept, where that is an axis. */
  readonly k?: number;
  /** Whether the system's file and the dataset say the same, so that keeping the cell changes nothing. */
  readonly asFile: boolean;
}

export interface Sweep {
  readonly system: string;
  readonly dataset: string;
  readonly split: string;
  /** Whether the split is for testing, and was looked at in spite of that. */
  readonly tested: boolean;
  /** Questions of the split, with or without gold. */
  readonly questions: number;
  readonly axes: readonly string[];
  readonly columns: readonly SweepColumn[];
  /** Number of the column that cells are chosen by. */
  readonly chosenBy: number;
  readonly cells: readonly SweepCell[];
  /** A number per question that names its cluster; undefined when questions are independent. */
  readonly clusters?: Int32Array;
  readonly level: number;
  readonly seed: number;
  readonly notes: readonly string[];
}

/** A cell with its intervals, and its standing in the column that cells are chosen by. */
export interface SweepRow extends Omit<SweepCell, "values"> {
  /** The settings with the names of their axes, those that vary alone: `b 0.4`, `k1 1.2, b 0.75`. */
  readonly label: string;
  readonly estimates: readonly Estimate[];
  readonly standing: Standing;
}

export interface SweepTable extends Omit<Sweep, "cells" | "columns" | "clusters"> {
  readonly columns: readonly (SweepColumn & { readonly head: MetricHead })[];
  readonly rows: readonly SweepRow[];
  /** What is independent: questions with a value in the column that cells are chosen by, or their clusters. */
  readonly units: number;
  readonly clustered: boolean;
  /** Number of the best row; undefined where no row has an interval. */
  readonly best: number | undefined;
}

/**
 * Estimates every cell of a sweep, and compares all with the best in the column they are chosen by: paired by question,
 * Holm over the comparisons. The other columns are for reading; no choice is made by them.
 */
export function sweepTable(sweep: Sweep): SweepTable {
  const { cells, chosenBy, clusters, level, seed } = sweep;
  const columns = sweep.columns.map((column) => ({ ...column, head: metricHead(column.name) }));
  const labels = rowLabels(sweep);
  const rng = seeded(seed).fork("sweep");
  const estimates = cells.map(({ values, failed }, row) =>
    values.map((all, at) => {
      const { name, head, unscored } = columns[at]!;
      const known = Array.from(all.keys()).filter((i) => !Number.isNaN(all[i]!));
      const sample = {
        values: Float64Array.from(known, (i) => all[i]!),
        failed: failed[at]!,
        unscored,
        ...(clusters && { clusters: Int32Array.from(known, (i) => clusters[i]!) }),
      };
      const { proportion, range } = head;
      return estimateMean(sample, {
        level,
        proportion,
        ...(range && { range }),
        rng: rng.fork(`${labels[row]}/${name}`),
      });
    }),
  );
  const { name, head } = columns[chosenBy]!;
  const marks = standings(
    cells.map(({ values }, row) => ({
      estimate: estimates[row]![chosenBy]!,
      label: labels[row]!,
      values: values[chosenBy]!,
      ...(clusters && { clusters }),
    })),
    { metric: head, level, rng: rng.fork(`standings/${name}`) },
  );
  const best = marks.findIndex(({ kind }) => kind === "best");
  const { cells: _, clusters: __, ...facts } = sweep;
  const judged = Array.from(cells[0]?.values[chosenBy] ?? []).flatMap((x, i) => (Number.isNaN(x) ? [] : [i]));
  return {
    ...facts,
    columns,
    units: clusters ? new Set(judged.map((i) => clusters[i]!)).size : judged.length,
    clustered: clusters !== undefined,
    rows: cells.map(({ values: _values, ...cell }, row) => ({
      ...cell,
      label: labels[row]!,
      estimates: estimates[row]!,
      standing: marks[row]!,
    })),
    best: best === -1 ? undefined : best,
  };
}

function rowLabels({ axes, cells }: Sweep): string[] {
  const varies = axes.map((_, at) => new Set(cells.map(({ settings }) => settings[at])).size > 1);
  const shown = varies.includes(true) ? varies : varies.map(() => true);
  return cells.map(({ settings }) => settings.flatMap((x, at) => (shown[at] ? [`${axes[at]} ${x}`] : [])).join(", "));
}
