import { describe, expect, it } from "vitest";
import type { AnswerLine, AskedQuestion } from "../../runlog/index.ts";
import { AnswerPrinter, LONG_ANSWER } from "./answer-prints.ts";

const line = (text: string, more: Partial<AnswerLine> = {}): AnswerLine => ({
  ...{
    kind: "answer",
    query: "q",
    condition: "rag@3",
    trial: 0,
    text,
    refused: false,
    refusedBy: "none",
    finish: "stop",
  },
  ...{ context: [], outcomes: {}, timing: { ms: 1, source: "measured" } },
  ...more,
});
type Question = Partial<AskedQuestion["question"]>;
const QUESTION: Question = { answers: ["Paris"] };

type Asked = readonly [results: readonly AnswerLine[], question?: Question];

function prints(...asked: readonly Asked[]) {
  const printer = new AnswerPrinter(asked.length);
  for (const [at, [results, question = QUESTION]] of asked.entries())
    printer.take({ at, question: { id: `q${at}`, text: "?", ...question } as AskedQuestion["question"], results });
  return printer.finish();
}
const told = (...asked: readonly Asked[]) => Array.from(prints(...asked).get("rag@3") ?? [], (n) => n !== 0);

describe("AnswerPrinter", () => {
  it("gives equal answers equal numbers, whatever case, white space and a full stop, and others different ones", () => {
    const [a, b, c] = ["Lyon is  it.", "lyon IS it", "Nice is it"].map(
      (text) => prints([[line(text)]]).get("rag@3")![0],
    );
    expect(a).toBe(b);
    expect(a).not.toBe(c);
  });

  it("gives 0 to a reference word for word, to what is said to several questions, and where nothing was answered", () => {
    expect(told([[line("Lyon")]], [[line("paris.")]], [[line("yes")]], [[line("Yes")]], [[]], [[line(" ")]])).toEqual([
      ...[true, false, false, false, false, false],
    ]);
  });

  it("leaves out refusals, answers not decided to be one, and all trials but the first", () => {
    expect(
      prints([[line("a", { refused: true }), line("b", { undecided: "not-judged" }), line("c", { trial: 1 })]]).size,
    ).toBe(0);
  });

  it("asks for long answers where no reference says which are right, but not of questions without an answer", () => {
    const long = Array.from({ length: LONG_ANSWER }, (_, at) => `w${at}`).join(" ");
    expect(
      told([[line(long)], {}], [[line(long.replace("w0 ", ""))], {}], [[line("Lyon")], { answerable: false }]),
    ).toEqual([true, false, true]);
  });

  it("tells conditions apart, also of hostile names", () => {
    const found = prints([[line("a"), line("b", { condition: "__proto__" })]], [[line("c")]]);
    expect([...found.keys()]).toEqual(["rag@3", "__proto__"]);
    expect(found.get("__proto__")![1]).toBe(0);
  });
});
