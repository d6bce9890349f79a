import { describe, expect, it } from "vitest";
import { DataError } from "../core/errors.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { loadPrice } from "./load-price.ts";
import { loadSystem } from "./load-system.ts";
import { projectAt } from "./project.ts";

const GENERATOR = "generator: { kind: openai, base_url: 'http://localhost:8000/v1', model: raft-8b }\n";

async function price(prices: string | undefined, system = GENERATOR) {
  const root = await tempFolder({
    "benchmarks/systems/s.yaml": system,
    ...(prices !== undefined && { "prices.yaml": prices }),
  });
  const project = projectAt(root);
  return loadPrice(project, await loadSystem(project, "s", {}));
}

async function problems(of: Promise<unknown>) {
  const error = await of.then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(DataError);
  return (error as DataError).problems.map(({ code, where, expected, got }) => [code, where, expected, got]);
}

const PRICES = `prices:
  - { model: other, on: 2026-05-30, input: 9, output: 9 }
  - { model: raft-8b, on: 2026-05-31, source: price list, input: 0.15, cached_input: 0.075, output: 0.6 }
`;

describe("loadPrice", () => {
  it("finds the model's entry of prices.yaml", async () => {
    const found = { on: "2026-05-31", source: "price list", input: 0.15, cached_input: 0.075, output: 0.6 };
    expect(await price(PRICES)).toEqual({ ...found, file: "prices.yaml" });
  });

  it("takes the system's own price before it", async () => {
    const own = await price(PRICES, `${GENERATOR}price: { on: 2026-06-01, per_hour: 2.5 }\n`);
    expect(own).toEqual({ on: "2026-06-01", per_hour: 2.5, file: "benchmarks/systems/s.yaml" });
  });

  it.each([
    ["there is no file", undefined, GENERATOR],
    ["no entry names the model", "prices: [{ model: RAFT-8B, on: 2026-05-31, input: 1, output: 1 }]\n", GENERATOR],
    ["the generator has no model", PRICES, "generator: { kind: reader }\nretriever: { kind: bm25 }\n"],
    ["nothing answers", PRICES, "retriever: { kind: bm25 }\n"],
  ])("finds none where %s", async (_, prices, system) => {
    expect(await price(prices, system)).toBeUndefined();
  });

  it("says everything that is wrong with prices.yaml", async () => {
    const file = `prices:
  - { model: a, on: 2026-05-31, input: 1 }
  - { model: b, on: 2026-05-31, input: 1, output: 1, per_hour: 2 }
  - { model: a, on: 2026-05-31 }
`;
    expect(await problems(price(file))).toEqual([
      ["E_PRICE", "prices.yaml:2 /prices/0", "input and output, or per_hour", "input alone"],
      ["E_PRICE", "prices.yaml:3 /prices/1/per_hour", "a price per hour or per token", "both"],
      ["E_PRICE", "prices.yaml:4 /prices/2", "input and output, or per_hour", "neither"],
      ["E_PRICE", "prices.yaml:4 /prices/2/model", "each model once", '"a" again'],
    ]);
  });

  it.each([
    ["without a day", "prices: [{ model: a, input: 1, output: 1 }]\n", '"on"'],
    ["with something else for a day", "prices: [{ model: a, on: May, input: 1, output: 1 }]\n", "pattern"],
    ["below 0", "prices: [{ model: a, on: 2026-05-31, input: -1, output: 1 }]\n", ">= 0"],
    ["with an unknown key", "prices: [{ model: a, on: 2026-05-31, inputs: 1, output: 1 }]\n", "one of the keys"],
  ])("refuses a price %s", async (_, file, says) => {
    const [[, , expected] = []] = await problems(price(file));
    expect(expected).toContain(says);
  });

  it("refuses half a price in a system file", async () => {
    expect(await problems(price(undefined, `${GENERATOR}price: { on: 2026-06-01, output: 1 }\n`))).toEqual([
      ["E_PRICE", "benchmarks/systems/s.yaml:2 /price", "input and output, or per_hour", "output alone"],
    ]);
  });
});
