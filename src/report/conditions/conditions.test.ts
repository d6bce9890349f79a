import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { readScores } from "../../runlog/index.ts";
import { formatSummary } from "../summary/summary-format.ts";
import { summarise } from "../summary.ts";
import { answeredRun } from "../testing/answered-run.ts";
import { makeRun } from "../testing/made-run.ts";
import { attributeFailures } from "./attribute-failures.ts";
import { attributionText } from "./attribution-text.ts";
import { contextEffects } from "./context-effect.ts";
import { rightnessOf, rightnessText } from "./rightness.ts";

const CONDITIONS = ["rag@2", "oracle", "closed-book"];
const QUESTIONS = {
  asked: { "rag@2": "1 gold", oracle: "1 gold", "closed-book": "0" },
  known: { "rag@2": "1 gold", oracle: "1 gold", "closed-book": "1" },
  lucky: { "rag@2": "1", oracle: "1 gold", "closed-book": "0" },
  missed: { "rag@2": "0", oracle: "1 gold", "closed-book": "0" },
  misled: { "rag@2": "0", oracle: "1 gold", "closed-book": "1" },
  hidden: { "rag@2": "0 gold", oracle: "1 gold", "closed-book": "0" },
  hard: { "rag@2": "0 gold", oracle: "0 gold", "closed-book": "0" },
  honest: { "rag@2": "refused", oracle: "1 gold", "closed-book": "refused" },
  timid: { "rag@2": "refused gold", oracle: "refused gold", "closed-book": "refused" },
  broken: { "rag@2": "failed", oracle: "1 gold", "closed-book": "0" },
  "no-gold": { "rag@2": "1", oracle: "1", "closed-book": "1" },
  unscored: { "rag@2": "unscored gold", oracle: "1 gold", "closed-book": "0" },
};
const IDS = Object.keys(QUESTIONS);

describe("attributeFailures", () => {
  it("puts each question with gold and a value into one class, and says what the other contexts tell", async () => {
    const dir = await answeredRun(QUESTIONS, CONDITIONS);
    const [found, ...others] = await attributeFailures(dir, await readScores(dir));
    expect(others).toEqual([]);
    expect(found).toMatchObject({ condition: "rag@2", right: { metric: "EM", from: 0.5 }, n: 10 });
    const named = (classes: readonly { id: string; questions: readonly number[] }[]) =>
      Object.fromEntries(classes.map(({ id, questions }) => [id, questions.map((at) => IDS[at]).join(" ")]));
    expect(named(found!.outcomes)).toEqual({
      "right-with": "asked known",
      "right-without": "lucky",
      "not-retrieved": "missed misled",
      misread: "hidden hard",
      "declined-without": "honest",
      "declined-with": "timid",
      failed: "broken",
    });
    expect(named(found!.compared)).toEqual({
      memory: "known",
      astray: "misled",
      distracted: "hidden",
      beyond: "hard timid",
    });
    const total = found!.outcomes.reduce((n, { questions }) => n + questions.length, 0);
    expect(total).toBe(found!.n);
    expect(found!.outcomes[0]!.share).toMatchObject({ mean: 0.2, method: "wilson", n: 10 });
  });

  it("a question is right by the mean of its trials, declined or failed by most of them", async () => {
    const dir = await answeredRun(
      {
        mostly: { "rag@1": "1/0/1 gold" },
        rarely: { "rag@1": "0/0/1 gold" },
        shy: { "rag@1": "refused/0/refused gold" },
        shaky: { "rag@1": "failed/failed/0 gold" },
      },
      ["rag@1"],
      3,
    );
    const [found] = await attributeFailures(dir, await readScores(dir));
    const classes = found!.outcomes.filter(({ questions }) => questions.length > 0);
    expect(classes.map(({ id, questions }) => [id, ...questions])).toEqual([
      ["right-with", 0],
      ["misread", 1],
      ["declined-with", 2],
      ["failed", 3],
    ]);
    expect(found!.compared).toEqual([]);
  });

  it("has nothing to say of a run without a rag condition or a metric of references", async () => {
    const dir = await answeredRun({ a: { oracle: "1 gold" } }, ["oracle"]);
    expect(await attributeFailures(dir, await readScores(dir))).toEqual([]);
  });

  it("what is right says the suite's AnswerPrecision, else EM, a 0/1 metric, or the first against references", () => {
    const told = (...metrics: string[]) => {
      const right = rightnessOf(metrics);
      return right && rightnessText(right);
    };
    expect(told("nDCG@10", "Coverage", "Support")).toBeUndefined();
    expect(told("F1", "Contains")).toBe("Contains ≥ .5");
    expect(told("ROUGE-L", "F1")).toBe("ROUGE-L ≥ .5");
    expect(told("Contains", "EM")).toBe("EM ≥ .5");
    expect(told("EM", "F1", "AnswerPrecision(at_least=0.6, by=F1)")).toBe("F1 ≥ .6");
    expect(told("EM", "AnswerPrecision(by=F1)")).toBe("EM ≥ .5");
    expect(told("AnswerPrecision", "EM", "no metric")).toBe("EM ≥ 1");
  });

  it("prints shares with intervals and names questions with their controls made visible", async () => {
    const dir = await answeredRun(QUESTIONS, CONDITIONS);
    const found = await attributeFailures(dir, await readScores(dir));
    const ids = IDS.map((id) => (id === "missed" ? "evil\u001b[31m" : id));
    const text = attributionText(found, { columns: 100, ids, named: 1 });
    expect(text).toContain("gold not retrieved, wrong");
    expect(text).toMatch(/gold retrieved but wrong +2 +\.200 \[\.057, \.510\]/);
    expect(text).toContain("and 1 more");
    expect(text).not.toContain("\u001b");
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  });
});

describe("contextEffects", () => {
  it("is the mean of the paired differences over questions that have a value on both sides", async () => {
    const dir = await answeredRun(QUESTIONS, CONDITIONS);
    const effects = contextEffects(await readScores(dir), 0.95);
    expect(effects.map(({ kind, condition, metric, up, down }) => [kind, condition, metric, up, down])).toEqual([
      ["gain", "rag@2", "EM", 2, 1],
      ["loss", "rag@2", "EM", 5, 0],
    ]);
    // 4 right of 11 with passages, 3 without; 9 of those 11 with the gold ones. `unscored` has a value on one side only.
    expect(effects[0]!.difference).toMatchObject({ mean: 1 / 11, n: 11, unscored: 1, failed: 1 });
    expect(effects[1]!.difference).toMatchObject({ n: 11, unscored: 1 });
    expect((effects[1]!.difference as { mean: number }).mean).toBeCloseTo(5 / 11, 12);
    for (const { p, pHolm } of effects) expect(pHolm).toBeGreaterThanOrEqual(p);
  });

  it("gain and loss add up to oracle − closed-book, whatever k", async () => {
    const metrics = ["R@4", "EM", "F1", "Coverage"];
    const made = { run: "r", system: "s", skill: 0.6, metrics };
    const dir = await makeRun(await tempFolder(), { ...made, conditions: ["closed-book", "rag@1", "rag@5", "oracle"] });
    const scores = await readScores(dir);
    const effects = contextEffects(scores, 0.95);
    expect(new Set(effects.map(({ metric }) => metric))).toEqual(new Set(["EM", "F1"]));
    const mean = (kind: string, condition: string): number => {
      const found = effects.find((e) => e.kind === kind && e.condition === condition && e.metric === "F1")!;
      return found.difference.state === "estimated" ? found.difference.mean : Number.NaN;
    };
    expect(mean("gain", "rag@1") + mean("loss", "rag@1")).toBeCloseTo(
      mean("gain", "rag@5") + mean("loss", "rag@5"),
      12,
    );
    expect(contextEffects(scores, 0.95)).toEqual(effects);
  });

  it("stands in every format of the tables, and nowhere without those conditions", async () => {
    const dir = await answeredRun(QUESTIONS, CONDITIONS);
    const summary = await summarise([dir]);
    const terminal = { columns: 200, color: false };
    expect(formatSummary(summary, "text", terminal)).toMatch(/gain over closed-book +loss to oracle/);
    expect(formatSummary(summary, "markdown", terminal)).toContain("### What retrieval changes");
    const csv = formatSummary(summary, "csv", terminal).split("\r\n");
    const line = csv.find((text) => text.includes(",loss,"))!.split(",");
    expect(line.length).toBe(csv[0]!.split(",").length);
    expect(Number(line[csv[0]!.split(",").indexOf("mean")])).toBeCloseTo(5 / 11, 12);
    expect(JSON.parse(formatSummary(summary, "json", terminal)).suites[0].tables[0].effects).toHaveLength(2);
    const plain = await summarise([await answeredRun({ a: { "rag@2": "1" }, b: {} }, ["rag@2"])]);
    expect(formatSummary(plain, "text", terminal)).not.toContain("retrieval changes");
  });
});
