import type { LoadRecord } from "../../runlog/load-record.ts";
import { formatCount, formatDuration, formatLevel } from "../text/format-number.ts";
import type { LoadFigures, StepFigures } from "./load-figures.ts";
import { formatLoadRate } from "./load-words.ts";

/** Says what is to be kept in mind; undefined where there is nothing. */
type Caution = (record: LoadRecord, figures: LoadFigures) => string | undefined;

/** The client itself is late by more than this share of the median latency: then it measures itself too. */
const LATE = 0.05;
/** Answers or prompts that are shorter or longer than asked for by more than this share are worth a word. */
const OFF = 0.1;

/** What the figures are not good for, a sentence or two each. */
export function loadCautions(record: LoadRecord, figures: LoadFigures): string[] {
  return CAUTIONS.flatMap((caution) => caution(record, figures) ?? []);
}

const interrupted: Caution = ({ status }) =>
  status === "interrupted" ? "The test was stopped: the last rate has fewer requests than meant." : undefined;

const nothingDue: Caution = (_, { steps }) => {
  const rates = ratesOf(steps, ({ n }) => n === 0);
  return rates && `At ${rates} no request was due in so short a time: a longer --duration brings some.`;
};

const failures: Caution = (_, { steps }) => {
  const rates = ratesOf(steps, ({ errors }) => errors.length > 0);
  return rates && `Times are of answered requests alone; failed ones count as not good. Requests failed at ${rates}.`;
};

const notSent: Caution = ({ maxInFlight }, { steps }) => {
  const rates = ratesOf(steps, (step) => step.notSent > 0);
  const many = `so many requests were under way (${formatCount(maxInFlight)}) that further ones were not sent`;
  return rates && `At ${rates} ${many}: they count as not answered, and times of a queue that long are too good.`;
};

const lateClient: Caution = (_, { steps }) => {
  const late = (step: StepFigures): boolean =>
    step.late.p99 > LATE * (step.end.percentiles[0]?.value ?? Number.POSITIVE_INFINITY);
  const rates = ratesOf(steps, late);
  const most = formatDuration(Math.max(0, ...steps.filter(late).map((step) => step.late.most)));
  const said = `the machine that measured sent requests up to ${most} late, which is in their times`;
  return rates && `At ${rates} ${said}: measure from one with less to do.`;
};

const shortAnswers: Caution = ({ outputTokens }, { steps }) => {
  const shortest = Math.min(...steps.flatMap(({ answerTokens }) => answerTokens ?? []));
  if (outputTokens === undefined || shortest >= (1 - OFF) * outputTokens) return undefined;
  const mean = formatCount(Math.round(shortest));
  return `Answers ended by themselves: ${mean} tokens on average at the shortest, of ${formatCount(outputTokens)} allowed.`;
};

const otherPrompts: Caution = ({ prompts }, { steps }) => {
  const counted = steps.flatMap(({ promptTokens }) => promptTokens ?? []);
  if (counted.length === 0) {
    const streamed = steps.some(({ answerTokens }) => answerTokens !== undefined);
    return `The server counts no tokens${streamed ? ": those of answers are the pieces of its stream" : ""}.`;
  }
  if (prompts.kind !== "synthetic") return undefined;
  if (counted.every((tokens) => Math.abs(tokens - prompts.tokens) <= OFF * prompts.tokens)) return undefined;
  const [least, most] = [Math.min(...counted), Math.max(...counted)].map((x) => formatCount(Math.round(x)));
  const said = least === most ? least : `${least} to ${most}`;
  return `The server counted ${said} tokens a prompt, not ${formatCount(prompts.tokens)}.`;
};

const promptCache: Caution = (_, { steps }) => {
  const rates = ratesOf(
    steps,
    ({ cachedPromptTokens = 0, promptTokens = 0 }) => cachedPromptTokens > OFF * promptTokens,
  );
  return rates && `At ${rates} the server took more than a tenth of the prompts from its own cache.`;
};

const askedAgain: Caution = ({ prompts, steps }) => {
  const asked = steps.reduce((sum, { requests, warmup }) => sum + requests.length + warmup, 0);
  if (prompts.kind !== "suite" || asked <= prompts.questions) return undefined;
  const counts = `${formatCount(asked)} requests asked ${formatCount(prompts.questions)} questions`;
  return `${counts}: a server that keeps prompts is faster when one comes again.`;
};

const notStreamed: Caution = (_, { steps }) =>
  steps.some(({ answered }) => answered > 0) && steps.every(({ firstToken }) => firstToken.n === 0)
    ? "Nothing was streamed: a first token cannot be told from the last, and a limit on it is one on the end."
    : undefined;

const neighbours: Caution = (_, { level }) =>
  `Intervals (${formatLevel(level)}) allow for neighbouring requests that wait in one queue, as far as a tenth of a rate's time ` +
  "shows it: where a queue lasts longer than that they are still too narrow, and a longer --duration says more.";

const CAUTIONS: readonly Caution[] = [
  interrupted,
  nothingDue,
  failures,
  notSent,
  lateClient,
  shortAnswers,
  otherPrompts,
  promptCache,
  askedAgain,
  notStreamed,
  neighbours,
];

/** The rates of the steps that are so, as a list; undefined when none is. */
function ratesOf(steps: readonly StepFigures[], so: (step: StepFigures) => boolean): string | undefined {
  const rates = steps.filter(so).map(({ rate }) => formatLoadRate(rate));
  return rates.length === 0 ? undefined : rates.join(", ");
}
