import { describe, expect, it } from "vitest";
import type { NamedPrice, System } from "../../config/index.ts";
import { requirePrices } from "./require-prices.ts";

const TOKENS: NamedPrice = { on: "2026-05-31", input: 1, output: 2, file: "prices.yaml" };
const HOURS: NamedPrice = { on: "2026-05-31", per_hour: 3, file: "prices.yaml" };

const of = (generator: object | undefined, price?: NamedPrice, conditions: readonly unknown[] = ["rag@3"]) => ({
  system: { id: "s", file: "systems/s.yaml", config: { generator } } as unknown as System,
  plan: { price, conditions },
});
const refusal = (...systems: ReturnType<typeof of>[]): unknown => {
  try {
    requirePrices(5, systems);
  } catch (error) {
    return error;
  }
  return undefined;
};

describe("a limit on costs", () => {
  it.each([
    ["a model with a price", of({ kind: "openai", model: "m" }, TOKENS)],
    ["a system that only retrieves", of(undefined)],
    ["a suite that asks for no answers", of({ kind: "openai", model: "m" }, undefined, [])],
    ["replayed answers, which cost nothing", of({ kind: "replay" })],
    ["a machine paid by the hour, whoever counts tokens", of({ kind: "http" }, HOURS)],
    ["tokens that pointers find", of({ kind: "http", prompt_tokens: "/p", completion_tokens: "/c" }, TOKENS)],
  ])("is taken for %s", (_, system) => {
    expect(refusal(system)).toBeUndefined();
  });

  it.each([
    [
      "a model without a price",
      of({ kind: "openai", model: "m" }),
      /model "m", got none in prices\.yaml, and no price:/,
    ],
    ["a generator without a model's name", of({ kind: "http" }), /of the http generator, got no price: in systems\/s/],
    ["tokens that nothing counts", of({ kind: "http", prompt_tokens: "/p" }, TOKENS), /fix: add the pointers/],
  ])("is refused for %s", (_, system, message) => {
    expect(refusal(system)).toMatchObject({ code: "E_COST_UNKNOWN", exitCode: 2 });
    expect(String(refusal(system))).toMatch(message);
    expect(String(refusal(system))).toMatch(/--max-cost.*[\s\S]*or leave --max-cost out/);
  });

  it("is none where nobody names one", () => {
    requirePrices(undefined, [of({ kind: "openai", model: "m" })]);
  });

  it("names every system at once", () => {
    const unpriced = of({ kind: "openai", model: "m" });
    expect(refusal(unpriced, of(undefined), unpriced)).toMatchObject({ problems: { length: 2 } });
  });
});
