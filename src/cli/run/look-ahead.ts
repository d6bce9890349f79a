import type { System } from "../../config/index.ts";
import { formatCondition } from "../../core/condition.ts";
import { UnavailableError } from "../../core/errors.ts";
import { formatProblem, type Problem } from "../../core/problem.ts";
import type { PassageStore } from "../../dataset/passage-store.ts";
import { checkWindow, type PromptTokens } from "../../run/estimate/check-window.ts";
import { corpusLengths } from "../../run/estimate/corpus-lengths.ts";
import { promptSizes, retrievedBy } from "../../run/estimate/prompt-sizes.ts";
import { measuredOn, ROUGH, type TokenMeasure } from "../../run/estimate/token-measure.ts";
import type { Plan } from "../../run/index.ts";
import { type BuiltSystem, type InspectedEndpoint, inspectEndpoint } from "../../system/index.ts";
import { type Deps, line, type Output } from "../deps.ts";
import type { Job } from "../job/prepare-job.ts";

/** The prompts of a plan in tokens, before any is sent. */
export interface LookAhead {
  readonly prompts: readonly PromptTokens[];
  /** How tokens are counted, as a person is told. */
  readonly how: string;
  /** Tokens that prompt and answer may have together, and who says so. */
  readonly window?: { readonly tokens: number; readonly from: string };
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/**
 * Estimates the prompts of a plan and holds them against the context window. The corpus is read once; nothing is retrieved,
 * so that no index has to be there and no encoder is asked.
 * @param listed the window as the server lists it
 */
export async function lookAhead(
  endpoint: InspectedEndpoint,
  listed: number | undefined,
  { plan, job, passages }: { plan: Plan; job: Pick<Job, "dataset">; passages: PassageStore },
): Promise<LookAhead> {
  const { config } = endpoint;
  const corpus = await corpusLengths(job.dataset.passages(), Math.max(0, ...plan.conditions.map(retrievedBy)));
  const measure = await measureOf(endpoint, corpus.sample);
  const prompts: PromptTokens[] = [];
  for (const condition of plan.conditions) {
    const { mean, longest, exact } = await promptSizes(condition, {
      questions: plan.questions.records,
      corpus,
      requestText: (request) => endpoint.requestText(request),
      passages: (ids) => passages.get(ids),
      contexts: plan.contexts,
    });
    const tokens = { mean: measure.tokens(mean), longest: measure.tokens(longest) };
    prompts.push({ condition: formatCondition(condition), ...tokens, exact });
  }
  const window =
    listed !== undefined
      ? { tokens: listed, from: "the server's list of models" }
      : config.context_window !== undefined
        ? { tokens: config.context_window, from: "context_window" }
        : undefined;
  const where = endpoint.where(listed === undefined && window !== undefined ? "context_window" : "max_tokens");
  const found = window
    ? checkWindow(prompts, { window: window.tokens, answer: config.max_tokens, where })
    : { problems: [], warnings: [] };
  return { prompts, how: measure.how, ...(window && { window }), ...found };
}

/**
 * A built system that also holds its prompts against the context window before the first question: a server cuts or refuses
 * what is too long, and both would be paid for.
 */
export async function withWindowCheck(
  built: BuiltSystem,
  system: System,
  planned: { plan: Plan; job: Pick<Job, "dataset">; passages: PassageStore },
  notes: Output,
  deps: Deps,
): Promise<BuiltSystem> {
  const endpoint = planned.plan.conditions.length > 0 ? await inspectEndpoint(system, deps) : undefined;
  if (endpoint === undefined) return built;
  return {
    ...built,
    async preflight(signal) {
      await built.preflight(signal);
      const { contextWindow } = await endpoint.served(signal);
      if (contextWindow === undefined && endpoint.config.context_window === undefined) return;
      const { problems, warnings } = await lookAhead(endpoint, contextWindow, planned);
      for (const warning of warnings) line(notes, `warning: ${formatProblem(warning)}`);
      if (problems.length > 0) throw new UnavailableError(problems);
    },
  };
}

async function measureOf({ tokenizer }: InspectedEndpoint, sample: readonly string[]): Promise<TokenMeasure> {
  if (tokenizer === undefined) return ROUGH;
  const { TextTokenizer } = await import("../../embed/text-tokenizer.ts");
  const opened = await TextTokenizer.open(tokenizer);
  return measuredOn(sample, (text) => opened.encodeBare(text).length);
}
