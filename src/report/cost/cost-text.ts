import { formatCount } from "../text/format-number.ts";
import type { CostFigures, CostRate } from "./cost-figures.ts";

/** Dollars in three significant digits and never an exponent: `$0.0042`, `$12.30`, `$1 240`. Cents from a dollar up. */
export function formatUsd(usd: number): string {
  if (usd === 0) return "$0";
  if (usd >= 999.995) return `$${formatCount(Math.round(usd))}`;
  if (usd >= 0.995) return `$${usd.toFixed(2)}`;
  const decimals = Math.min(12, 2 - Math.floor(Math.log10(usd)));
  return `$${usd.toFixed(decimals).replace(/0+$/, "").replace(/\.$/, "")}`;
}

/** `$4.20 [3.90, 4.52]`; without an interval where there is none. */
export function formatRate({ usd, interval }: CostRate): string {
  if (interval === undefined) return formatUsd(usd);
  return `${formatUsd(usd)} [${formatUsd(interval.low).slice(1)}, ${formatUsd(interval.high).slice(1)}]`;
}

/** What the figures leave out and what they rest on, a sentence each; empty where there is nothing to say. */
export function costNotes({ known, unknown, free, priceOn, modelsInRetrieval }: CostFigures): string[] {
  return [
    ...(priceOn === undefined
      ? []
      : [`Prices of ${priceOn}, by tokens as the server counts them or by the machine's time.`]),
    ...(unknown === 0
      ? []
      : [`The cost of ${formatCount(unknown)} is unknown (failed, or no tokens counted) and in no figure.`]),
    ...(modelsInRetrieval
      ? ["What models cost that rewrite questions or encode them for retrieval is in no figure."]
      : []),
    ...(free === 0
      ? []
      : [
          `${answers(free)} from the cache or a file, in no figure of cost or latency${known === 0 ? "" : `; the rates are of the other ${formatCount(known)}`}.`,
        ]),
  ];
}

/** Each note once; with the names of those it is about where it is not about all. */
export function notesOfAll(all: readonly { readonly name: string; readonly notes: readonly string[] }[]): string[] {
  const said = new Map<string, string[]>();
  for (const { name, notes } of all) for (const note of notes) said.set(note, [...(said.get(note) ?? []), name]);
  return Array.from(said, ([note, names]) => (names.length === all.length ? note : `${names.join(", ")}: ${note}`));
}

function answers(count: number): string {
  return count === 1 ? "1 answer" : `${formatCount(count)} answers`;
}
