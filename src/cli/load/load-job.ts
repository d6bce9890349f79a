import { findProject, type GeneratorConfig, type Project, type System } from "../../config/index.ts";
import { loadSystem } from "../../config/load-system.ts";
import { UsageError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import type { LoadPlan } from "../../run/load/measure-load.ts";
import type { Arrivals } from "../../runlog/load-record.ts";
import type { Deps } from "../deps.ts";

export interface LoadOptions {
  readonly system: string;
  /** Requests per second. */
  readonly rate: number;
  readonly ramp: readonly (number | "auto")[];
  readonly arrivals: Arrivals;
  /** Spans in milliseconds. */
  readonly duration: number | undefined;
  readonly warmup: number | undefined;
  readonly promptTokens: number | undefined;
  readonly outputTokens: number | undefined;
  readonly suite: string | undefined;
  readonly topk: number | undefined;
  readonly ttftLimit: number | undefined;
  readonly e2eLimit: number | undefined;
  readonly share: number;
  readonly maxInFlight: number;
  readonly seed: number;
  readonly out: string | undefined;
  readonly format: "text" | "json";
  readonly dryRun: boolean;
  readonly quiet: boolean;
}

/** A load test that is checked and ready to be built. */
export interface LoadJob {
  readonly project: Project;
  /** Its generator alone, as the file has it but for what a load test needs: one attempt, a stream, the wanted length of answers. */
  readonly system: System;
  /** Its retriever alone, where a suite's questions are asked with passages. */
  readonly retrieval: System | undefined;
  readonly plan: LoadPlan;
  /** Tokens of a made-up prompt; undefined where a suite's questions are asked. */
  readonly promptTokens: number | undefined;
  /** Most tokens of an answer, where the system's file can say. */
  readonly outputTokens: number | undefined;
}

const DURATION_MS = 60_000;
const WARMUP_MS = 5000;
const PROMPT_TOKENS = 2000;
const OUTPUT_TOKENS = 256;

/** @throws BenchError with all that is wrong with the flags, or with the system */
export async function prepareLoad(options: LoadOptions, deps: Deps): Promise<LoadJob> {
  const problems = problemsOf(options);
  if (problems.length > 0) throw new UsageError(...problems);
  const project = await findProject(deps.cwd);
  const system = await loadSystem(project, options.system, deps.env);
  const { ramp, rate, suite, ttftLimit, e2eLimit } = options;
  const {
    arrivals,
    seed,
    share,
    maxInFlight,
    warmup: warmupMs = WARMUP_MS,
    duration: durationMs = DURATION_MS,
  } = options;
  const { generator, outputTokens } = underLoad(system, options);
  const { retriever } = system.config;
  const rates = ramp.includes("auto") ? { auto: rate } : ramp.filter((each) => each !== "auto");
  return {
    project,
    system: { ...system, config: { generator } },
    retrieval: suite === undefined || retriever === undefined ? undefined : { ...system, config: { retriever } },
    plan: {
      ...{ arrivals, seed, share, maxInFlight, warmupMs, durationMs },
      rates: "auto" in rates || rates.length > 0 ? rates : [rate],
      limits: {
        ...(ttftLimit !== undefined && { firstTokenMs: ttftLimit }),
        ...(e2eLimit !== undefined && { endMs: e2eLimit }),
      },
    },
    promptTokens: suite === undefined ? (options.promptTokens ?? PROMPT_TOKENS) : undefined,
    outputTokens,
  };
}

function problemsOf({ ramp, suite, promptTokens, topk, ttftLimit, e2eLimit }: LoadOptions): Problem[] {
  const usage = (where: string, expected: string, got: string, fix: string): Problem => ({
    ...{ code: "E_USAGE", where, expected, got, fix },
  });
  const problems: Problem[] = [];
  if (suite !== undefined && promptTokens !== undefined) {
    const fix = "leave out --suite for made-up prompts of that length, or --prompt-tokens for its questions";
    problems.push(usage("--prompt-tokens", "made-up prompts or a suite's questions", "both", fix));
  }
  if (suite === undefined && topk !== undefined) {
    problems.push(usage("--topk", "a suite whose passages are retrieved", "none", "add --suite, or leave --topk out"));
  }
  if (ramp.includes("auto") && ramp.length > 1) {
    problems.push(usage("--ramp", "rates, or auto alone", "both", "write --ramp auto, with --rate for the first rate"));
  }
  const twice = ramp.find((rate, at) => ramp.indexOf(rate) < at);
  if (twice !== undefined && twice !== "auto") {
    problems.push(usage("--ramp", "each rate once", `${twice} again`, "remove one; a longer --duration says more"));
  }
  if (ramp.includes("auto") && ttftLimit === undefined && e2eLimit === undefined) {
    const fix = "add --ttft-limit 500ms or --e2e-limit 5s";
    problems.push(usage("--ramp", "a limit that answers have to keep to, else no rate is too high", "none", fix));
  }
  return problems;
}

/** The generator with what a load test needs. @throws UsageError for a generator that no load can be put on */
function underLoad(
  { id, config }: System,
  options: LoadOptions,
): { generator: GeneratorConfig; outputTokens: number | undefined } {
  const { generator } = config;
  const usage = (where: string, expected: string, got: string, fix: string): UsageError =>
    new UsageError({ code: "E_USAGE", where, expected, got, fix });
  if (generator === undefined || generator.kind === "reader" || generator.kind === "replay") {
    const got = generator === undefined ? `${id}, which has no generator` : `${id}, of kind ${generator.kind}`;
    const fix = "name a system of kind openai, http, process or local; `bench run --latency` measures retrieval";
    throw usage("--system", "a system whose generator does work for each request", got, fix);
  }
  if (generator.kind === "http" || generator.kind === "process") {
    if (options.outputTokens !== undefined) {
      const fix = "write the limit into what the system's file sends, and leave the flag out";
      throw usage("--output-tokens", "a generator of kind openai or local", `one of kind ${generator.kind}`, fix);
    }
    const once = generator.kind === "http" ? { ...generator, max_attempts: 1 } : generator;
    return { generator: once, outputTokens: undefined };
  }
  // Newer models take the limit under this name alone.
  const named = "max_completion_tokens";
  const { extra_body } = generator.kind === "openai" ? generator : {};
  const written = Number(extra_body?.[named] ?? generator.max_tokens);
  const outputTokens = options.outputTokens ?? (options.suite === undefined ? OUTPUT_TOKENS : written);
  const limited = { ...generator, max_tokens: outputTokens };
  if (limited.kind === "local") return { generator: limited, outputTokens };
  const extra = extra_body && named in extra_body ? { extra_body: { ...extra_body, [named]: outputTokens } } : {};
  return { generator: { ...limited, ...extra, max_attempts: 1, stream: true }, outputTokens };
}
