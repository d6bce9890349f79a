import { type Judge, type NamedPrice, type Project, priceOfModel } from "../../config/index.ts";
import { UsageError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { formatUsd } from "../../report/cost/cost-text.ts";
import { costOf } from "../../run/cost/cost-of.ts";
import { costProblem } from "../../run/cost/require-prices.ts";
import type { GradedLine } from "../../runlog/index.ts";
import { gradesSoFar } from "./grades-so-far.ts";
import type { JudgingTask } from "./judge-cost.ts";

/** Adds up what judging costs and says when it may cost no more. */
export class JudgeBudget {
  readonly #maxUsd: number;
  readonly #price: NamedPrice;
  readonly #concurrency: number;
  #usd = 0;
  #grades = 0;

  constructor(maxUsd: number, price: NamedPrice, concurrency: number) {
    this.#maxUsd = maxUsd;
    this.#price = price;
    this.#concurrency = concurrency;
  }

  /**
   * The budget of a judge, what its file has already included unless that is thrown away.
   * @throws UsageError (E_COST_UNKNOWN) where no price is named
   */
  static async open(maxUsd: number, { judge, path, fresh }: JudgingTask, project: Project): Promise<JudgeBudget> {
    const { model, concurrency } = judge.model!;
    const price = await priceOfModel(project, model);
    if (price === undefined) throw new UsageError(noPrice(judge, model));
    const budget = new JudgeBudget(maxUsd, price, concurrency);
    if (!fresh) for await (const graded of gradesSoFar(path)) budget.add(graded);
    return budget;
  }

  /** @throws UsageError (E_COST_UNKNOWN) when a grade does not say what it took */
  add({ usage, timing, asked }: GradedLine): void {
    if (asked === 0) return;
    // Calls in flight share the machine.
    const cost = costOf(this.#price, { usage, machineMs: timing && timing.ms / this.#concurrency });
    // A request that failed is not counted by servers either.
    if (cost === undefined && timing !== undefined) throw costUnknown("a verdict without its tokens");
    this.#usd += cost?.usd ?? 0;
    this.#grades += 1;
  }

  /** Whether no further answer may be judged; those under way are counted with the mean so far. */
  get spent(): boolean {
    const under = this.#grades === 0 ? 0 : (this.#concurrency * this.#usd) / this.#grades;
    return this.#usd + under >= this.#maxUsd;
  }

  describe(): string {
    return `${formatUsd(this.#usd)} of --max-cost ${this.#maxUsd}`;
  }
}

/**
 * Refuses a limit on what judging costs before anything is asked.
 * @param maxUsd undefined where there is no limit
 * @throws UsageError (E_COST_UNKNOWN) with every judge whose model has no price, those of panels included
 */
export async function requireJudgePrices(
  maxUsd: number | undefined,
  judges: readonly Judge[],
  project: Project,
): Promise<void> {
  if (maxUsd === undefined) return;
  const problems: Problem[] = [];
  for (const judge of judges.flatMap((one): readonly Judge[] => (one.kind === "panel" ? one.members : [one]))) {
    const model = "model" in judge ? judge.model?.model : undefined;
    if (model !== undefined && (await priceOfModel(project, model)) === undefined) problems.push(noPrice(judge, model));
  }
  if (problems.length > 0) throw new UsageError(...problems);
}

function noPrice({ file }: Judge, model: string): Problem {
  const name = JSON.stringify(model);
  const expected = `a price of the model ${name}, which ${file} asks`;
  return costProblem(expected, "none in prices.yaml", "add an entry for the model to prices.yaml");
}

/** That a limit of the cost cannot be kept. */
export function costUnknown(got: string): UsageError {
  const fix = "name the model's price in prices.yaml, and see that the server counts tokens";
  return new UsageError(costProblem("grades whose cost is known", got, fix));
}
