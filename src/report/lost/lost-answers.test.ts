import { describe, expect, it } from "vitest";
import { ANSWERED, CELL, type ScoreGroup, type Scores } from "../../runlog/index.ts";
import { lostAnswers } from "./lost-answers.ts";

const group = (name: string, more: Partial<ScoreGroup> = {}): ScoreGroup => ({
  ...{ name, trials: 1, metrics: new Map(), answered: new Uint8Array(10), failures: new Map() },
  ...{ ms: new Float64Array(), msQueries: new Uint32Array(), firstTokenMs: new Float64Array(), cached: 0 },
  usage: { answers: 0, promptTokens: 0, completionTokens: 0 },
  ...more,
});
const column = (unscored: number) => ({
  values: new Float64Array(10),
  states: Uint8Array.from({ length: 10 }, (_, i) => (i < unscored ? CELL.unscored : CELL.scored)),
});
const scores = (groups: readonly ScoreGroup[], judged: readonly (readonly [string, string])[] = []) =>
  ({
    groups: new Map(groups.map((each) => [each.name, each])),
    judged: new Map(judged.map(([name, id]) => [name, { judge: { id } }])),
  }) as unknown as Scores;

describe("lostAnswers", () => {
  it("tells failures of retrieval from those of the generator, in every trial", () => {
    const found = scores([
      group("retrieval", { failures: new Map([["E_TIMEOUT", 2]]) }),
      group("rag@3", { trials: 3, failures: new Map(Object.entries({ E_TIMEOUT: 7, E_STATUS: 1 })) }),
      group("closed-book", { failures: new Map([["E_TIMEOUT", 4]]) }),
    ]);
    expect(lostAnswers(found, "retrieval")).toEqual([{ stage: "retrieval", code: "E_TIMEOUT", count: 2 }]);
    expect(lostAnswers(found, "rag@3")).toEqual([
      { stage: "retrieval", code: "E_TIMEOUT", count: 6 },
      { stage: "generation", code: "E_TIMEOUT", count: 1 },
      { stage: "generation", code: "E_STATUS", count: 1 },
    ]);
    expect(lostAnswers(found, "closed-book")).toEqual([{ stage: "generation", code: "E_TIMEOUT", count: 4 }]);
  });

  it("counts what lacks most: of the metrics without gold, of each judge without a grade", () => {
    const metrics = new Map([
      ["EM", column(2)],
      ["F1", column(3)],
      ["j.right", column(4)],
      ["j.cited", column(1)],
      ["__proto__", column(5)],
    ]);
    const judged = [
      ["j.right", "j"],
      ["j.cited", "j"],
      ["__proto__", "constructor"],
    ] as const;
    expect(lostAnswers(scores([group("rag@3", { metrics })], judged), "rag@3")).toEqual([
      { stage: "scoring", code: "nothing to compare with", count: 3 },
      { stage: "judge", code: "no grade of j", count: 4 },
      { stage: "judge", code: "no grade of constructor", count: 5 },
    ]);
  });

  it("counts refusals that a judge gave no verdict on", () => {
    const answered = Uint8Array.from([ANSWERED.noVerdict, ANSWERED.answered, ANSWERED.noVerdict]);
    expect(lostAnswers(scores([group("oracle", { answered })]), "oracle")).toEqual([
      { stage: "judge", code: "no verdict on a refusal", count: 2 },
    ]);
  });

  it("is empty where nothing is lost, or there is no such group", () => {
    const found = scores([group("rag@3")]);
    expect(lostAnswers(found, "rag@3")).toEqual([]);
    expect(lostAnswers(found, "oracle")).toEqual([]);
  });
});
