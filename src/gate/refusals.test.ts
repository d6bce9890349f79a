import { describe, expect, it } from "vitest";
import { DataError } from "../core/errors.ts";
import { limitsOf } from "./limits.ts";
import { f1, gated, SCORES } from "./testing/gated.ts";
import { type MadeScores, madeScores } from "./testing/made-scores.ts";

function problemsOf(run: () => unknown) {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    return (error as DataError).problems;
  }
  throw new Error("expected a DataError");
}

it("names the command that makes the baseline anew, of its own system where the two are of different ones", () => {
  const other = (system: string) => () =>
    gated({ ...f1(SCORES), system }, { ...f1(SCORES), dataset: { sha256: "f".repeat(64) } });
  expect(problemsOf(other("dense"))[0]!.fix).toMatch(
    /as the candidate was run: bench run --suite handbook --system dense$/,
  );
  expect(problemsOf(other("bm25-reader"))[0]!.fix).toMatch(/: bench run --suite handbook --system bm25-reader$/);
});

describe("refused with the field that differs and its two values", () => {
  const base = f1(SCORES);
  it.each<
    [
      name: string,
      baseline: MadeScores,
      candidate: MadeScores,
      code: string,
      where: RegExp,
      expected: RegExp,
      got: RegExp,
    ]
  >([
    [
      "another dataset",
      base,
      { ...base, dataset: { id: "faire" } },
      "E_GATE_DATASET",
      /dataset\.id/,
      /"handbook"/,
      /"faire"/,
    ],
    [
      "another split",
      base,
      { ...base, dataset: { split: "eval" } },
      "E_GATE_DATASET",
      /dataset\.split/,
      /"test"/,
      /"eval"/,
    ],
    [
      "a changed dataset",
      base,
      { ...base, dataset: { sha256: "99" } },
      "E_GATE_DATASET",
      /dataset\.sha256/,
      /"11"/,
      /"99"/,
    ],
    [
      "another rule of the protocol",
      { ...base, protocolFields: { version: 1, refusal: { phrases: ["no"] } } },
      { ...base, protocolFields: { version: 1, refusal: { phrases: ["nope"] } } },
      "E_GATE_PROTOCOL",
      /protocol \/refusal\/phrases/,
      /\["no"\]/,
      /\["nope"\]/,
    ],
    [
      "a protocol field that only one has",
      { ...base, protocolFields: { version: 1 } },
      { ...base, protocolFields: { version: 1, depth: 20 } },
      "E_GATE_PROTOCOL",
      /protocol \/depth/,
      /nothing/,
      /20/,
    ],
    [
      "another protocol of the same fields",
      { ...base, protocol: "a" },
      { ...base, protocol: "b" },
      "E_GATE_PROTOCOL",
      /^protocol$/,
      /"a"/,
      /"b"/,
    ],
    [
      "other questions",
      { ...base, queries: SCORES.map((_, i) => `q${i}`) },
      { ...base, queries: SCORES.map((_, i) => (i === 0 ? "__proto__" : `q${i}`)) },
      "E_GATE_QUERIES",
      /queries/,
      /50 questions \(only there: "q0"\)/,
      /50 \(only there: "__proto__"\)/,
    ],
    [
      "an interrupted candidate",
      base,
      { ...base, state: "interrupted" },
      "E_GATE_INTERRUPTED",
      /candidate cand/,
      /complete/,
      /without its end/,
    ],
    [
      "an interrupted baseline",
      { ...base, state: "interrupted" },
      base,
      "E_GATE_INTERRUPTED",
      /baseline base/,
      /complete/,
      /without its end/,
    ],
    [
      "a condition that the candidate left out",
      { ...base, groups: { "rag@3": { F1: SCORES }, "rag@5": { F1: SCORES } } },
      base,
      "E_GATE_CONDITIONS",
      /candidate cand/,
      /rag@5/,
      /rag@3/,
    ],
    [
      "a gated metric that is missing",
      { ...base, groups: { "rag@3": { EM: SCORES } } },
      base,
      "E_GATE_METRIC",
      /baseline base/,
      /F1/,
      /EM/,
    ],
  ])("%s", (_name, baseline, candidate, code, where, expected, got) => {
    const problems = problemsOf(() => gated(baseline, candidate));
    expect(problems).toHaveLength(1);
    expect(problems[0]!.code).toBe(code);
    expect(problems[0]!.where).toMatch(where);
    expect(problems[0]!.expected).toMatch(expected);
    expect(problems[0]!.got).toMatch(got);
    expect(problems[0]!.fix).not.toBe("");
  });

  it("every reason at once", () => {
    const codes = problemsOf(() =>
      gated({ ...base, state: "interrupted" }, { ...base, dataset: { id: "x", split: "y" }, gate: { "nDCG@10": {} } }),
    ).map((p) => p.code);
    expect(codes).toEqual([
      "E_GATE_INTERRUPTED",
      "E_GATE_DATASET",
      "E_GATE_DATASET",
      "E_GATE_CONDITIONS",
      "E_GATE_CONDITIONS",
    ]);
  });

  it("a suite that gates nothing", () => {
    expect(problemsOf(() => gated(base, f1(SCORES, {})))[0]).toMatchObject({ code: "E_GATE_EMPTY" });
  });

  it("conditions on a metric of rankings", () => {
    const run: MadeScores = {
      groups: { retrieval: { "nDCG@10": SCORES } },
      gate: { "nDCG@10": { conditions: ["rag@3"] } },
    };
    expect(problemsOf(() => gated(run, run))[0]).toMatchObject({ code: "E_GATE_CONDITIONS", fix: "remove the key" });
  });

  it("an answer metric of runs that only retrieve", () => {
    const run: MadeScores = { groups: { retrieval: { "nDCG@10": SCORES } }, gate: { F1: {} } };
    expect(problemsOf(() => gated(run, run))[0]!.got).toBe("a run that only retrieves");
  });
});

describe("limits", () => {
  it("are the candidate's, and a note says when the baseline's were others", () => {
    const { notes, alpha } = gated(f1(SCORES, { F1: { min_effect: 0.5 } }), { ...f1(SCORES), alpha: 0.01 });
    expect(alpha).toBe(0.01);
    expect(notes).toEqual(["the suite's gate has changed since the baseline was run"]);
  });

  it("that a hostile log carries are refused with their place", () => {
    const { manifest } = madeScores({ ...f1(SCORES), gate: { F1: { min_effect: "0; DROP", minn: 1 } }, alpha: 7 });
    const problems = problemsOf(() => limitsOf(manifest));
    expect(problems.map((p) => p.code)).toEqual(["E_GATE_CONFIG", "E_GATE_CONFIG", "E_GATE_CONFIG"]);
    expect(problems.map((p) => p.where).join(" ")).toMatch(/manifest \/suite\/config\/gate\/F1\/min_effect/);
  });

  it("of a log without any configuration are refused", () => {
    const { manifest } = madeScores(f1(SCORES));
    const without = { ...manifest, suite: { id: "s", sha256: "0", config: null } };
    expect(problemsOf(() => limitsOf(without)).map((p) => p.code)).toContain("E_GATE_CONFIG");
  });
});
