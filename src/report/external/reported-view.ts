import { rankView } from "../cells/cell-view.ts";
import { intervalBar } from "../cells/interval-bar.ts";
import { formatCount, formatValue } from "../text/format-number.ts";
import { reportedChart } from "./reported-chart.ts";
import { type ReportedCell, type ReportedResults, rangeOf, reportedColumn } from "./reported-results.ts";

/** Tables of reported results as the leaderboard's template takes them. */
export function reportedView(reported: readonly ReportedResults[]) {
  return reported.map((one, at) => tableView(one, `reported-${at}`));
}

function tableView({ title, source, protocol, metrics, results }: ReportedResults, key: string) {
  const rows = new Map<string, { readonly system: string; readonly condition: string | undefined }>();
  for (const { system, condition } of results) rows.set(JSON.stringify([system, condition]), { system, condition });
  const conditions = results.some(({ condition }) => condition !== undefined);
  const columns = Object.entries(metrics).map(([name, metric]) => {
    const ofMetric = results.filter((result) => result.metric === name);
    const byRow = Array.from(rows.values(), ({ system, condition }) =>
      ofMetric.find((result) => result.system === system && result.condition === condition),
    );
    return { name, metric, range: rangeOf(byRow, metric.range), cells: reportedColumn(byRow, metric) };
  });
  const texts = [
    { key: "system", name: "system", meaning: "The system, as its authors call it." },
    ...(conditions ? [{ key: "context", name: "context", meaning: "How it got its context, as reported." }] : []),
  ];
  return {
    key,
    title,
    source,
    protocol: Object.entries(protocol ?? {}).map(([field, value]) => ({ field, value: String(value) })),
    heads: [
      ...texts.map((head) => ({ ...head, type: "text", first: "ascending", fixed: true })),
      ...columns.map(({ name, metric: { title: full, meaning, better = "higher" } }) => ({
        ...{ key: name, name, type: "number", first: better === "higher" ? "descending" : "ascending" },
        ...{ arrow: better === "higher" ? "↑" : "↓", arrowTitle: `${better} is better` },
        family: "reported",
        meaning: [full ?? name, meaning].filter(Boolean).join(". "),
      })),
    ],
    plots: columns.flatMap(
      ({ name, range, cells }) => reportedChart(name, range, Array.from(rows.values()), cells) ?? [],
    ),
    rows: Array.from(rows.values(), ({ system, condition }, at) => ({
      system,
      ...(conditions && { condition: condition ?? "—" }),
      find: [system, condition, "reported by others"].filter(Boolean).join(" ").toLowerCase(),
      fields: "{}",
      cells: columns.map(({ name, range, cells }) => cellView(cells[at], name, range)),
    })),
  };
}

function cellView(cell: ReportedCell | undefined, label: string, range?: readonly [number, number]) {
  if (cell === undefined) return { label, sort: "", reason: "not reported" };
  const { estimate, rank, mean, result } = cell;
  const known = estimate.state === "estimated" ? estimate : undefined;
  const bounded = range?.every(Number.isFinite) ? range : undefined;
  return {
    label,
    sort: String(mean),
    number: formatValue(mean, range),
    interval: known ? `[${formatValue(known.low, range)}, ${formatValue(known.high, range)}]` : "",
    ...(known && bounded && { bar: intervalBar(known, bounded) }),
    ...(rank && rankView(rank, "tests of counts or means that are not paired")),
    note: noteOf(result),
    ...(estimate.state === "not-estimable" && { more: [`no interval: ${estimate.reason}`] }),
  };
}

function noteOf({ right, n, sd }: ReportedCell["result"]): string | undefined {
  if (right !== undefined) return `${formatCount(right)} of ${formatCount(n!)}`;
  const parts = [...(n === undefined ? [] : [`n ${formatCount(n)}`]), ...(sd === undefined ? [] : [`sd ${sd}`])];
  return parts.length === 0 ? undefined : parts.join(", ");
}
