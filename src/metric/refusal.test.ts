import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BadArgument } from "../core/errors.ts";
import { hasShared, shared } from "../lib/testing/shared.ts";
import { refusalDetector } from "./refusal.ts";
import { compilePattern } from "./refusal-pattern.ts";

const detect = refusalDetector();

describe("the default detector", () => {
  it.each([
    "I do not know",
    "I don't know.",
    "I don’t know the answer to this question.",
    "i dont know",
    "**I do not know.**",
    "I'm sorry, but I couldn't find any related documents.",
    "Sorry, I don't know the answer to this question because related documents are not found. Please try again.",
    "I am sorry, the relevant documents were not found.",
    "I apologize, but I cannot answer this question.",
    "I cannot answer this question based on the context.",
    "I'm unable to answer that.",
    "I was unable to find the release date.",
    "Based on the provided passages, I do not know.",
    "I don't have enough information to answer.",
    "I do not have specific information.",
    "I am sorry I don't have any specific knowledge about who acts as a photographer.",
    "The provided context does not mention the price.",
    "The documents don't contain any information on that.",
    "There is no information about this in the documents.",
    "There is not enough context to answer.",
    "No relevant documents were found.",
    "The answer is not given in the passages.",
    "This question cannot be answered from the context.",
    "Unanswerable",
    "No answer",
    "Unknown.",
    "Not enough information",
  ])("takes as a refusal: %s", (answer) => {
    const verdict = detect(answer);
    expect(verdict.refused).toBe(true);
    expect(verdict.rule).toMatch(/^(?:phrase|pattern): /);
  });

  it.each(["", "   ", "\n", "...", "\u200b", "“”"])("takes an answer without a word as a refusal (%j)", (answer) => {
    expect(detect(answer)).toEqual({ refused: true, rule: "empty" });
  });

  it.each([
    "8K",
    "Paris",
    "No.",
    "No, the warranty does not cover water damage.",
    "The Unknown Soldier",
    "Unknown Pleasures is the band's first album.",
    "Sorry is a song by Justin Bieber.",
    "Information theory was founded by Claude Shannon.",
    "The museum is not open on Mondays.",
    "You cannot return opened software.",
    "No answer key is needed: the form checks itself.",
    "1812",
    "日本",
    "Users who do not know their password can reset it.",
    "It is not found in the wild; it lives in zoos.",
    `The procedure has three steps. ${"First, open the lid. ".repeat(20)} I do not know of a fourth.`,
  ])("takes as an answer: %s", (answer) => {
    expect(detect(answer)).toEqual({ refused: false, rule: "none" });
  });

  it("believes the system's own word, either way", () => {
    expect(detect("Paris", true)).toEqual({ refused: true, rule: "system" });
    expect(detect("I do not know", false)).toEqual({ refused: false, rule: "system" });
  });

  it("names the phrase or the pattern that decided", () => {
    expect(detect("i DON'T know!").rule).toBe("phrase: I don't know");
    expect(detect("The text does not say.").rule).toMatch(/^pattern: /);
  });

  it("takes a short phrase only as the whole answer, a longer one also as the beginning", () => {
    expect(detect("Not specified").refused).toBe(true);
    expect(detect("Not specified gear may be rented").refused).toBe(false);
    expect(detect("I do not know the year").refused).toBe(true);
    expect(detect("I do not knowingly lie").refused).toBe(false);
  });

  it("does not hang on a megabyte built to mislead it", () => {
    for (const piece of [
      "sorry no ",
      "context ",
      "i cannot ",
      "no answer ",
      "a",
      " ",
      "'",
      "(",
      "documents are not ",
    ]) {
      expect(typeof detect(piece.repeat(Math.ceil(1_000_000 / piece.length))).refused).toBe("boolean");
    }
  });
});

describe.skipIf(!hasShared)("on the answers of mtrag-human-eval", () => {
  interface Row {
    readonly response: string;
    readonly answerability: readonly string[];
    /** 0 where raters said that the answer's "I don't know" does not fit the question. */
    readonly conditional_idk: number;
  }
  const rows = hasShared
    ? readFileSync(shared("data/mtrag-human-eval/flat.jsonl"), "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Row)
    : [];

  it("flags every answer that begins by saying that it has no information", () => {
    const declared = rows.filter((row) => /^I do not have specific information/.test(row.response));
    expect(declared.length).toBeGreaterThan(5);
    for (const { response } of declared) expect(detect(response).refused, response).toBe(true);
  });

  it("of 405 answers to answerable questions flags the 3 that decline, and 6 that hedge before they answer", () => {
    const answerable = rows.filter((row) => row.answerability.includes("ANSWERABLE"));
    const flagged = answerable.filter((row) => detect(row.response).refused);
    expect([answerable.length, answerable.filter((row) => row.conditional_idk === 0).length]).toEqual([405, 3]);
    expect([flagged.length, flagged.filter((row) => row.conditional_idk === 0).length]).toEqual([9, 3]);
  });
});

describe("own rules", () => {
  it("replace their defaults, each list for itself", () => {
    const own = refusalDetector({ phrases: ["Keine Ahnung"] });
    expect(own("keine ahnung")).toEqual({ refused: true, rule: "phrase: Keine Ahnung" });
    expect(own("Unanswerable").refused).toBe(false);
    expect(own("The context does not mention it.").refused).toBe(true);
    expect(refusalDetector({ patterns: [] })("The context does not mention it.").refused).toBe(false);
  });

  it("match patterns whatever the case, near the beginning", () => {
    const own = refusalDetector({ patterns: ["nicht (?:bekannt|gefunden)"] });
    expect(own("Das ist NICHT bekannt.")).toEqual({ refused: true, rule: "pattern: nicht (?:bekannt|gefunden)" });
    expect(own(`${"Es folgt. ".repeat(40)} nicht bekannt`).refused).toBe(false);
  });

  it("an empty phrase matches nothing", () => {
    expect(refusalDetector({ phrases: ["", "?!"] })("Paris").refused).toBe(false);
  });

  it("throws for a pattern that could take long", () => {
    expect(() => refusalDetector({ patterns: ["(a+)+$"] })).toThrow(BadArgument);
  });
});

describe("compilePattern", () => {
  it.each([
    "nicht",
    "^sorry.{0,80}not",
    "a|b|c",
    "[*+?]{3}x",
    "\\(no\\)+",
    "(?:a|b)?c",
    "no .*found",
    ".*no.*",
    "\\*+",
    "[^\\]+]+",
  ])("accepts %s", (source) => expect(compilePattern(source).ok).toBe(true));

  it.each([
    ["(a+)+$", "write the repetitions out"],
    ["(a|a)*b", "write the repetitions out"],
    ["(?:a?){30}b", "write the repetitions out"],
    ["(a)\\1", "write the repetitions out"],
    ["(?<x>a)\\k<x>", "write the repetitions out"],
    [".*.*.*x", "use fewer"],
    ["a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?b", "use fewer"],
    [".{0,200}.{0,200}.{0,200}x", "use fewer"],
    ["(a|b|c|d)(a|b|c|d)(a|b|c|d)(a|b|c|d)(a|b|c|d)(a|b|c|d)(a|b|c|d)(a|b|c|d)(a|b|c|d)", "use fewer"],
    ["(", "correct it"],
    ["x".repeat(501), "shorten it"],
  ])("refuses %s", (source, fix) => {
    const compiled = compilePattern(source);
    expect(compiled.ok).toBe(false);
    if (!compiled.ok) expect(compiled.problem.fix).toContain(fix);
  });

  it("what it accepts ends on a megabyte built against it, where backtracking would take years", () => {
    for (const source of [".*no.*found", "a{0,50}a{0,50}b", ".*?.*?b", "(?:a|a|a)(?:a|a|a)(?:a|a|a)a*b"]) {
      const compiled = compilePattern(source);
      expect(compiled.ok, source).toBe(true);
      refusalDetector({ patterns: [source] })("a".repeat(1_000_000));
      refusalDetector({ patterns: [source] })("no ".repeat(300_000));
    }
  });
});
