import { join } from "node:path";
import { generatorIdentity, type Project, type System } from "../../config/index.ts";
import type { Generator } from "../../core/contracts.ts";
import { AnswerCache, answerKeys, cachedGenerator, type Plan, pricedGenerator } from "../../run/index.ts";
import type { BuiltSystem } from "../../system/index.ts";
import type { Deps } from "../deps.ts";

export interface CacheOptions {
  /** False with `--no-cache`: nothing is taken from the cache and nothing kept. */
  readonly cache: boolean;
  /** Every question is asked, and the cache gets the new answers. */
  readonly refresh: boolean;
}

/** The folder of kept answers, shared by all runs of a project. */
export function answerCache(project: Project): AnswerCache {
  return new AnswerCache(join(project.cache, "answers"));
}

/**
 * Generators whose answers are kept: those behind an endpoint, which are paid for or waited for. What computes on this
 * machine is as cheap to ask again, and its latency is worth measuring each time.
 */
const KEPT: ReadonlySet<string> = new Set(["openai", "http"]);

export interface Answering {
  readonly system: BuiltSystem;
  /** What is worth telling after the run. */
  notes(): readonly string[];
}

/** A built system whose answers carry their cost, where a price is named, and come from the cache, where they are there. */
export async function answering(
  built: BuiltSystem,
  { system, plan, run, project }: { system: System; plan: Plan; run: string; project: Project },
  { cache, refresh }: CacheOptions,
  { clock, env }: Pick<Deps, "clock" | "env">,
): Promise<Answering> {
  if (built.generator === undefined) return { system: built, notes: () => [] };
  let generator: Generator = built.generator;
  if (plan.price !== undefined) generator = pricedGenerator(generator, plan.price, clock);
  const identity =
    cache && KEPT.has(system.config.generator?.kind ?? "") ? await generatorIdentity(system, env) : undefined;
  if (identity === undefined) return { system: { ...built, generator }, notes: () => [] };

  let cached = 0;
  let problem: unknown;
  const kept = cachedGenerator(generator, {
    cache: answerCache(project),
    keyOf: answerKeys(identity),
    run,
    clock,
    refresh,
    onProblem: (error) => {
      problem ??= error;
    },
  });
  const counted: Generator = {
    async answer(request, signal) {
      const answer = await kept.answer(request, signal);
      if (answer.cachedFrom !== undefined) cached += 1;
      return answer;
    },
  };
  const notes = () => [
    ...(cached === 0
      ? []
      : [
          `${cached === 1 ? "1 answer" : `${cached} answers`} from the cache, without latency and cost; --refresh asks anew`,
        ]),
    ...(problem === undefined ? [] : [`answers could not be kept for later runs: ${reasonOf(problem)}`]),
  ];
  return { system: { ...built, generator: counted }, notes };
}

function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? (error instanceof Error ? error.message : String(error));
}
