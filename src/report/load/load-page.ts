import type { LoadRecord } from "../../runlog/load-record.ts";
import { formatEnds, formatLatency } from "../latency/latency-text.ts";
import { staticPage } from "../pages/static-page.ts";
import { formatCount, formatLevel } from "../text/format-number.ts";
import { loadCautions } from "./load-cautions.ts";
import { capital, rateCharts, timeCharts } from "./load-charts.ts";
import type { LoadFigures } from "./load-figures.ts";
import { describeLoad, formatLoadRate, kneeText, rateColumns, TIMES } from "./load-words.ts";

/**
 * A load test as one HTML file that opens from disk: up to which rate the system keeps its promise, pictures over the rate and
 * over time, the tables. It has no script, and its style stands in it, allowed by its hash alone.
 * @param assets the folder of the templates: `reports/templates` of the package
 */
export function loadPage(record: LoadRecord, figures: LoadFigures, assets: string): Promise<string> {
  return staticPage("load", viewOf(record, figures), {
    assets,
    generatedAt: madeAt(record),
    command: record.command,
  });
}

function viewOf(record: LoadRecord, figures: LoadFigures) {
  const { system } = record;
  const { steps, level } = figures;
  const heads = rateColumns(record, figures);
  return {
    title: `${system.id}: load`,
    system: system.id,
    facts: [
      { value: formatCount(steps.length), label: steps.length === 1 ? "rate" : "rates" },
      { value: formatCount(steps.reduce((sum, { n }) => sum + n, 0)), label: "requests measured" },
      { value: formatLevel(level), label: "intervals" },
      { value: system.generator, label: "" },
    ],
    knee: kneeText(figures, record),
    described: describeLoad(record),
    plots: rateCharts(record, figures),
    moments: timeCharts(record),
    heads,
    rows: steps.map((step) => ({
      rate: formatLoadRate(step.rate),
      cells: heads.map(({ head, cell }) => ({ label: head, text: cell(step) })),
    })),
    times: TIMES.flatMap(({ key, name, about }) => {
      const rows = steps.flatMap((step) => {
        const { percentiles } = step[key];
        return percentiles.length === 0
          ? []
          : [{ rate: formatLoadRate(step.rate), cells: percentiles.map(percentileView) }];
      });
      return rows.length === 0 ? [] : [{ title: capital(name), about, rows }];
    }),
    cautions: loadCautions(record, figures),
  };
}

/** When, with what and where it was measured. */
function madeAt({ id, startedAt, machine, plumbline }: LoadRecord): string {
  const { platform, arch, cpus, node } = machine;
  const at = `${startedAt.slice(0, 16).replace("T", " ")} UTC`;
  return `${id}: measured ${at} with Plumbline ${plumbline}, ${platform} ${arch}, ${formatCount(cpus)} processors, Node ${node}`;
}

function percentileView(percentile: Parameters<typeof formatEnds>[0]) {
  const { p, value } = percentile;
  return { label: `p${Math.round(100 * p)}`, number: formatLatency(value), ends: formatEnds(percentile) };
}
