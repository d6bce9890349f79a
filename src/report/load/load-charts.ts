import { hasLimit, type LoadRecord, type LoadStep } from "../../runlog/load-record.ts";
import type { Axis } from "../chart/chart.ts";
import { type Series, type SeriesChart, type SeriesOptions, seriesChart } from "../chart/series-chart.ts";
import type { Percentile } from "../latency/latency-figures.ts";
import { formatLatency } from "../latency/latency-text.ts";
import { formatDuration, formatValue } from "../text/format-number.ts";
import type { LoadFigures, LoadQuantiles, StepFigures } from "./load-figures.ts";
import { formatLoadRate, goodputName, TIMES } from "./load-words.ts";

const NAMES = ["p50", "p90", "p99"] as const;

/** Rates and times differ by orders of magnitude. */
const RATE: Axis = { name: "rate", unit: "requests per second", kind: "log", format: plainNumber };
const TIME: Axis = { name: "time", kind: "log", format: (ms) => formatTick(ms) };
const SHARE: Axis = {
  name: "share of requests",
  range: [0, 1],
  ticks: [0, 0.25, 0.5, 0.75, 1],
  format: (share) => formatValue(share, [0, 1]),
};

/** What changes with the rate: goodput, throughput, every time. None where there is one rate only. */
export function rateCharts(record: LoadRecord, { steps, knee }: LoadFigures): SeriesChart[] {
  if (steps.length < 2) return [];
  const marks = knee.state === "found" ? [{ x: knee.rate, label: "knee" }] : [];
  const draw = (chart: Omit<SeriesOptions, "x">): SeriesChart[] =>
    chart.series.every(({ points }) => points.length === 0) ? [] : [seriesChart({ x: RATE, marks, ...chart })];
  const { firstTokenMs, endMs } = record.limits;
  const limits: Partial<Record<keyof StepFigures, number | undefined>> = { firstToken: firstTokenMs, end: endMs };
  const times = TIMES.flatMap(({ key, name, about }) =>
    draw({
      title: capital(name),
      subtitle: about,
      y: TIME,
      series: quantileSeries(steps, (step) => step[key]),
      limit: limitAt(limits[key]),
    }),
  );
  // What limits are stated for comes first.
  return [...draw(goodput(record, steps)), ...times, ...throughput(steps).flatMap(draw)];
}

function goodput(record: LoadRecord, steps: readonly StepFigures[]): Omit<SeriesOptions, "x"> {
  const limited = hasLimit(record.limits);
  const { share } = record;
  const points = steps.flatMap(({ rate, goodput: good }) =>
    good ? [{ x: rate, y: good.share, low: good.low, high: good.high }] : [],
  );
  return {
    title: capital(goodputName(record)),
    subtitle: `share of all requests that were answered${limited ? " within the limits" : ""}`,
    y: SHARE,
    series: [{ name: "", points }],
    limit: limited ? { y: share, label: SHARE.format(share) } : undefined,
  };
}

function throughput(steps: readonly StepFigures[]): Omit<SeriesOptions, "x">[] {
  const total = steps.flatMap(({ rate, tokensPerSecond: y }) => (y === undefined ? [] : [{ x: rate, y }]));
  const one = quantileSeries(steps, ({ perUser }) => ({ ...perUser, percentiles: perUser.percentiles.slice(0, 2) }));
  const y: Axis = { name: "tokens per second", zero: true, format: plainNumber };
  return [
    {
      title: "Throughput",
      subtitle: "tokens of answers per second, all requests together",
      y,
      series: [{ name: "", points: total }],
      alone: true,
    },
    {
      title: "Speed of one answer",
      subtitle: "its tokens per second, from the intended start to the end; p10: the slowest tenth is below",
      y,
      series: one.slice(0, 2).map((each, i) => ({ ...each, name: ["p50", "p10"][i]! })),
      alone: true,
    },
  ];
}

/** Dots that a picture of one step has at most; of more requests the slowest of each moment is drawn. */
const MOST_DOTS = 400;

/** The end of every request over the time of its step: a stall is a wall, a queue that builds a ramp. */
export function timeCharts({ steps, limits }: LoadRecord): SeriesChart[] {
  return steps.flatMap((step) => {
    const [good, bad] = [dotsOf(step, "answered"), dotsOf(step, "failed")];
    if (good.length + bad.length === 0) return [];
    const series: Series[] = [
      { name: "", points: good, scattered: true },
      { name: "", look: "bad", points: bad, scattered: true },
    ];
    const x: Axis = { name: "due", zero: true, range: [0, step.durationMs], format: (ms) => formatTick(ms) };
    return seriesChart({
      title: formatLoadRate(step.rate),
      subtitle: "end to end, by the intended start",
      x,
      y: { ...TIME, name: "end to end" },
      series,
      limit: limitAt(limits.endMs),
    });
  });
}

function limitAt(ms: number | undefined): SeriesChart["limit"] {
  return ms === undefined ? undefined : { y: ms, label: `limit ${formatTick(ms)}` };
}

function dotsOf({ requests, durationMs }: LoadStep, state: "answered" | "failed"): { x: number; y: number }[] {
  const all = requests.flatMap((request) => (request.state === state ? [{ x: request.atMs, y: request.endMs }] : []));
  if (all.length <= MOST_DOTS) return all;
  const slowest = new Map<number, { x: number; y: number }>();
  for (const dot of all) {
    const moment = Math.floor((dot.x / durationMs) * MOST_DOTS);
    if (dot.y >= (slowest.get(moment)?.y ?? 0)) slowest.set(moment, dot);
  }
  return Array.from(slowest.values());
}

function quantileSeries(steps: readonly StepFigures[], of: (step: StepFigures) => LoadQuantiles): Series[] {
  return NAMES.map((name, at) => ({
    name,
    points: steps.flatMap((step) => {
      const percentile: Percentile | undefined = of(step).percentiles[at];
      return percentile === undefined
        ? []
        : [{ x: step.rate, y: percentile.value, low: percentile.low, high: percentile.high }];
    }),
  }));
}

/** Without digits that a round tick does not need. */
function formatTick(ms: number): string {
  if (ms === 0) return "0";
  return (ms < 1 ? formatLatency(ms) : formatDuration(ms)).replace(/\.0+(?= )|(\.\d*[1-9])0+(?= )/, "$1");
}

function plainNumber(x: number): string {
  return String(Number(x.toPrecision(3)));
}

/** With a capital at its beginning. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
