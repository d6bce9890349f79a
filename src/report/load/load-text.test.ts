import { describe, expect, it } from "vitest";
import type { LoadRecord } from "../../runlog/load-record.ts";
import { loadCautions } from "./load-cautions.ts";
import { loadFigures } from "./load-figures.ts";
import { loadText } from "./load-text.ts";
import { kneeText } from "./load-words.ts";
import { answered, failed, recordOf, stepOf } from "./testing/made-load.ts";

const cautions = (record: LoadRecord): string => loadCautions(record, loadFigures(record, 0.95)).join("\n");
const text = (record: LoadRecord, width = 160): string => loadText(record, loadFigures(record, 0.95), width);
const steady = (rate: number, endMs = 400, n = 400) => stepOf(rate, n, (_, at) => answered(at, endMs));

describe("loadText", () => {
  const record = recordOf([steady(1), steady(2, 800), steady(4, 5000)], { outputTokens: 10 });

  it("has a line per rate, a line per time and rate, and the knee", () => {
    const lines = text(record).split("\n");
    expect(lines[0]).toBe("mine (openai m): load");
    expect(lines).toContainEqual(
      expect.stringMatching(/^2\/s +400 +1\.000 \[\.990, 1\.000\] +2\.00 +20\.0 +12\.5, slowest/),
    );
    expect(lines).toContainEqual(expect.stringMatching(/^end to end +1\/s +400 ms \[400 ms, 400 ms\]/));
    expect(lines).toContainEqual(expect.stringMatching(/^ +4\/s +5\.00 s \[5\.00 s, 5\.00 s\]/));
    expect(text(record)).toContain(
      "The knee lies at 2/s: the last rate that keeps 95\u00a0% of requests with the end within 1.00 s; 4/s does not.",
    );
    expect(text(record)).not.toContain("failed");
  });

  it("calls every answer answered where no limit is stated, and says how long it warmed up", () => {
    const warm = { ...steady(1), warmupMs: 5000 };
    expect(text(recordOf([steady(1)], { limits: {} }))).toMatch(/^rate +n +answered/m);
    expect(text(record)).toMatch(/^rate +n +goodput/m);
    expect(text(record, 999)).toContain("a rate, no warm-up.");
    expect(text(recordOf([warm]), 999)).toContain("a rate, after 5.00 s to warm up.");
  });

  it("keeps to the width of the terminal", () => {
    const widest = Math.max(
      ...text(record, 70)
        .split("\n")
        .map((line) => line.length),
    );
    expect(widest).toBeLessThanOrEqual(70);
  });

  it("names failures by their code, and what was not sent", () => {
    const failing = stepOf(1, 40, (i, at) =>
      i % 4 === 0 ? failed(at, "E_ENDPOINT_STATUS") : { state: "not-sent", atMs: at },
    );
    expect(text(recordOf([failing]))).toContain("E_ENDPOINT_STATUS 10, not sent 30");
    expect(text(recordOf([failing]))).toContain("none: no request was answered");
  });

  it("leaves hostile names no way to rewrite the terminal", () => {
    const system = { id: "m\u001b[2J", sha256: "0", generator: "openai \u202e" };
    expect(text(recordOf([steady(1)], { system }))).not.toMatch(/[\u001b\u202e]/);
  });
});

describe("kneeText", () => {
  const said = (...steps: ReturnType<typeof steady>[]): string => {
    const record = recordOf(steps, { limits: { firstTokenMs: 200, endMs: 1000 } });
    return kneeText(loadFigures(record, 0.95), record);
  };

  it.each([
    ["found", [steady(1), steady(2, 5000)], "The knee lies at 1/s"],
    ["found, by few requests", [steady(1, 400, 5), steady(2, 5000)], "do not make this sure at 95"],
    ["above", [steady(1), steady(2)], "No knee up to 2/s"],
    ["below", [steady(1, 5000), steady(2, 5000)], "Even 1/s does not keep"],
  ])("says where the knee is: %s", (_state, steps, words) => {
    expect(said(...steps)).toContain(words);
    expect(said(...steps)).toContain("the first token within 200 ms and the end within 1.00 s");
  });
});

describe("loadCautions", () => {
  it("is short where nothing is wrong", () => {
    expect(cautions(recordOf([steady(1)], { outputTokens: 10 }))).toMatch(/^Intervals.*one queue.*$/);
  });

  it.each<[string, LoadRecord, RegExp]>([
    ["failures", recordOf([stepOf(1, 4, (i, at) => (i ? answered(at, 9) : failed(at, "E")))]), /failed at 1\/s/],
    [
      "requests not sent",
      recordOf([stepOf(2, 4, (i, at) => (i ? answered(at, 9) : { state: "not-sent", atMs: at }))]),
      /At 2\/s so many .*\(100\)/,
    ],
    [
      "a client that is late",
      recordOf([stepOf(1, 9, (_, at) => answered(at, 400, { lateMs: 70 }))]),
      /up to 70 ms late/,
    ],
    ["short answers", recordOf([steady(1)], { outputTokens: 256 }), /ended by themselves: 10 tokens .* of 256/],
    [
      "other prompts",
      recordOf([steady(1)], { prompts: { kind: "synthetic", tokens: 2000 } }),
      /counted 100 tokens a prompt, not 2.000/,
    ],
    [
      "a prompt cache",
      recordOf([stepOf(1, 9, (_, at) => answered(at, 9, { cachedPromptTokens: 50 }))]),
      /its own cache/,
    ],
    [
      "questions asked twice",
      recordOf([steady(1)], { prompts: { kind: "suite", suite: "s", dataset: "d", questions: 20, k: 3 } }),
      /400 requests asked 20 questions/,
    ],
    ["no request due", recordOf([stepOf(0.1, 0, () => failed(0, "E")), steady(1)]), /At 0\.1\/s no request was due/],
    ["a test that was stopped", recordOf([steady(1)], { status: "interrupted" }), /was stopped/],
    [
      "nothing streamed",
      recordOf([stepOf(1, 3, (_, atMs) => ({ state: "answered", atMs, lateMs: 0, endMs: 9, finish: "stop" }))]),
      /Nothing was streamed/,
    ],
  ])("tells of %s", (_what, record, words) => {
    expect(cautions(record)).toMatch(words);
  });
});
