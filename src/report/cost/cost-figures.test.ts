import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { readScores } from "../../runlog/index.ts";
import { type MadeRun, makeRun } from "../testing/made-run.ts";
import { costFigures } from "./cost-figures.ts";
import { costNotes } from "./cost-text.ts";

const MADE: MadeRun = {
  run: "r",
  system: "s",
  skill: 0.7,
  questions: 40,
  conditions: ["rag@3"],
  metrics: ["EM", "F1"],
};
const usd = (value: number) => ({ cost: { usd: value, basis: "tokens" as const } });
const price = { on: "2026-05-31", input: 1, output: 2 };

async function figures(made: Partial<MadeRun>) {
  const scores = await readScores(await makeRun(await tempFolder(), { ...MADE, ...made }));
  return { scores, found: costFigures(scores, scores.groups.get("rag@3")!, 0.95) };
}

describe("costFigures", () => {
  it("adds up what is known, per 1,000 questions and per right answer", async () => {
    const { scores, found } = await figures({ price, more: (at) => usd(at < 20 ? 0.001 : 0.003) });
    expect(found).toMatchObject({ known: 40, unknown: 0, free: 0, priceOn: "2026-05-31" });
    expect(found!.usd).toBeCloseTo(0.08, 12);
    expect(found!.per1000!.usd).toBeCloseTo(2, 12);
    const { low, high } = found!.per1000!.interval!;
    expect(low).toBeLessThan(2);
    expect(high).toBeGreaterThan(2);
    // EM speaks of every question, also of those to decline; F1 is no 0 or 1 and buys no right answers.
    const { values, states } = scores.groups.get("rag@3")!.metrics.get("EM")!;
    const asked = Array.from(states.keys()).filter((at) => states[at] === 1);
    const right = asked.reduce((n, at) => n + values[at]!, 0);
    const paid = asked.reduce((sum, at) => sum + (at < 20 ? 0.001 : 0.003), 0);
    expect(found!.perRight).toHaveLength(1);
    expect(found!.perRight[0]).toMatchObject({ metric: "EM", n: 40, right });
    expect(found!.perRight[0]!.usd).toBeCloseTo(paid / right, 12);
  });

  it("counts an answer without a cost as unknown, never as free", async () => {
    const { found } = await figures({ price, more: (at) => (at % 2 === 0 ? usd(0.002) : {}) });
    expect(found).toMatchObject({ known: 20, unknown: 20 });
    expect(found!.per1000!.usd).toBeCloseTo(2, 12);
    expect(found!.per1000!.interval).toBeUndefined();
  });

  it("counts failures as unknown", async () => {
    const { found } = await figures({ price, failAt: [1, 2, 3], more: () => usd(0.002) });
    expect(found).toMatchObject({ known: 37, unknown: 3 });
  });

  it("leaves answers from a cache out, whatever their line says", async () => {
    const cached = {
      timing: { ms: 0, source: "cached" as const },
      cachedFrom: { run: "before", at: "2026-05-01T00:00:00.000Z" },
    };
    const { scores, found } = await figures({ price, more: (at) => ({ ...usd(0.002), ...(at < 10 && cached) }) });
    expect(found).toMatchObject({ known: 30, unknown: 0, free: 10 });
    expect(found!.usd).toBeCloseTo(0.06, 12);
    expect(scores.groups.get("rag@3")).toMatchObject({ cached: 10 });
    expect(scores.groups.get("rag@3")!.ms).toHaveLength(30);
  });

  it("takes the questions, not the trials, as samples", async () => {
    const { found } = await figures({ price, trials: 3, more: (at, _, trial) => usd(0.001 * (1 + trial + (at % 2))) });
    expect(found!.known).toBe(120);
    expect(found!.per1000!.usd).toBeCloseTo(2.5, 12);
    const once = await figures({ price, more: (at) => usd(0.001 * (2 + (at % 2))) });
    expect(found!.per1000!.interval!.high).toBeCloseTo(once.found!.per1000!.interval!.high, 10);
  });

  it("says that nothing is known where a price is named and no tokens are counted", async () => {
    const { found } = await figures({ price });
    expect(found).toEqual({
      known: 0,
      unknown: 40,
      free: 0,
      usd: 0,
      perRight: [],
      modelsInRetrieval: false,
      priceOn: "2026-05-31",
    });
  });

  it("tells where retrieval asks models too, whose calls are not counted", async () => {
    const dir = await makeRun(await tempFolder(), { ...MADE, price, more: () => usd(0.001) });
    const scores = await readScores(dir);
    const figuresWith = (retriever: unknown) => {
      const manifest = { ...scores.manifest, system: { ...scores.manifest.system, config: { retriever } } };
      return costFigures({ ...scores, manifest }, scores.groups.get("rag@3")!, 0.95)!;
    };
    expect(figuresWith({ kind: "bm25" }).modelsInRetrieval).toBe(false);
    const fusion = { kind: "fusion", of: [{ kind: "bm25" }, { kind: "dense", encoder: { kind: "openai" } }] };
    for (const asks of [{ kind: "bm25", rewriter: { kind: "openai" } }, fusion]) {
      expect(figuresWith(asks).modelsInRetrieval).toBe(true);
      expect(costNotes(figuresWith(asks)).join()).toContain("rewrite questions or encode them");
    }
  });

  it("is nothing where no price is named, as in logs of before", async () => {
    expect((await figures({})).found).toBeUndefined();
  });
});
