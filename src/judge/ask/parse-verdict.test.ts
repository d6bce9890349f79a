import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Rubric } from "../../config/rubric.ts";
import { parseVerdict } from "./parse-verdict.ts";
import { replyFormat } from "./reply-format.ts";
import { verdictSchema } from "./verdict-schema.ts";

const steps = (...values: number[]) => values.map((value) => ({ name: String(value), value, anchor: "" }));
const RUBRIC: Rubric = {
  criteria: [
    { id: "correctness", question: "?", steps: steps(0, 1, 2, 3) },
    {
      id: "clear",
      question: "?",
      steps: [
        { name: "NO", value: 0, anchor: "" },
        { name: "YES", value: 1, anchor: "" },
      ],
    },
  ],
  sha256: "",
};
const read = (text: string) => parseVerdict(text, RUBRIC);
const code = (text: string) => {
  const parsed = read(text);
  return parsed.ok ? "ok" : parsed.code;
};
const GOOD = '{"reason": "it fits", "correctness": 2, "clear": "YES"}';

describe("parseVerdict", () => {
  it.each([
    ["JSON alone", GOOD],
    ["JSON over several lines", GOOD.replaceAll(", ", ",\n  ")],
    ["fenced JSON", `\`\`\`json\n${GOOD}\n\`\`\``],
    ["JSON after prose", `The answer names both {a} and {b}.\n\n${GOOD}\nThat is all.`],
    ["a score as text", GOOD.replace("2", '"2"')],
    ["another object beside it", `{"thought": {"correctness": 3}} ${GOOD}`],
    ["keys in strings", '{"reason": "\\"correctness\\": 1 {", "correctness": 2, "clear": "YES"}'],
  ])("takes %s", (_, text) => {
    const parsed = read(text);
    expect(parsed).toMatchObject({ ok: true });
    if (parsed.ok)
      expect([...parsed.verdict.scores]).toEqual([
        ["correctness", 2],
        ["clear", 1],
      ]);
  });

  it("keeps the reason, and none where there is none", () => {
    expect(read(GOOD)).toMatchObject({ verdict: { reason: "it fits" } });
    expect(read('{"correctness": 2, "clear": "NO"}')).toMatchObject({ verdict: { reason: "" } });
  });

  it.each([
    ["prose", "I would give it a 3 out of 3.", "E_VERDICT_PROSE"],
    ["nothing", " \n ", "E_VERDICT_EMPTY"],
    ["a refusal to judge", "I cannot grade this content.", "E_VERDICT_PROSE"],
    ["half a JSON", GOOD.slice(0, 40), "E_VERDICT_CUT"],
    ["3/3", GOOD.replace("2", '"3/3"'), "E_VERDICT_SCALE"],
    ["2.5", GOOD.replace("2", "2.5"), "E_VERDICT_SCALE"],
    ["2.5 as text", GOOD.replace("2", '"2.5"'), "E_VERDICT_SCALE"],
    ["7", GOOD.replace("2", "7"), "E_VERDICT_SCALE"],
    ["-1", GOOD.replace("2", "-1"), "E_VERDICT_SCALE"],
    ["null", GOOD.replace("2", "null"), "E_VERDICT_SCALE"],
    ["true", GOOD.replace("2", "true"), "E_VERDICT_SCALE"],
    ["a list", GOOD.replace("2", "[2]"), "E_VERDICT_SCALE"],
    ["yes for YES", GOOD.replace("YES", "yes"), "E_VERDICT_SCALE"],
    ["YES, mostly", GOOD.replace("YES", "YES, mostly"), "E_VERDICT_SCALE"],
    ["a missing criterion", '{"reason": "r", "correctness": 2}', "E_VERDICT_MISSING"],
    ["an object without scores", '{"reason": "r"}', "E_VERDICT_MISSING"],
    ["scores inside of another object", '{"scores": {"correctness": 2, "clear": "YES"}}', "E_VERDICT_MISSING"],
    ["two verdicts", `${GOOD}\n${GOOD.replace("2", "3")}`, "E_VERDICT_SEVERAL"],
    ["two equal verdicts", `${GOOD}${GOOD}`, "E_VERDICT_SEVERAL"],
    ["a key twice", '{"correctness": 1, "correctness": 3, "clear": "NO"}', "E_VERDICT_SEVERAL"],
    ["a key twice, once escaped", '{"correctness": 1, "c\\u006frrectness": 3, "clear": "NO"}', "E_VERDICT_SEVERAL"],
  ])("refuses %s", (_, text, expected) => {
    expect(code(text)).toBe(expected);
  });

  it("says what is wrong so that a judge can mend it", () => {
    expect(read(GOOD.replace("2", "7"))).toMatchObject({
      message: "the score of correctness is 7, not one of 0, 1, 2, 3",
    });
  });

  it("reads back every verdict on the scale, whatever the reason says", () => {
    const verdict = fc.record({
      reason: fc.string(),
      correctness: fc.integer({ min: 0, max: 3 }),
      clear: fc.constantFrom("NO", "YES"),
    });
    fc.assert(
      fc.property(verdict, (value) => {
        const parsed = read(`Well.\n${JSON.stringify(value)}`);
        expect(parsed.ok && parsed.verdict.scores.get("correctness")).toBe(value.correctness);
        expect(parsed.ok && parsed.verdict.reason).toBe(value.reason.trim());
      }),
    );
  });

  it("never throws and never invents a score", () => {
    const part = fc.constantFrom(
      "{",
      "}",
      '"',
      "\\",
      ":",
      ",",
      "correctness",
      "clear",
      "1",
      "YES",
      " ",
      "[",
      "]",
      "reason",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        const parsed = read(parts.join(""));
        if (parsed.ok) expect([...parsed.verdict.scores.values()]).toEqual([1, 1]);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["open braces", "{".repeat(1_000_000)],
    ["nested braces", "{".repeat(300_000) + "}".repeat(300_000)],
    ["many objects", "{} ".repeat(300_000)],
  ])("gives up a megabyte of %s in time", { timeout: 5000 }, (_, text) => {
    expect(code(text)).not.toBe("ok");
  });
});

describe("the shape that is asked for", () => {
  it("has the reason first and an enum for each score", () => {
    const schema = verdictSchema(RUBRIC);
    expect(schema.required).toEqual(["reason", "correctness", "clear"]);
    expect(schema.properties.correctness).toEqual({ type: "integer", enum: [0, 1, 2, 3] });
    expect(schema.properties.clear).toEqual({ type: "string", enum: ["NO", "YES"] });
  });

  it("in words names every score as it is to be written", () => {
    expect(replyFormat(RUBRIC)).toContain('"correctness": 0 | 1 | 2 | 3, "clear": "NO" | "YES"}');
  });
});
