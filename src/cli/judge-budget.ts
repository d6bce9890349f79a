import { type NamedPrice, type Project, priceOfModel } from "../config/index.ts";
import { UsageError } from "../core/errors.ts";
import { formatUsd } from "../report/cost/cost-text.ts";
import { costOf } from "../run/cost/cost-of.ts";
import type { GradedLine } from "../runlog/index.ts";
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
    const price = await priceOfModel(project, judge.model!.model);
    if (price === undefined) throw costUnknown(`no price of ${JSON.stringify(judge.model!.model)} in prices.yaml`);
    const budget = new JudgeBudget(maxUsd, price, judge.model!.concurrency);
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

function costUnknown(got: string): UsageError {
  const fix = "name the model's price in prices.yaml, or leave --max-cost out";
  return new UsageError({
    code: "E_COST_UNKNOWN",
    where: "--max-cost",
    expected: "grades whose cost is known",
    got,
    fix,
  });
}
