import { describe, expect, it } from "vitest";
import { DataError } from "../core/errors.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { explainConfig } from "./explain.ts";
import { loadSuite, type SuiteOverrides } from "./load-suite.ts";
import { projectAt } from "./project.ts";
import type { Suite } from "./resolved.ts";

const GOOD = `dataset: faire
metrics: [nDCG@10, "P(rel=2)@3", F1]
conditions: [rag@3, oracle]
gate:
  F1: { min_effect: 0.02 }
`;

async function load(yaml: string, overrides?: SuiteOverrides): Promise<Suite> {
  const root = await tempFolder({ "benchmarks/mine/suite.yaml": yaml });
  return loadSuite(projectAt(root), "mine", overrides);
}

async function problemsOf(yaml: string): Promise<string> {
  return load(yaml).then(
    () => "no problem",
    (error: unknown) => {
      expect(error).toBeInstanceOf(DataError);
      return (error as Error).message;
    },
  );
}

describe("loadSuite", () => {
  it("fills in defaults and keeps what the file says", async () => {
    const { config, conditions } = await load(GOOD);
    expect(config).toMatchObject({
      dataset: "faire",
      split: "test",
      level: 0.95,
      trials: 1,
      cluster: "none",
      alpha: 0.05,
    });
    expect(conditions).toEqual([{ kind: "rag", k: 3 }, { kind: "oracle" }]);
    expect(config.gate).toEqual({ F1: { min_effect: 0.02 } });
  });

  it("replaces the rag conditions by --topk and keeps the others", async () => {
    const { config } = await load(GOOD, { topk: [3, 5, 7] });
    expect(config.conditions).toEqual(["rag@3", "rag@5", "rag@7", "oracle"]);
  });

  it("gives the same hash to the same suite written differently, and another to another", async () => {
    const a = await load(GOOD);
    const b = await load(
      `# a comment\n${GOOD.replace("conditions: [rag@3, oracle]", "conditions:\n  - rag@3\n  - oracle")}`,
    );
    const c = await load(GOOD.replace("rag@3", "rag@4"));
    expect(b.sha256).toBe(a.sha256);
    expect(c.sha256).not.toBe(a.sha256);
  });

  it("says where each value came from", async () => {
    const { config, origins } = await load(GOOD, { topk: [9] });
    expect(origins.get("/dataset")).toMatch(/suite\.yaml:1$/);
    expect(origins.get("/gate/F1/min_effect")).toMatch(/suite\.yaml:5$/);
    expect(origins.get("/split")).toBe("default");
    expect(origins.get("/conditions/0")).toBe("--topk");
    const printed = explainConfig(config, origins);
    expect(printed).toMatch(/^split +"test" +default$/m);
    expect(printed).toMatch(/^conditions\.0 +"rag@9" +--topk$/m);
  });

  it.each([
    [
      "an unknown key",
      GOOD.replace("metrics", "metricks"),
      [":2 /metricks", 'did you mean "metrics"?', 'the key "metrics"'],
    ],
    ["an unknown metric", GOOD.replace("nDCG@10", "nDGC@10"), ["E_METRIC", ":2 /metrics/0", "nDCG"]],
    [
      "a condition that is none",
      GOOD.replace("rag@3", "rag@0"),
      ["E_CONDITION", ":3 /conditions/0", "rag@k with k from 1"],
    ],
    ["a metric twice", GOOD.replace("[nDCG@10", "[F1, nDCG@10"), ["each name once", '"F1" again']],
    [
      "a gate on a metric that is not measured",
      GOOD.replace("F1: {", "EM: {"),
      [":5 /gate/EM", "a metric of this suite"],
    ],
    [
      "a point without a limit",
      GOOD.replace("min_effect", "point: true, min_effect"),
      [":5 /gate/F1/point", "at_least"],
    ],
    ["a limit of nothing", `${GOOD}gate_limits: { cost: {} }\n`, [":6 /gate_limits/cost"]],
    ["a share above 1", `${GOOD}gate_limits: { unscored: 5 }\n`, [":6 /gate_limits/unscored", "got 5"]],
    ["a level of 95", `${GOOD}level: 95\n`, [":6 /level", "got 95", "in (0, 1)"]],
    ["a path as dataset", GOOD.replace("faire", "../../etc"), [":1 /dataset", "the name of a folder"]],
    [
      "a refusal pattern that could run for ever",
      `${GOOD}refusal: { patterns: ["(a+)+$"] }\n`,
      [":6 /refusal/patterns/0"],
    ],
    ["a refusal pattern that does not compile", `${GOOD}refusal: { patterns: ["("] }\n`, [":6 /refusal/patterns/0"]],
    ["YAML that does not parse", "dataset: [a\nmetrics: b", ["valid YAML", "suite.yaml:2"]],
    ["a list instead of keys", "- a\n", ["a value of type object"]],
  ])("names %s with its line and the fix", async (_, yaml, expected) => {
    const message = await problemsOf(yaml);
    for (const part of expected) expect(message).toContain(part);
  });

  it("takes limits on refusals, latency and cost, and judges' columns in the gate", async () => {
    const bounds = "gate_limits: { refusal_shift: 0.05, latency_p95: { max_ratio: 1.2 }, cost: { at_most: 3 } }\n";
    const judged = GOOD.replace("gate:\n", "gate:\n  answer-0-3/correctness: { at_least: 2, point: true }\n");
    const { config } = await load(`${judged}${bounds}`);
    expect(config.gate).toMatchObject({ "answer-0-3/correctness": { at_least: 2, point: true } });
    expect(config.gate_limits).toEqual({ refusal_shift: 0.05, latency_p95: { max_ratio: 1.2 }, cost: { at_most: 3 } });
  });

  it("reports all problems of a file at once", async () => {
    const message = await problemsOf("dataset: 7\nmetrics: []\nlevel: 2\nsplitt: x\n");
    expect(message.match(/fix:/g)).toHaveLength(4);
  });

  it("names the nearest suite when the id is unknown", async () => {
    const root = await tempFolder({ "benchmarks/handbook/suite.yaml": GOOD });
    await expect(loadSuite(projectAt(root), "hanbook")).rejects.toThrow('did you mean "handbook"?');
    await expect(loadSuite(projectAt(root), "../handbook")).rejects.toThrow("E_SUITE_UNKNOWN");
  });
});
