import type { NamedPrice, System } from "../../config/index.ts";
import { UsageError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";

/** A system and what is to be asked of it, with the price it was found to have. */
export interface PricedPart {
  readonly system: System;
  readonly plan: { readonly price?: NamedPrice | undefined; readonly conditions: readonly unknown[] };
}

/**
 * Refuses a limit on a cost that could not be told: of a model without a price, or of answers whose tokens nobody counts.
 * Replayed answers cost nothing.
 * @param maxUsd undefined where there is no limit
 * @throws UsageError (E_COST_UNKNOWN) with every system of which that is true
 */
export function requirePrices(maxUsd: number | undefined, parts: readonly PricedPart[]): void {
  const problems = maxUsd === undefined ? [] : parts.flatMap(priceProblem);
  if (problems.length > 0) throw new UsageError(...problems);
}

function priceProblem({ system: { file, config }, plan: { price, conditions } }: PricedPart): Problem[] {
  const { generator } = config;
  if (generator === undefined || generator.kind === "replay" || conditions.length === 0) return [];
  if (price === undefined) {
    const model = "model" in generator ? generator.model : undefined;
    if (model === undefined) {
      const fix = `add price: { on: DAY, per_hour: … } to ${file}`;
      return [costProblem(`a price of the ${generator.kind} generator`, `no price: in ${file}`, fix)];
    }
    const fix = `add price: { on: DAY, input: …, output: … } to ${file}, or an entry for the model to prices.yaml`;
    const got = `none in prices.yaml, and no price: in ${file}`;
    return [costProblem(`a price of the model ${JSON.stringify(model)}`, got, fix)];
  }
  if (generator.kind !== "http" || price.per_hour !== undefined) return [];
  if (generator.prompt_tokens !== undefined && generator.completion_tokens !== undefined) return [];
  const got = `a price by tokens in ${price.file}, and nothing in ${file} that counts them`;
  return [costProblem("answers whose tokens are counted", got, "add the pointers prompt_tokens and completion_tokens")];
}

/** What is wrong with `--max-cost` where a cost is not known. @param fix how it becomes known */
export function costProblem(expected: string, got: string, fix: string): Problem {
  return { code: "E_COST_UNKNOWN", where: "--max-cost", expected, got, fix: `${fix}; or leave --max-cost out` };
}
