import { loadPrice } from "../../config/index.ts";
import { EXIT } from "../../core/errors.ts";
import { openDataset } from "../../dataset/index.ts";
import { openPassageStore } from "../../dataset/passage-store.ts";
import { printable } from "../../lib/text.ts";
import { formatLoadRate } from "../../report/load/load-words.ts";
import { formatCount } from "../../report/text/format-number.ts";
import { corpusLengths } from "../../run/estimate/corpus-lengths.ts";
import { promptSizes } from "../../run/estimate/prompt-sizes.ts";
import { ROUGH } from "../../run/estimate/token-measure.ts";
import { costOf, loadQuestions } from "../../run/index.ts";
import { nextRate, type TriedRate } from "../../run/load/next-rate.ts";
import { inspectEndpoint } from "../../system/index.ts";
import { type Deps, line } from "../deps.ts";
import { costText } from "../run/dry-run-text.ts";
import { formatSpan } from "../terminal/format-span.ts";
import type { LoadJob, LoadOptions } from "./load-job.ts";
import { type LoadSuite, loadSuiteOf } from "./load-suite-of.ts";

/** How many times the first rate the knee is taken to be, for an estimate of a search for it. */
const GUESS = 8;

/**
 * Carries out `bench load --dry-run`: says how many requests and tokens the test would send, what they cost and how long it
 * takes. Contacts nothing.
 */
export async function dryRunLoad(job: LoadJob, options: LoadOptions, deps: Deps): Promise<number> {
  const { plan, system, project, outputTokens } = job;
  const { rates: wanted, warmupMs, durationMs } = plan;
  const rates = "auto" in wanted ? guessed(wanted.auto) : wanted;
  const stepMs = warmupMs + durationMs;
  // The one that goes before all others is one more.
  const requests = 1 + rates.reduce((sum, rate) => sum + (rate * stepMs) / 1000, 0);
  const price = await loadPrice(project, system);
  const promptTokens = job.promptTokens ?? (await suiteTokens(job, options, deps));
  const spans = `${formatSpan(durationMs)} each${warmupMs > 0 ? ` after ${formatSpan(warmupMs)} to warm up` : ""}`;
  const guess = "auto" in wanted ? `, if the knee lies near ${formatLoadRate(GUESS * wanted.auto)}` : "";
  const said = [
    `${printable(system.id)}: load at ${rates.map(formatLoadRate).join(", ")}, ${spans}${guess}`,
    `  requests: about ${formatCount(Math.round(requests))}, at most ${formatCount(plan.maxInFlight)} under way`,
  ];
  if (promptTokens === undefined) {
    said.push("  tokens: unknown: only prompts of kind openai are estimated");
  } else {
    const prompts = Math.round(requests * promptTokens);
    const answers = outputTokens === undefined ? undefined : Math.round(requests * outputTokens);
    const most =
      answers === undefined
        ? "answers as long as the server makes them"
        : `at most about ${formatCount(answers)} of answers`;
    said.push(`  tokens: about ${formatCount(prompts)} of prompts, ${most}`);
    const usage = answers === undefined ? undefined : { promptTokens: prompts, completionTokens: answers };
    const cost = costOf(price, { usage, machineMs: rates.length * stepMs });
    const bound = cost?.basis === "time" ? "about" : "at most about";
    said.push(`  cost: ${costText(cost?.usd, bound, price)}`);
  }
  said.push(`  time: about ${formatSpan(rates.length * stepMs)}, and the last replies of each rate`);
  deps.stdout.write(`${said.join("\n")}\n`);
  line(deps.stderr, "a dry run: nothing was sent and nothing written");
  return EXIT.ok;
}

function guessed(first: number): number[] {
  const tried: TriedRate[] = [];
  for (;;) {
    const rate = nextRate(first, tried);
    if (rate === undefined) return tried.map((each) => each.rate);
    tried.push({ rate, borne: rate <= GUESS * first });
  }
}

/** Tokens of the mean prompt of a suite's questions, without retrieving: k passages of the corpus' mean length. */
async function suiteTokens(
  { project, system, retrieval }: LoadJob,
  options: LoadOptions,
  deps: Deps,
): Promise<number | undefined> {
  const endpoint = await inspectEndpoint(system, deps);
  if (endpoint === undefined) return undefined;
  const { datasetDir, split, k }: LoadSuite = await loadSuiteOf(project, options);
  const dataset = await openDataset(datasetDir);
  const passages = await openPassageStore(dataset);
  try {
    const corpus = await corpusLengths(dataset.passages(), 0);
    const { records } = await loadQuestions(dataset, split);
    const condition = retrieval ? ({ kind: "rag", k } as const) : ({ kind: "closed-book" } as const);
    const { mean } = await promptSizes(condition, {
      questions: records,
      corpus,
      requestText: (request) => endpoint.requestText(request),
      passages: (ids) => passages.get(ids),
    });
    return ROUGH.tokens(mean);
  } finally {
    await passages.close();
  }
}
