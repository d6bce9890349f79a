import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scored, unscored } from "../core/outcome.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { QuestionList } from "./question-list.ts";
import { readScores } from "./read-scores.ts";
import { sampleOf } from "./sample-of.ts";
import type { QuestionRecord } from "./schema.ts";
import { ANSWERED, CELL } from "./scores.ts";
import { allLines, answer, failure, manifest, owner, questions, retrieval, writeRun } from "./testing/made-log.ts";
import { RunLogWriter } from "./writer.ts";

describe("readScores", () => {
  it("holds a cell for each question and trial, with why there is no value", async () => {
    const folder = await tempFolder();
    await writeRun(join(folder, "r"));
    const scores = await readScores(join(folder, "r"));
    expect(scores.state).toBe("complete");
    expect(scores.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(scores.queries).toEqual(questions.map((q) => q.id));
    expect([...scores.groups.keys()]).toEqual(["retrieval", "rag@2", "closed-book"]);
    const rag = scores.groups.get("rag@2")!;
    expect([...rag.metrics.keys()]).toEqual(["EM", "RefusalRecall"]);
    expect([...rag.metrics.get("EM")!.states]).toEqual([1, 1, 2, 2, 1, 1]);
    expect([...rag.metrics.get("EM")!.values]).toEqual([0, 1, 0, 0, 0, 1]);
    expect([...rag.metrics.get("RefusalRecall")!.states]).toEqual([4, 4, 0, 0, 4, 4]);
    expect([...rag.answered]).toEqual([1, 1, ANSWERED.failed, ANSWERED.failed, 1, 1]);
    expect([...rag.failures]).toEqual([["E_ENDPOINT_TIMEOUT", 2]]);
    const ranking = scores.groups.get("retrieval")!;
    expect(ranking.trials).toBe(1);
    expect([...ranking.metrics.get("R@2")!.states]).toEqual([CELL.scored, CELL.unscored, CELL.scored]);
  });

  it("numbers clusters by document only where the suite declares them", async () => {
    const folder = await tempFolder();
    await writeRun(join(folder, "clustered"));
    await writeRun(join(folder, "plain"), allLines(), manifest({ cluster: "none" }));
    expect([...(await readScores(join(folder, "clustered"))).clusters!]).toEqual([0, 1, 0]);
    expect(await readScores(join(folder, "plain"))).not.toHaveProperty("clusters");
  });

  it("takes latencies from measured calls alone", async () => {
    const folder = await tempFolder();
    const lines = [
      answer("../../x", "rag@2", 0, {
        timing: { ms: 8, source: "measured" },
        usage: { promptTokens: 5, completionTokens: 2 },
      }),
      answer("../../x", "rag@2", 1, { timing: { ms: 1, firstTokenMs: 1, source: "cached" } }),
      answer("__proto__", "rag@2", 0, { timing: { ms: 2, source: "replayed" }, refused: true }),
      answer("__proto__", "rag@2", 1, { timing: { ms: 9, firstTokenMs: 4, source: "measured" } }),
    ];
    await writeRun(join(folder, "r"), lines);
    const { queries, groups } = await readScores(join(folder, "r"));
    const group = groups.get("rag@2")!;
    expect([...group.ms]).toEqual([8, 9]);
    expect(Array.from(group.msQueries, (query) => queries[query])).toEqual(["../../x", "__proto__"]);
    expect([...group.firstTokenMs]).toEqual([4]);
    expect(group.usage).toEqual({ answers: 1, promptTokens: 5, completionTokens: 2 });
    expect([...group.answered]).toEqual([1, 1, ANSWERED.refused, 1, 0, 0]);
  });

  it("takes 2.7 MB for 10,000 questions under three conditions with ten metrics", async () => {
    const folder = await tempFolder();
    const made = manifest({ conditions: ["rag@3", "rag@5", "rag@7"], trials: 1, cluster: "none" });
    const many: QuestionRecord[] = Array.from({ length: 10_000 }, (_, i) => ({
      id: `q${i}`,
      text: "?",
      judgements: [],
    }));
    const dir = join(folder, "r");
    const writer = await RunLogWriter.create(dir, made, QuestionList.of(many), { owner: owner() });
    const outcomes = Object.fromEntries(Array.from({ length: 10 }, (_, m) => [`M${m}`, scored(m)]));
    const appended: Promise<void>[] = [];
    for (const { id } of many) {
      appended.push(writer.append(retrieval(id, { outcomes: {} })));
      for (const condition of made.conditions) appended.push(writer.append(answer(id, condition, 0, { outcomes })));
    }
    await Promise.all(appended);
    await writer.close();
    const scores = await readScores(dir);
    const columns = [...scores.groups.values()].flatMap((group) => [...group.metrics.values()]);
    const bytes = columns.reduce((sum, { values, states }) => sum + values.byteLength + states.byteLength, 0);
    expect(bytes).toBe(10_000 * 3 * 10 * 9);
    expect(sampleOf(scores, "rag@7", "M9")!.values.every((v) => v === 9)).toBe(true);
  });
});

describe("sampleOf", () => {
  async function sample(lines: Parameters<typeof writeRun>[1], metric = "EM") {
    const folder = await tempFolder();
    await writeRun(join(folder, "r"), lines);
    return sampleOf(await readScores(join(folder, "r")), "rag@2", metric);
  }
  const na = unscored("not-applicable", "");
  const bad = unscored("judge-failed", "");
  const [a, b, c] = questions.map((q) => q.id) as [string, string, string];
  const em = (query: string, trial: number, outcome = scored(1)) =>
    answer(query, "rag@2", trial, { outcomes: { EM: outcome } });
  const floor = (query: string, trial: number) =>
    failure(query, { condition: "rag@2", trial, outcomes: { EM: scored(0) } });

  it("averages the trials of a question first", async () => {
    const lines = [
      em(a, 0, scored(1)),
      em(a, 1, scored(0)),
      em(b, 0),
      em(b, 1),
      em(c, 0, scored(0)),
      em(c, 1, scored(0)),
    ];
    const found = await sample(lines);
    expect([...found!.values]).toEqual([0.5, 1, 0]);
    expect(found).toMatchObject({ failed: 0, unscored: 0 });
    expect([...found!.queries]).toEqual([0, 1, 2]);
    expect([...found!.clusters!]).toEqual([0, 1, 0]);
  });

  it.each([
    [
      "a floor counts as a value and as failed",
      [floor(a, 0), floor(a, 1), em(b, 0), em(b, 1), em(c, 0), em(c, 1)],
      [0, 1, 1],
      1,
      0,
    ],
    [
      "a floor in one trial makes the question a failed one",
      [floor(a, 0), em(a, 1), em(b, 0), em(b, 1), em(c, 0), em(c, 1)],
      [0.5, 1, 1],
      1,
      0,
    ],
    [
      "what the metric does not speak of is left out",
      [em(a, 0, na), em(a, 1, na), em(b, 0), em(b, 1), em(c, 0), em(c, 1)],
      [1, 1],
      0,
      0,
    ],
    [
      "a question without any valid grade is unscored",
      [em(a, 0, bad), em(a, 1, bad), em(b, 0), em(b, 1), em(c, 0), em(c, 1)],
      [1, 1],
      0,
      1,
    ],
    ["one valid grade is enough", [em(a, 0, bad), em(a, 1), em(b, 0), em(b, 1), em(c, 0), em(c, 1)], [1, 1, 1], 0, 0],
    ["questions still to come are unscored", [em(b, 0)], [1], 0, 2],
  ])("%s", async (_, lines, values, failed, missing) => {
    const found = await sample(lines);
    expect([...found!.values]).toEqual(values);
    expect(found).toMatchObject({ failed, unscored: missing });
    expect(found!.clusters).toHaveLength(values.length);
  });

  it("is undefined where the run has no such group or metric", async () => {
    expect(await sample([em(a, 0)], "F1")).toBeUndefined();
    expect(await sample([], "EM")).toBeUndefined();
  });
});
