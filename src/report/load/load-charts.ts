import { hasLimit, type LoadRecord, type LoadStep } from "../../runlog/load-record.ts";
import { formatDuration, formatValue } from "../format-number.ts";
import type { Percentile } from "../latency-figures.ts";
import { formatLatency } from "../latency-text.ts";
import { type ChartSeries, chart, linearScale, logScale, type Scale } from "./chart.ts";
import type { LoadFigures, LoadQuantiles, StepFigures } from "./load-figures.ts";
import { formatLoadRate, goodputName, TIMES } from "./load-words.ts";

/** A picture with what it says above. */
export interface Picture {
  readonly title: string;
  readonly subtitle: string;
  /** Markup of ours. */
  readonly svg: string;
}

const LOOKS = ["first", "second", "third"] as const;
const NAMES = ["p50", "p90", "p99"] as const;

/** What changes with the rate: goodput, throughput, every time. None where there is one rate only. */
export function rateCharts(record: LoadRecord, { steps, knee }: LoadFigures): Picture[] {
  if (steps.length < 2) return [];
  const x = logScale(
    steps.map(({ rate }) => rate),
    (rate) => formatLoadRate(rate),
  );
  const mark = knee.state === "found" ? { x: knee.rate, label: "knee" } : undefined;
  const { firstTokenMs, endMs } = record.limits;
  const limits: Partial<Record<keyof StepFigures, number | undefined>> = { firstToken: firstTokenMs, end: endMs };
  const times = TIMES.flatMap(({ key, name, about }): Picture[] => {
    const series = quantileSeries(steps, (step) => step[key]);
    if (series.every(({ points }) => points.length === 0)) return [];
    const limit = limits[key];
    const y = logScale([...valuesOf(series), ...(limit === undefined ? [] : [limit])], formatTick);
    const shown = limit === undefined ? undefined : { y: limit, label: `limit ${formatTick(limit)}` };
    return [{ title: capital(name), subtitle: about, svg: chart({ series, x, y, limit: shown, mark }) }];
  });
  // What limits are stated for comes first.
  return [goodput(record, steps, x, mark), ...times, ...throughput(steps, x, mark)];
}

function goodput(record: LoadRecord, steps: readonly StepFigures[], x: Scale, mark: Mark): Picture {
  const limited = hasLimit(record.limits);
  const { share } = record;
  const points = steps.flatMap(({ rate, goodput: good }) =>
    good ? [{ x: rate, y: good.share, low: good.low, high: good.high }] : [],
  );
  return {
    title: capital(goodputName(record)),
    subtitle: `share of all requests that were answered${limited ? " within the limits" : ""}`,
    svg: chart({
      series: [{ label: "", look: "first", points }],
      x,
      y: linearScale([1], (value) => formatValue(value, [0, 1])),
      limit: limited ? { y: share, label: formatValue(share, [0, 1]) } : undefined,
      mark,
    }),
  };
}

type Mark = { readonly x: number; readonly label: string } | undefined;

function throughput(steps: readonly StepFigures[], x: Scale, mark: Mark): Picture[] {
  const total = steps.flatMap(({ rate, tokensPerSecond: y }) => (y === undefined ? [] : [{ x: rate, y }]));
  const one = quantileSeries(steps, ({ perUser }) => ({ ...perUser, percentiles: perUser.percentiles.slice(0, 2) }));
  const labelled = one.slice(0, 2).map((each, i) => ({ ...each, label: ["p50", "p10"][i]! }));
  return [
    {
      title: "Throughput",
      subtitle: "tokens of answers per second, all requests together",
      svg: chart({
        series: [{ label: "", look: "first" as const, points: total }],
        x,
        y: linearScale(valuesOf([{ points: total }]), String),
        mark,
      }),
    },
    {
      title: "Speed of one answer",
      subtitle: "its tokens per second, from the intended start to the end; p10: the slowest tenth is below",
      svg: chart({ series: labelled, x, y: linearScale(valuesOf(labelled), String), mark }),
    },
  ].filter((_, i) => (i === 0 ? total : labelled.flatMap(({ points }) => points)).length > 0);
}

/** Dots that a picture of one step has at most; of more requests the slowest of each moment is drawn. */
const MOST_DOTS = 400;

/** The end of every request over the time of its step: a stall is a wall, a queue that builds a ramp. */
export function timeCharts({ steps, limits }: LoadRecord): Picture[] {
  return steps.flatMap((step): Picture[] => {
    const [good, bad] = [dotsOf(step, "answered"), dotsOf(step, "failed")];
    if (good.length + bad.length === 0) return [];
    const series: ChartSeries[] = [
      { label: "", look: "first", points: good, scattered: true },
      { label: "", look: "bad", points: bad, scattered: true },
    ];
    const { endMs } = limits;
    const y = logScale([...valuesOf(series), ...(endMs === undefined ? [] : [endMs])], formatTick);
    const limit = endMs === undefined ? undefined : { y: endMs, label: `limit ${formatTick(endMs)}` };
    const x = linearScale([step.durationMs], formatTick);
    return [
      {
        title: formatLoadRate(step.rate),
        subtitle: "end to end, by the intended start",
        svg: chart({ series, x, y, limit }),
      },
    ];
  });
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

function quantileSeries(steps: readonly StepFigures[], of: (step: StepFigures) => LoadQuantiles): ChartSeries[] {
  return NAMES.map((label, at) => ({
    label,
    look: LOOKS[at]!,
    points: steps.flatMap((step) => {
      const percentile: Percentile | undefined = of(step).percentiles[at];
      return percentile === undefined
        ? []
        : [{ x: step.rate, y: percentile.value, low: percentile.low, high: percentile.high }];
    }),
  }));
}

function valuesOf(series: readonly Pick<ChartSeries, "points">[]): number[] {
  return series.flatMap(({ points }) => points.flatMap(({ y, low = y, high = y }) => [y, low, high]));
}

/** Without digits that a round tick does not need. */
function formatTick(ms: number): string {
  return ms === 0
    ? "0"
    : (ms < 1 ? formatLatency(ms) : formatDuration(ms)).replace(/\.0+(?= )|(\.\d*[1-9])0+(?= )/, "$1");
}

/** With a capital at its beginning. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
