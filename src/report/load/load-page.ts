import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { LoadRecord } from "../../runlog/load-record.ts";
import { formatCount, formatLevel, MISSING } from "../format-number.ts";
import { formatEnds, formatLatency, formatRate } from "../latency-text.ts";
import { loadTemplates } from "../templates.ts";
import { capital, rateCharts, timeCharts } from "./load-charts.ts";
import type { LoadFigures, StepFigures } from "./load-figures.ts";
import {
  describeLoad,
  formatErrors,
  formatGoodput,
  formatLoadRate,
  formatPerUser,
  goodputName,
  kneeText,
  loadCautions,
  TIMES,
} from "./load-words.ts";

/**
 * A load test as one HTML file that opens from disk: up to which rate the system keeps its promise, pictures over the rate and
 * over time, the tables. It has no script, and its style stands in it, allowed by its hash alone.
 * @param assets the folder of the templates: `reports/templates` of the package
 */
export async function loadPage(record: LoadRecord, figures: LoadFigures, assets: string): Promise<string> {
  const render = await loadTemplates(assets);
  const style = await readFile(join(assets, "style.css"), "utf8");
  const styleHash = createHash("sha256").update(style).digest("base64");
  return render("load", { ...viewOf(record, figures), style, styleHash });
}

function viewOf(record: LoadRecord, figures: LoadFigures) {
  const { system, id, startedAt, command, machine, plumbline } = record;
  const { steps, level } = figures;
  const heads = [
    { head: "n", cell: ({ n }: StepFigures) => formatCount(n) },
    { head: goodputName(record), cell: formatGoodput },
    { head: "answers/s", cell: ({ answersPerSecond }: StepFigures) => formatRate(answersPerSecond) },
    { head: "tokens/s", cell: ({ tokensPerSecond: x }: StepFigures) => (x === undefined ? MISSING : formatRate(x)) },
    { head: "tokens/s of one answer", cell: ({ perUser }: StepFigures) => formatPerUser(perUser) },
    { head: "failed", cell: (step: StepFigures) => formatErrors(step) || "0" },
  ];
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
    ...{ id, command },
    made: `${startedAt.slice(0, 16).replace("T", " ")} UTC with Plumbline ${plumbline}, ${machine.platform} ${machine.arch}, ${formatCount(machine.cpus)} processors, Node ${machine.node}`,
  };
}

function percentileView(percentile: Parameters<typeof formatEnds>[0]) {
  const { p, value } = percentile;
  return { label: `p${Math.round(100 * p)}`, number: formatLatency(value), ends: formatEnds(percentile) };
}
