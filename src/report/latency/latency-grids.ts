import { printable } from "../../lib/text.ts";
import { formatCount, MISSING } from "../text/format-number.ts";
import type { TextColumn } from "../text/text-table.ts";
import { type LatencyFigures, PERCENTILES } from "./latency-figures.ts";
import {
  describePass,
  formatPercentile,
  formatThroughput,
  latencyNotes,
  placeOf,
  sameEverywhere,
} from "./latency-text.ts";

/** The latency pass of one system, under the name that its row has. */
export interface NamedPass {
  /** Printable. */
  readonly name: string;
  readonly figures: LatencyFigures;
}

/** A table by columns; those that name a row come first. */
export interface Grid {
  readonly title: string;
  readonly keys: readonly TextColumn[];
  readonly columns: readonly TextColumn[];
}

/** What latency passes say, for terminals and Markdown alike. */
export interface LatencyGrids {
  /** Percentiles of the whole and of its stages. */
  readonly latency: Grid;
  readonly throughput: Grid;
  /** How the figures were measured and what stands against them, a sentence each. */
  readonly remarks: readonly string[];
}

/** @param passes at least one */
export function latencyGrids(passes: readonly NamedPass[]): LatencyGrids {
  const parts = passes.flatMap(({ name, figures }) => figures.parts.map((part) => ({ name, part })));
  const most = Math.max(...passes.map(({ figures }) => figures.throughput.length));
  const places = passes.find(({ figures }) => figures.throughput.length === most)!.figures.throughput;
  const notes = passes.flatMap(({ name, figures }) => latencyNotes(figures).map((note) => `${name}: ${note}`));
  const same = "Every ranking, in batches and threads too, was that of the run's log.";
  const said = new Set([
    "Questions per second: the median round [slowest, fastest]",
    ...passes.map(({ figures }) => describePass(figures)),
    ...(passes.every(({ figures }) => sameEverywhere(figures)) ? [same] : []),
    ...notes,
  ]);
  return {
    latency: {
      title: "Latency of retrieval",
      keys: [
        column("system", "left", parts, ({ name }) => name),
        column("part", "left", parts, ({ part }) => printable(part.of)),
      ],
      columns: [
        column("n", "right", parts, ({ part }) => formatCount(part.n)),
        ...PERCENTILES.map((p, at) =>
          column(`p${100 * p}`, "left", parts, ({ part }) => formatPercentile(part.percentiles[at])),
        ),
      ],
    },
    throughput: {
      title: "Throughput of retrieval",
      keys: [column("system", "left", passes, ({ name }) => name)],
      columns: [
        column("batch", "right", passes, ({ figures }) => formatCount(figures.batch)),
        ...places.map((place, at) =>
          column(placeOf(place), "left", passes, ({ figures }) => {
            const found = figures.throughput[at];
            return found === undefined ? MISSING : formatThroughput(found);
          }),
        ),
      ],
    },
    remarks: [...said],
  };
}

function column<T>(head: string, align: TextColumn["align"], rows: readonly T[], cell: (row: T) => string): TextColumn {
  return { head, align, cells: rows.map(cell) };
}
