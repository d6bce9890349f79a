import { hasLimit, type LoadLimits, type LoadRecord } from "../../runlog/load-record.ts";
import { formatCount, formatDuration, formatLevel, formatValue, MISSING } from "../format-number.ts";
import { formatRate } from "../latency-text.ts";
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
export function formatGoodput({ goodput }: StepFigures): string {
  if (goodput === undefined) return MISSING;
  const [share, low, high] = [goodput.share, goodput.low, goodput.high].map((x) => formatValue(x, [0, 1]));
  return `${share} [${low}, ${high}]`;
}

/** `24.1 (10 % have less than 12.0)`. */
export function formatPerUser({ percentiles }: LoadQuantiles): string {
  const [median, tenth] = percentiles;
  if (median === undefined || tenth === undefined) return MISSING;
  return `${formatRate(median.value)}, slowest tenth below ${formatRate(tenth.value)}`;
}

/** `E_ENDPOINT_TIMEOUT 3, not sent 12`, or nothing. */
export function formatErrors({ errors, notSent }: StepFigures): string {
  const parts = errors.map(({ code, count }) => `${code} ${formatCount(count)}`);
  return [...parts, ...(notSent > 0 ? [`not sent ${formatCount(notSent)}`] : [])].join(", ");
}

/** `first token within 500 ms and the end within 5.00 s`. */
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
  const asked =
    prompts.kind === "synthetic"
      ? `prompts of about ${formatCount(prompts.tokens)} tokens, no two alike`
      : `${formatCount(prompts.questions)} questions of ${prompts.suite}, each with ${formatCount(prompts.k)} passages of ${prompts.dataset}`;
  const most = outputTokens === undefined ? "" : `, answers of at most ${formatCount(outputTokens)} tokens`;
  const [first] = steps;
  const warm =
    first === undefined || first.warmupMs === 0 ? "no warm-up" : `after ${formatDuration(first.warmupMs)} to warm up`;
  const time = first === undefined ? "" : `; ${formatDuration(first.durationMs)} a rate, ${warm}`;
  return `Requests arrive ${spread}, whether or not earlier ones are answered: ${asked}${most}${time}.`;
}

/** The client itself is late by more than this share of the median latency: then it measures itself too. */
const LATE = 0.05;
/** Answers or prompts that are shorter or longer than asked for by more than this share are worth a word. */
const OFF = 0.1;

/** What the figures are not good for. */
export function loadCautions(record: LoadRecord, { steps, level }: LoadFigures): string[] {
  const { prompts, outputTokens, maxInFlight } = record;
  const cautions: string[] = [];
  const at = (those: readonly StepFigures[]): string => those.map(({ rate }) => formatLoadRate(rate)).join(", ");
  if (record.status === "interrupted")
    cautions.push("The test was stopped: the last rate has fewer requests than meant.");
  const failing = steps.filter(({ errors }) => errors.length > 0);
  if (failing.length > 0) {
    cautions.push(
      `Times are of answered requests alone; failed ones are in the goodput. Requests failed at ${at(failing)}.`,
    );
  }
  const held = steps.filter(({ notSent }) => notSent > 0);
  if (held.length > 0) {
    cautions.push(
      `At ${at(held)} so many requests were under way (${formatCount(maxInFlight)}) that further ones were not sent: they count as not answered, and times of a queue that long are too good.`,
    );
  }
  const late = steps.filter(
    (step) => step.late.p99 > LATE * (step.end.percentiles[0]?.value ?? Number.POSITIVE_INFINITY),
  );
  if (late.length > 0) {
    const most = Math.max(...late.map((step) => step.late.most));
    cautions.push(
      `At ${at(late)} the machine that measured sent requests up to ${formatDuration(most)} late, which is in their times: measure from one with less to do.`,
    );
  }
  const answers = steps.flatMap(({ answerTokens }) => answerTokens ?? []);
  const shortest = Math.min(...answers);
  if (outputTokens !== undefined && shortest < (1 - OFF) * outputTokens) {
    cautions.push(
      `Answers ended by themselves: ${formatCount(Math.round(shortest))} tokens on average at the shortest, of ${formatCount(outputTokens)} allowed.`,
    );
  }
  const counted = steps.flatMap(({ promptTokens }) => promptTokens ?? []);
  if (
    prompts.kind === "synthetic" &&
    counted.some((tokens) => Math.abs(tokens - prompts.tokens) > OFF * prompts.tokens)
  ) {
    const [least, most] = [Math.min(...counted), Math.max(...counted)].map((x) => formatCount(Math.round(x)));
    const said = least === most ? least : `${least} to ${most}`;
    cautions.push(`The server counted ${said} tokens a prompt, not ${formatCount(prompts.tokens)}.`);
  }
  if (counted.length === 0)
    cautions.push("The server counts no tokens: those of answers are the pieces of its stream.");
  const cached = steps.filter(
    ({ cachedPromptTokens = 0, promptTokens = 0 }) => cachedPromptTokens > OFF * promptTokens,
  );
  if (cached.length > 0) {
    cautions.push(`At ${at(cached)} the server took more than a tenth of the prompts from its own cache.`);
  }
  const asked = record.steps.reduce((sum, { requests, warmup }) => sum + requests.length + warmup, 0);
  if (prompts.kind === "suite" && asked > prompts.questions) {
    cautions.push(
      `${formatCount(asked)} requests asked ${formatCount(prompts.questions)} questions: a server that keeps prompts is faster when one comes again.`,
    );
  }
  if (steps.every(({ firstToken }) => firstToken.n === 0)) {
    cautions.push(
      "Nothing was streamed: a first token cannot be told from the last, and a limit on it is one on the end.",
    );
  }
  cautions.push(
    `Intervals (${formatLevel(level)}) allow for neighbouring requests that wait in one queue, as far as a tenth of a rate's time shows it: where a queue lasts longer than that they are still too narrow, and a longer --duration says more.`,
  );
  return cautions;
}
