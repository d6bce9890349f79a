import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hasShared, shared } from "../../lib/testing/shared.ts";
import type { AnswerLine } from "../../runlog/index.ts";
import { AnswerPrinter } from "./answer-prints.ts";
import { COPIES, type PrintedRun, sameAnswerPairs } from "./same-answer-pairs.ts";

const FOLDER = "data/openqa-eval-nq/model_outputs";

interface Output {
  readonly question: string;
  readonly answer: readonly string[];
  readonly prediction: unknown;
}

/** The answers of 12 systems to Natural Questions, and to the 301 questions that all of them answer. */
function outputs(): { readonly name: string; readonly rows: readonly Output[] }[] {
  return readdirSync(shared(FOLDER)).map((file) => {
    const rows = readFileSync(shared(`${FOLDER}/${file}`), "utf8")
      .trim()
      .split("\n");
    return { name: file.replace(/\.jsonl$/, ""), rows: rows.map((row) => JSON.parse(row) as Output) };
  });
}

/** @param asked the questions, in their order */
function printed(run: string, rows: readonly Output[], asked: readonly string[]): PrintedRun {
  const of = new Map(rows.map((row) => [row.question, row]));
  const printer = new AnswerPrinter(asked.length);
  for (const [at, text] of asked.entries()) {
    const { answer, prediction } = of.get(text)!;
    const line = { kind: "answer", query: text, condition: "closed-book", trial: 0, text: String(prediction ?? "") };
    printer.take({
      at,
      question: { id: text, text, answers: answer, judgements: [] },
      results: [line as unknown as AnswerLine],
    });
  }
  return { run, source: undefined, prints: printer.finish() };
}

/** How many answers that tell anything are the same, of the two that agree most. */
function mostAlike(runs: readonly PrintedRun[]) {
  let most = { share: 0, compared: 0 };
  for (const [at, a] of runs.entries())
    for (const b of runs.slice(at + 1)) {
      const [x, y] = [a.prints.get("closed-book")!, b.prints.get("closed-book")!];
      const both = Array.from(x.keys()).filter((q) => x[q] !== 0 && y[q] !== 0);
      const share = both.filter((q) => x[q] === y[q]).length / both.length;
      if (share > most.share) most = { share, compared: both.length };
    }
  return most;
}

describe.skipIf(!hasShared)("sameAnswerPairs of 12 systems on Natural Questions", () => {
  const all = hasShared ? outputs() : [];
  const sets = all.map(({ rows }) => new Set(rows.map(({ question }) => question)));
  const shared301 = [...(sets[0] ?? [])].filter((question) => sets.every((set) => set.has(question)));

  it("flags none of their 66 pairs on 301 questions, where the most alike are well below", () => {
    const runs = all.map(({ name, rows }) => printed(name, rows, shared301));
    expect(runs).toHaveLength(12);
    expect(shared301).toHaveLength(301);
    expect(sameAnswerPairs(runs)).toEqual([]);
    const { share, compared } = mostAlike(runs);
    expect([share.toFixed(3), compared]).toEqual(["0.746", 134]);
    expect(share).toBeLessThan(COPIES.above);
  });

  it("flags none of the pairs that answer all 3,610, where the most alike are at 66 %", () => {
    const whole = all.filter(({ rows }) => rows.length > 3000);
    const asked = whole[0]!.rows.map(({ question }) => question);
    const runs = whole.map(({ name, rows }) => printed(name, rows, asked));
    expect(runs).toHaveLength(10);
    expect(sameAnswerPairs(runs)).toEqual([]);
    const { share, compared } = mostAlike(runs);
    expect([share.toFixed(2), compared]).toEqual(["0.66", 1504]);
  });

  it.each([0, 0.05])(
    "flags a copy of each system with a share of %f of the answers taken from another, and it alone",
    (altered) => {
      const runs = all.map(({ name, rows }) => printed(name, rows, shared301));
      for (const [at, { name, rows }] of all.entries()) {
        const others = new Map(all[(at + 5) % all.length]!.rows.map((row) => [row.question, row]));
        const step = altered === 0 ? Number.POSITIVE_INFINITY : 1 / altered;
        const taken = shared301.filter((_, i) => i % step === 3);
        const copy = rows.map((row) => (taken.includes(row.question) ? others.get(row.question)! : row));
        const found = sameAnswerPairs([...runs, printed("copy", copy, shared301)]);
        expect(found.map(({ runs: two }) => two.join())).toEqual([`${name},copy`]);
      }
    },
  );
});
