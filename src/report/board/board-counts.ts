import { formatUsd } from "../cost/cost-text.ts";
import { type LatencyFigures, PERCENTILES } from "../latency/latency-figures.ts";
import { describePass, formatEnds, formatLatency, formatRate } from "../latency/latency-text.ts";
import { refusedText } from "../refusal/judging-text.ts";
import type { Row } from "../summary-types.ts";
import type { SystemCard } from "../system-card.ts";
import { formatCount, formatDuration, MISSING } from "../text/format-number.ts";

/** One count, duration, cost or word of a row, with what its column means. */
export interface CountView {
  readonly label: string;
  readonly meaning: string;
  /** Words and not a number: they stand to the left and sort as people count. */
  readonly words: boolean;
  readonly sort: string;
  readonly text: string;
  readonly interval?: string;
  /** How it was measured. */
  readonly title?: string;
  readonly alarm: boolean;
  /** No number goes without it, so that it cannot be hidden. */
  readonly fixed: boolean;
}

/** Which of the columns that not every table needs are there: those that some row has a value for. */
export interface OptionalColumns {
  /** Latency of measured calls; replayed and cached ones have none. */
  readonly latency: boolean;
  /** Latency of passes made apart: the two kinds of latency never share a column. */
  readonly alone: boolean;
  readonly tokens: boolean;
  readonly cost: boolean;
  readonly card: readonly (keyof typeof CARD_COLUMNS)[];
}

/** What a system's card may say, by its keys. */
export const CARD_COLUMNS = {
  type: { label: "type", meaning: "What sort of system it is, as its file says." },
  size: { label: "size", meaning: "How large the model is, as the system's file says." },
  trainingData: { label: "trained on", meaning: "What the system was trained on, as its file says." },
  licence: { label: "licence", meaning: "The licence of the model, as the system's file says." },
} as const satisfies Partial<Record<keyof SystemCard, { label: string; meaning: string }>>;

const CARD_KEYS = Object.keys(CARD_COLUMNS) as (keyof typeof CARD_COLUMNS)[];

export function optionalColumns(rows: readonly Row[]): OptionalColumns {
  return {
    latency: rows.some((row) => row.latency),
    alone: rows.some((row) => row.alone),
    tokens: rows.some((row) => row.tokens),
    cost: rows.some((row) => row.cost?.per1000),
    card: CARD_KEYS.filter((key) => rows.some((row) => row.run.system.card?.[key] !== undefined)),
  };
}

/** The columns that stand before all numbers, since no number goes without them. @param row undefined for the heads */
export function counts(row: Row | undefined, answers: boolean): CountView[] {
  const trials = row !== undefined && row.trials > 1 ? `×${row.trials}` : "";
  const failed = "Questions on which the system failed; each scores the metric's floor and is in the mean.";
  return [
    { ...count("n", row?.questions, "Questions asked: the one denominator of the row.", trials), fixed: true },
    { ...count("failed", row?.failed, failed), fixed: true, alarm: (row?.failed ?? 0) > 0 },
    ...(answers
      ? [
          {
            ...count("refused", row?.refused, "Questions the system declined to answer."),
            fixed: true,
            ...(row && { text: refusedText(row) }),
          },
        ]
      : []),
  ];
}

/** The columns after the metrics. @param row undefined for the heads */
export function moreCounts(row: Row | undefined, columns: OptionalColumns): CountView[] {
  const unscored = Math.max(0, ...(row?.cells.map((cell) => cell?.estimate.unscored ?? 0) ?? []));
  return [
    {
      ...count(
        "unscored",
        unscored,
        "Questions without a value on the metric that lacks most of them; they are in no mean.",
      ),
      fixed: true,
    },
    ...(columns.alone ? aloneCounts(row?.alone) : columns.latency ? callCounts(row) : []),
    ...(columns.tokens ? [tokens(row)] : []),
    ...(columns.cost ? [cost(row)] : []),
    ...columns.card.map((key) => word(CARD_COLUMNS[key], row?.run.system.card?.[key])),
  ];
}

function callCounts(row: Row | undefined): CountView[] {
  return [
    duration("p50", row?.latency?.p50, "Median latency of measured calls; replayed and cached ones have none."),
    duration("p95", row?.latency?.p95, "95th percentile of the latency of measured calls."),
  ];
}

/** What a latency pass adds to a row; dashes where the run has none. */
function aloneCounts(figures: LatencyFigures | undefined): CountView[] {
  const pass = "of retrieval, one question at a time, by bench run --latency; [low, high]: its interval";
  // The machine is part of it: rows of one column may have been measured on several.
  const title = figures && { title: describePass(figures) };
  const whole = figures?.parts[0]?.percentiles;
  const inProcess = figures?.throughput.find((part) => part.workers === 0);
  const measured = inProcess?.state === "measured" ? inProcess : undefined;
  return [
    ...PERCENTILES.map((p, at): CountView => {
      const found = whole?.[at];
      const view = column(`p${100 * p}`, `Percentile ${100 * p} ${pass}.`);
      if (found === undefined) return view;
      return {
        ...view,
        sort: String(found.value),
        text: formatLatency(found.value),
        interval: formatEnds(found),
        ...title,
      };
    }),
    {
      ...column("per second", "Questions per second in batches, in one process: the median round [slowest, fastest]."),
      ...(measured && {
        sort: String(measured.perSecond),
        text: formatRate(measured.perSecond),
        interval: `[${formatRate(measured.least)}, ${formatRate(measured.most)}]`,
      }),
      ...title,
    },
  ];
}

function tokens(row: Row | undefined): CountView {
  const found = row?.tokens;
  const view = column("tokens", "Tokens per answer: of the prompt + of the answer, where the system reported them.");
  if (found === undefined) return view;
  const [prompt, completion] = [found.prompt, found.completion].map((n) => formatCount(Math.round(n)));
  return {
    ...view,
    sort: String(found.prompt + found.completion),
    text: `${prompt} + ${completion}`,
    title: `of ${formatCount(found.answers)} answers that reported them`,
  };
}

function cost(row: Row | undefined): CountView {
  const view = column("per 1,000", "US dollars per 1,000 questions, of the answers whose cost is known.");
  const found = row?.cost?.per1000;
  if (found === undefined) return view;
  const { usd, interval } = found;
  return {
    ...view,
    sort: String(usd),
    text: formatUsd(usd),
    ...(interval && { interval: `[${formatUsd(interval.low).slice(1)}, ${formatUsd(interval.high).slice(1)}]` }),
    ...(row?.cost?.priceOn !== undefined && { title: `by the prices of ${row.cost.priceOn}` }),
  };
}

function word({ label, meaning }: { label: string; meaning: string }, text: string | undefined): CountView {
  return { ...column(label, meaning), words: true, sort: text ?? "", text: text ?? MISSING };
}

function count(label: string, value: number | undefined, meaning: string, suffix = ""): CountView {
  const text = value === undefined ? MISSING : formatCount(value) + suffix;
  return { ...column(label, meaning), sort: String(value ?? ""), text };
}

function duration(label: string, ms: number | undefined, meaning: string): CountView {
  const text = ms === undefined ? MISSING : formatDuration(ms);
  return { ...column(label, meaning), sort: String(ms ?? ""), text };
}

function column(label: string, meaning: string): CountView {
  return { label, meaning, words: false, sort: "", text: MISSING, alarm: false, fixed: false };
}
