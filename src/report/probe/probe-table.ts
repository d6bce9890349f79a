import type { Estimate, Estimated } from "../../core/estimate.ts";
import { type Rng, seeded } from "../../core/rng.ts";
import { comparePaired, estimateMean, holm } from "../../stats/index.ts";
import type { MetricHead } from "../summary-types.ts";

/** One number per question of a probe, NaN where there is none. */
export interface ProbeValues {
  readonly values: Float64Array;
  /** Questions on which the system failed; they hold the floor. */
  readonly failed: number;
  /** Questions that the metric should speak of and has nothing to compare with. */
  readonly unscored: number;
}

/** One way in which the questions were put. */
export interface ProbeCell {
  readonly label: string;
  /** Cells of one heading stand together in the picture. */
  readonly group?: string;
  /** Per column; undefined where the column says nothing of the cell. */
  readonly columns: readonly (ProbeValues | undefined)[];
  /** Why the cell has no score: what the system read is not what was put to it. */
  readonly blocked?: string;
  /** Other figures of the cell, by their heads, as numbers. */
  readonly facts: readonly (number | undefined)[];
}

export interface Probe {
  readonly title: string;
  readonly system: string;
  readonly dataset: string;
  readonly split: string;
  /** Questions that were put in every way. */
  readonly questions: number;
  readonly columns: readonly MetricHead[];
  readonly facts: readonly string[];
  readonly cells: readonly ProbeCell[];
  /** Number of the cell that all others are compared with. */
  readonly reference: number;
  /** Further cells that are compared, as numbers: the first minus the second. */
  readonly pairs: readonly (readonly [number, number])[];
  /** A number per question that names its cluster; undefined when questions are independent. */
  readonly clusters?: Int32Array;
  readonly level: number;
  readonly seed: number;
  /** What has to be known to read the table. */
  readonly notes: readonly string[];
  /** Where the log is. */
  readonly run: string;
}

/** A paired difference, adjusted over all comparisons of the probe. */
export interface ProbeDifference {
  readonly difference: Estimated;
  readonly p: number;
  readonly pHolm: number;
}

export interface ProbeRow extends Omit<ProbeCell, "columns"> {
  readonly estimates: readonly (Estimate | undefined)[];
  /** Per column, this cell minus the reference; undefined where they are not of the same questions. */
  readonly differences: readonly (ProbeDifference | undefined)[];
}

/** One of the further comparisons. */
export interface ProbeContrast extends ProbeDifference {
  readonly a: string;
  readonly b: string;
  readonly column: string;
}

export interface ProbeTable extends Omit<Probe, "cells" | "pairs" | "clusters"> {
  readonly rows: readonly ProbeRow[];
  readonly contrasts: readonly ProbeContrast[];
  readonly comparisons: number;
}

interface Compared {
  readonly a: number;
  readonly b: number;
  readonly column: number;
  readonly difference: Estimated;
  readonly p: number;
}

/**
 * Estimates every cell of a probe and compares each with the reference, question by question, in every column; p-values are
 * adjusted by Holm over all comparisons together, the further ones included.
 */
export function probeTable(probe: Probe): ProbeTable {
  const { cells, pairs, clusters, ...facts } = probe;
  const { columns, reference, seed } = probe;
  const rng = seeded(seed).fork("probe");
  const asked = [...cells.keys()].flatMap((i) => (i === reference ? [] : [[i, reference] as const]));
  const compared = [...asked, ...pairs].flatMap(([a, b]) =>
    columns.flatMap((_, column) => compare(probe, a, b, column, rng) ?? []),
  );
  const adjusted = holm(compared.map(({ p }) => p));
  const found = compared.map((each, i) => ({ ...each, pHolm: adjusted[i]! }));
  const rows = cells.map(({ columns: samples, ...cell }, row): ProbeRow => {
    const differences = columns.map((_, column) => {
      const one = found.find((each) => each.a === row && each.b === reference && each.column === column);
      return one && { difference: one.difference, p: one.p, pHolm: one.pHolm };
    });
    const estimates = samples.map((sample, column) =>
      sample && cell.blocked === undefined ? estimate(probe, row, column, sample, rng) : undefined,
    );
    return { ...cell, estimates, differences };
  });
  const contrasts = found
    .filter(({ b }) => b !== reference)
    .map(({ a, b, column, ...rest }) => ({
      ...{ a: cells[a]!.label, b: cells[b]!.label, column: columns[column]!.name },
      ...{ difference: rest.difference, p: rest.p, pHolm: rest.pHolm },
    }));
  const notes = [...facts.notes, ...failedNote(rows), ...reasonNotes(rows)];
  return { ...facts, notes, rows, contrasts, comparisons: found.length };
}

/** Why a cell has no interval, each reason once. */
function reasonNotes(rows: readonly ProbeRow[]): string[] {
  const labels = new Map<string, Set<string>>();
  for (const { label, estimates } of rows) {
    for (const each of estimates) {
      if (each?.state !== "not-estimable") continue;
      const list = labels.get(each.reason) ?? new Set();
      labels.set(each.reason, list.add(label));
    }
  }
  return Array.from(labels, ([reason, list]) => `Not estimable, since ${reason}: ${[...list].join(", ")}.`);
}

/** Floors are no answers: whoever reads a low mean has to know. */
function failedNote(rows: readonly ProbeRow[]): string[] {
  const failed = rows.flatMap(({ label, estimates }) => {
    const most = Math.max(0, ...estimates.map((each) => each?.failed ?? 0));
    return most > 0 ? [`${label}: ${most}`] : [];
  });
  return failed.length > 0 ? [`Questions on which the system failed, at the floor: ${failed.join(", ")}.`] : [];
}

function estimate(
  { columns, cells, clusters, level }: Probe,
  row: number,
  column: number,
  { values, failed, unscored }: ProbeValues,
  rng: Rng,
): Estimate {
  const known = knownIn(values);
  const { name, proportion, range } = columns[column]!;
  const sample = {
    values: Float64Array.from(known, (i) => values[i]!),
    ...{ failed, unscored },
    ...(clusters && { clusters: Int32Array.from(known, (i) => clusters[i]!) }),
  };
  return estimateMean(sample, {
    ...{ level, proportion },
    ...(range && { range }),
    rng: rng.fork(`${cells[row]!.label}/${name}`),
  });
}

/**
 * The paired difference of two cells in one column.
 * @returns undefined where either has no score, where it speaks of other questions than the other, and where questions are too
 * few to say how far they differ
 */
function compare(
  { columns, cells, clusters, level }: Probe,
  a: number,
  b: number,
  column: number,
  rng: Rng,
): Compared | undefined {
  const [one, other] = [cells[a]!, cells[b]!];
  const [x, y] = [one.columns[column], other.columns[column]];
  if (!x || !y || one.blocked !== undefined || other.blocked !== undefined) return undefined;
  const known = knownIn(x.values);
  if (known.length < 2 || known.some((i) => Number.isNaN(y.values[i]!))) return undefined;
  const { name, range } = columns[column]!;
  const { difference, p } = comparePaired(
    Float64Array.from(known, (i) => x.values[i]!),
    Float64Array.from(known, (i) => y.values[i]!),
    {
      level,
      ...(range && { range }),
      ...(clusters && { clusters: Int32Array.from(known, (i) => clusters[i]!) }),
      failed: x.failed + y.failed,
      rng: rng.fork(`${one.label}/${other.label}/${name}`),
    },
  );
  return difference.state === "estimated" ? { a, b, column, difference, p } : undefined;
}

function knownIn(values: Float64Array): number[] {
  return Array.from(values.keys()).filter((i) => !Number.isNaN(values[i]!));
}
