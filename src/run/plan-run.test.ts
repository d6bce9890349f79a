import { describe, expect, it } from "vitest";
import type { DataError } from "../core/errors.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { SUITE, SYSTEM, tinyProject } from "./testing/tiny-project.ts";

async function planOf(
  suite = SUITE,
  system = SYSTEM,
  ...rest: Parameters<Awaited<ReturnType<typeof tinyProject>>["plan"]>
) {
  const folder = await tempFolder();
  const project = await tinyProject(folder, suite, system);
  return await project.plan(...rest);
}

async function problemsOf(suite: string, system = SYSTEM): Promise<string[]> {
  const error = (await planOf(suite, system).catch((e) => e)) as DataError;
  return error.problems.map((p) => `${p.code} ${p.where}: expected ${p.expected}, got ${p.got}; ${p.fix}`);
}

describe("planRun", () => {
  it("retrieves to the largest of depth, k and cutoff", async () => {
    expect((await planOf()).manifest.depth).toBe(5);
    expect((await planOf(SUITE.replace("depth: 4", "depth: 8"))).manifest.depth).toBe(8);
    expect((await planOf(SUITE, SYSTEM, { topk: [2, 9] })).manifest.depth).toBe(9);
  });

  it("writes a manifest that says what is run", async () => {
    const { manifest, run, shown, warnings } = await planOf();
    expect(run).toMatch(/^tiny-made-[0-9a-f]{8}$/);
    expect(manifest).toMatchObject({
      conditions: ["rag@1", "rag@3", "oracle", "closed-book"],
      metrics: ["R@1", "nDCG@5", "EM", "F1", "OverRefusal", "RefusalRecall"],
      trials: 2,
      cluster: "document",
      dataset: { id: "tiny", split: "test", queries: 9, passages: 12 },
    });
    expect(manifest.protocol).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(shown).toBe(3);
    expect(warnings).toEqual([]);
  });

  it("gives the same inputs the same name wherever and whenever, and any other input another", async () => {
    const names = [
      await planOf(),
      await planOf(SUITE, SYSTEM, { trials: 3 }),
      await planOf(SUITE, SYSTEM, { seed: 1 }),
      await planOf(SUITE, SYSTEM, { topk: [3] }),
      await planOf(SUITE.replace("EM, F1", "F1, EM")),
      await planOf(SUITE, SYSTEM.replace("bm25 }", "bm25, k1: 0.9 }")),
      await planOf(SUITE, SYSTEM, {}, { limit: 3 }),
      await planOf(SUITE, SYSTEM, {}, {}, "0.2.0"),
    ].map((plan) => plan.run);
    expect(new Set(names).size).toBe(names.length);
    expect((await planOf()).run).toBe(names[0]);
  });

  it("is not made without the judge that the suite leaves its refusals to", async () => {
    const planned = planOf(`${SUITE}refusal: { judge: declines-yes-no }\n`);
    await expect(planned).rejects.toThrow("the judge of refusals is declines-yes-no, not undefined");
  });

  it("answers nothing for a system that only retrieves", async () => {
    const plan = await planOf(SUITE.replace(", EM, F1, OverRefusal, RefusalRecall", ""), "retriever: { kind: bm25 }\n");
    expect(plan.manifest).toMatchObject({ conditions: [], depth: 5 });
    expect(plan.shown).toBe(5);
  });

  it("retrieves nothing for a system that only answers", async () => {
    const suite = SUITE.replace("R@1, nDCG@5, ", "").replace("rag@1, rag@3, oracle, ", "");
    expect((await planOf(suite, "generator: { kind: reader }\n")).manifest).toMatchObject({
      depth: 0,
      conditions: ["closed-book"],
    });
  });

  it("refuses metrics and conditions that the system can give nothing for, all at once", async () => {
    expect(await problemsOf(SUITE, "retriever: { kind: bm25 }\n")).toEqual([
      expect.stringMatching(
        /^E_SUITE .*suite\.yaml: expected a system with a generator, got none, for the answer metrics EM, F1, OverRefusal, RefusalRecall; run a suite of R@1, nDCG@5 alone, or add a generator to .*made\.yaml$/,
      ),
    ]);
    const noRetriever = await problemsOf(SUITE, "generator: { kind: reader }\n");
    expect(noRetriever.map((p) => p.replace(/.*got (.*);.*/, "$1"))).toEqual([
      "none, for the ranking metrics R@1, nDCG@5",
      "none, for the conditions rag@1, rag@3",
    ]);
  });

  it("warns of what is allowed but may not be meant", async () => {
    const large = await planOf(SUITE, SYSTEM, { topk: [3, 13] });
    expect(large.warnings).toMatchObject([{ code: "W_K_CORPUS", got: "rag@13" }]);
    const noAnswers = await planOf(SUITE.replace(", EM, F1, OverRefusal, RefusalRecall", ""));
    expect(noAnswers.warnings).toMatchObject([{ code: "W_NO_ANSWERS" }]);
    expect(noAnswers.manifest.conditions).toEqual([]);
    const nothing = await planOf(SUITE, SYSTEM, {}, { only: ["none"] });
    expect(nothing.warnings.map((w) => w.code)).toEqual(["W_NO_GOLD", "W_NO_CLUSTERS"]);
    // Judgements would not help: the one question is unanswerable.
    expect(nothing.warnings[0]!.fix).toContain("leave the ranking metrics out");
  });

  it("refuses an empty split and ids that it does not have, with the nearest", async () => {
    await expect(planOf(SUITE.replace("dataset: tiny", "dataset: tiny\nsplit: eval"))).resolves.toBeDefined();
    await expect(planOf(SUITE.replace("dataset: tiny", "dataset: tiny\nsplit: tset"))).rejects.toMatchObject({
      code: "E_DATASET_SPLIT",
    });
    await expect(planOf(SUITE, SYSTEM, {}, { only: ["q1", "__protto__", "q77"] })).rejects.toMatchObject({
      exitCode: 2,
      problems: [{ code: "E_QUERY_UNKNOWN", fix: 'did you mean "__proto__"?' }, { got: '"q77"' }],
    });
  });
});

describe("the protocol", () => {
  const protocol = async (...args: Parameters<typeof planOf>) => (await planOf(...args)).manifest.protocol;

  it("stays the same for what no number of one metric under one condition depends on", async () => {
    const expected = await protocol();
    expect(await protocol(SUITE, SYSTEM, { topk: [1, 9], trials: 5, seed: 3 })).toBe(expected);
    expect(await protocol(SUITE.replace("EM, F1, ", "F1, "))).toBe(expected);
    expect(await protocol(SUITE, SYSTEM.replace("bm25 }", "bm25, k1: 0.9 }"))).toBe(expected);
    expect(await protocol(SUITE.replace("cluster: document", "alpha: 0.01\ngate: { EM: { min_effect: 0.1 } }"))).toBe(
      expected,
    );
  });

  it("changes with the questions and the refusal rule", async () => {
    const all = [
      await protocol(),
      await protocol(SUITE, SYSTEM, {}, { limit: 8 }),
      await protocol(`${SUITE}refusal: { phrases: [pass] }\n`),
      await protocol(SUITE.replace("dataset: tiny", "dataset: tiny\nsplit: eval")),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it("changes with the depth only where a metric looks at all of it", async () => {
    const deeper = (suite: string) => suite.replace("depth: 4", "depth: 9");
    expect(await protocol(deeper(SUITE))).toBe(await protocol());
    const uncut = SUITE.replace("R@1", "AP");
    expect(await protocol(deeper(uncut))).not.toBe(await protocol(uncut));
  });
});
