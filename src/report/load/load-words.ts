import { hasLimit, type LoadLimits, type LoadRecord } from "../../runlog/load-record.ts";
import { formatRate } from "../latency/latency-text.ts";
import { formatCount, formatDuration, formatLevel, formatValue, MISSING } from "../text/format-number.ts";
import type { LoadFigures, LoadQuantiles, StepFigures } from "./load-figures.ts";

/** The times of an answer, with what they are called and what they mean. */
export const TIMES = [
  { key: "end", name: "end to end", about: "from the intended start to the last token" },
  { key: "firstToken", name: "first token", about: "from the intended start to the first piece of the answer" },
  { key: "tokenGap", name: "between tokens", about: "from the first token to the last, per token after the first" },
  { key: "longestGap", name: "longest pause", about: "the longest wait for a next piece within an answer" },
] as const satisfies readonly { key: keyof StepFigures; name: string; about: string }[];

/** `2/s`, `0.25/s`. */
export function formatLoadRate(rate: number): string {
  return `${Number(rate.toPrecision(3))}/s`;
}

/** What the share of good answers is called: without a limit every answer is good. */
export function goodputName({ limits }: LoadRecord): string {
  return hasLimit(limits) ? "goodput" : "answered";
}

/** `1.000 [.940, 1.000]`. */
function formatGoodput({ goodput }: StepFigures): string {
  if (goodput === undefined) return MISSING;
  const [share, low, high] = [goodput.share, goodput.low, goodput.high].map((x) => formatValue(x, [0, 1]));
  return `${share} [${low}, ${high}]`;
}

/** `24.1, slowest tenth below 12.0`: tokens per second. */
function formatPerUser({ percentiles }: LoadQuantiles): string {
  const [median, tenth] = percentiles;
  if (median === undefined || tenth === undefined) return MISSING;
  return `${formatRate(median.value)}, slowest tenth below ${formatRate(tenth.value)}`;
}

/** `E_ENDPOINT_TIMEOUT 3, not sent 12`, or nothing. */
function formatErrors({ errors, notSent }: StepFigures): string {
  const parts = errors.map(({ code, count }) => `${code} ${formatCount(count)}`);
  return [...parts, ...(notSent > 0 ? [`not sent ${formatCount(notSent)}`] : [])].join(", ");
}

/** What a table of rates says beside the rate. */
export interface RateColumn {
  readonly head: string;
  readonly cell: (step: StepFigures) => string;
}

/** The columns of that table; that of failures only where there are any. */
export function rateColumns(record: LoadRecord, { steps }: LoadFigures): RateColumn[] {
  const columns: RateColumn[] = [
    { head: "n", cell: ({ n }) => formatCount(n) },
    { head: goodputName(record), cell: formatGoodput },
    { head: "answers/s", cell: ({ answersPerSecond }) => formatRate(answersPerSecond) },
    { head: "tokens/s", cell: ({ tokensPerSecond: x }) => (x === undefined ? MISSING : formatRate(x)) },
    { head: "tokens/s of one answer", cell: ({ perUser }) => formatPerUser(perUser) },
  ];
  const failed = steps.some((step) => formatErrors(step) !== "");
  return failed ? [...columns, { head: "failed", cell: (step) => formatErrors(step) || "0" }] : columns;
}

/** `the first token within 500 ms and the end within 5.00 s`. */
export function formatLimits({ firstTokenMs, endMs }: LoadLimits): string {
  return [
    ...(firstTokenMs === undefined ? [] : [`the first token within ${formatDuration(firstTokenMs)}`]),
    ...(endMs === undefined ? [] : [`the end within ${formatDuration(endMs)}`]),
  ].join(" and ");
}

/** Up to which rate the system keeps its promise, in a sentence or two. */
export function kneeText({ knee, level }: LoadFigures, { limits, share }: LoadRecord): string {
  const good = `${Number((100 * share).toPrecision(4))}\u00a0% of requests with ${formatLimits(limits)}`;
  const unsure = (what: string): string => ` So few requests do not make this sure at ${formatLevel(level)}: ${what}.`;
  switch (knee.state) {
    case "none":
      return `No knee: ${knee.reason}.`;
    case "found": {
      const [rate, above] = [formatLoadRate(knee.rate), formatLoadRate(knee.above)];
      const said = `The knee lies at ${rate}: the last rate that keeps ${good}; ${above} does not.`;
      return knee.sure ? said : said + unsure("the interval of one of the two rates holds the other side too");
    }
    case "above": {
      const said = `No knee up to ${formatLoadRate(knee.rate)}: every rate keeps ${good}. Try higher ones.`;
      return knee.sure ? said : said + unsure("the interval of the highest rate reaches below");
    }
    case "below": {
      const said = `Even ${formatLoadRate(knee.rate)} does not keep ${good}. Try lower rates.`;
      return knee.sure ? said : said + unsure("its interval reaches above");
    }
  }
}

/** What is sent, in one sentence. */
export function describeLoad(record: LoadRecord): string {
  const { prompts, arrivals, steps, outputTokens } = record;
  const spread = arrivals === "poisson" ? "at random (Poisson)" : "evenly";
  const most = outputTokens === undefined ? "" : `, answers of at most ${formatCount(outputTokens)} tokens`;
  const [first] = steps;
  const warm =
    first === undefined || first.warmupMs === 0 ? "no warm-up" : `after ${formatDuration(first.warmupMs)} to warm up`;
  const time = first === undefined ? "" : `; ${formatDuration(first.durationMs)} a rate, ${warm}`;
  return `Requests arrive ${spread}, whether or not earlier ones are answered: ${describePrompts(prompts)}${most}${time}.`;
}

function describePrompts(prompts: LoadRecord["prompts"]): string {
  if (prompts.kind === "synthetic") return `prompts of about ${formatCount(prompts.tokens)} tokens, no two alike`;
  const { questions, suite, k, dataset } = prompts;
  const context = k === 0 ? "without passages" : `each with ${formatCount(k)} passages of ${dataset}`;
  return `${formatCount(questions)} questions of ${suite}, ${context}`;
}
