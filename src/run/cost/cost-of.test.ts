import { describe, expect, it } from "vitest";
import type { Price } from "../../config/price-schema.ts";
import { costOf } from "./cost-of.ts";

const tokens: Price = { on: "2026-05-31", input: 3, output: 15 };
const withCache: Price = { ...tokens, cached_input: 0.3 };
const hourly: Price = { on: "2026-05-31", per_hour: 3.6 };

describe("costOf", () => {
  it.each([
    ["prompt and answer per million", tokens, 1000, 200, undefined, 0.003 + 0.003],
    ["cached tokens at their own price", withCache, 1000, 200, 400, 0.0018 + 0.00012 + 0.003],
    ["cached tokens as dear as others where none is named", tokens, 1000, 200, 400, 0.006],
    ["no more cached tokens than the prompt has", withCache, 1000, 0, 5000, 0.0003],
    ["an empty answer", tokens, 10, 0, undefined, 0.00003],
    ["nothing at a price of nothing", { ...tokens, input: 0, output: 0 }, 10, 10, undefined, 0],
  ])("counts %s", (_, price, promptTokens, completionTokens, cachedPromptTokens, usd) => {
    const usage = { promptTokens, completionTokens, ...(cachedPromptTokens !== undefined && { cachedPromptTokens }) };
    const cost = costOf(price, { usage });
    expect(cost?.basis).toBe("tokens");
    expect(cost?.usd).toBeCloseTo(usd, 12);
  });

  it("counts a machine by its time", () => {
    expect(costOf(hourly, { machineMs: 1000 })).toEqual({ usd: 0.001, basis: "time" });
    expect(costOf({ ...tokens, ...hourly }, { machineMs: 0 })).toEqual({ usd: 0, basis: "time" });
  });

  it.each([
    ["no price is named", undefined, { usage: { promptTokens: 1, completionTokens: 1 }, machineMs: 5 }],
    ["the server counts no tokens", tokens, { machineMs: 5 }],
    ["the time is not known", hourly, { usage: { promptTokens: 1, completionTokens: 1 } }],
    ["half a price is named", { on: "2026-05-31", input: 1 }, { usage: { promptTokens: 1, completionTokens: 1 } }],
  ])("is unknown, not free, where %s", (_, price, taken) => {
    expect(costOf(price as Price | undefined, taken)).toBeUndefined();
  });
});
