import { printable } from "../lib/text.ts";
import { formatCount, MISSING } from "./format-number.ts";
import { type LatencyFigures, PERCENTILES } from "./latency-figures.ts";
import {
  describePass,
  formatPercentile,
  formatThroughput,
  latencyNotes,
  placeOf,
  sameEverywhere,
} from "./latency-text.ts";
import { type TextColumn, textTable, wrapText } from "./text-table.ts";

/** The latency pass of one system, under the name that its row has. */
export interface NamedPass {
  /** Printable. */
  readonly name: string;
  readonly figures: LatencyFigures;
}

/**
 * Latency passes as text: percentiles of the whole and of its stages, throughput, and how they were measured.
 * @param passes at least one @param width in terminal cells
 */
export function latencyTables(
  passes: readonly NamedPass[],
  width: number,
  paint: { readonly bold: (text: string) => string; readonly dim: (text: string) => string },
): string {
  const table = <T>(rows: readonly T[], keys: readonly Column<T>[], columns: readonly Column<T>[]): string => {
    const [fixed, cut] = [keys, columns].map((of) =>
      of.map(({ head, align = "left", cell }): TextColumn => ({ head: paint.dim(head), align, cells: rows.map(cell) })),
    );
    return textTable(fixed!, cut!, width);
  };
  const parts = passes.flatMap(({ name, figures }) => figures.parts.map((part) => ({ name, part })));
  const latency = table(
    parts,
    [
      { head: "system", cell: ({ name }) => name },
      { head: "part", cell: ({ part }) => printable(part.of) },
    ],
    [
      { head: "n", align: "right", cell: ({ part }) => formatCount(part.n) },
      ...PERCENTILES.map((p, at) => ({
        head: `p${100 * p}`,
        cell: ({ part }: (typeof parts)[number]) => formatPercentile(part.percentiles[at]),
      })),
    ],
  );
  const most = Math.max(...passes.map(({ figures }) => figures.throughput.length));
  const places = passes.find(({ figures }) => figures.throughput.length === most)!.figures.throughput;
  const throughput = table(
    passes,
    [{ head: "system", cell: ({ name }) => name }],
    [
      { head: "batch", align: "right", cell: ({ figures }) => formatCount(figures.batch) },
      ...places.map((place, at) => ({
        head: placeOf(place),
        cell: ({ figures }: NamedPass) => {
          const found = figures.throughput[at];
          return found === undefined ? MISSING : formatThroughput(found);
        },
      })),
    ],
  );
  const rounds = "Questions per second: the median round [slowest, fastest]";
  const notes = passes.flatMap(({ name, figures }) => latencyNotes(figures).map((note) => `${name}: ${note}`));
  const same = "Every ranking, in batches and threads too, was that of the run's log.";
  const said = new Set([
    ...passes.map(({ figures }) => describePass(figures)),
    ...(passes.every(({ figures }) => sameEverywhere(figures)) ? [same] : []),
    ...notes,
  ]);
  return [
    `${paint.bold("Latency of retrieval")}\n${latency}`,
    `${paint.bold("Throughput of retrieval")}\n${throughput}`,
    [rounds, ...said].map((line) => paint.dim(wrapText(line, width))).join("\n"),
  ].join("\n\n");
}

interface Column<T> {
  readonly head: string;
  readonly align?: "left" | "right";
  readonly cell: (row: T) => string;
}
