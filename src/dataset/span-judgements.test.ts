import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgementsFromSpans, type SpanJudgement, strictJudgements } from "./span-judgements.ts";

const passage = (id: string, start: number, end: number, document = "d") => ({ id, text: "", document, start, end });
const span = (start: number, end: number, grade = 1, document = "d"): SpanJudgement => ({
  query: "q",
  document,
  start,
  end,
  grade,
});

async function judged(
  spans: SpanJudgement[],
  passages: Parameters<typeof judgementsFromSpans>[1],
): Promise<[string, number][]> {
  return [...((await judgementsFromSpans(spans, passages)).get("q") ?? [])];
}

describe("judgementsFromSpans", () => {
  it.each<[string, SpanJudgement[], [number, number], number | undefined]>([
    ["holds the whole span", [span(10, 20)], [0, 100], 1],
    ["holds half of the span", [span(10, 20)], [15, 100], 1],
    ["holds less than half of the span", [span(10, 20)], [16, 100], undefined],
    ["lies inside a longer span", [span(0, 100)], [40, 50], 1],
    ["lies half inside a longer span", [span(0, 100)], [95, 105], 1],
    ["touches the span's end", [span(0, 10)], [10, 20], undefined],
    ["has several spans: the highest grade", [span(0, 10, 1), span(12, 14, 3), span(15, 20, 2)], [0, 100], 3],
    ["has a span of grade 0", [span(0, 10, 0)], [0, 10], 0],
    ["is of another document", [span(0, 10, 1, "e")], [0, 10], undefined],
    ["is not reached by an empty span", [span(5, 5)], [0, 10], undefined],
  ])("a passage that %s", async (_name, spans, [start, end], grade) => {
    expect(await judged(spans, [passage("p", start, end)])).toEqual(grade === undefined ? [] : [["p", grade]]);
  });

  it.each<[string, [number, number], [number, number], number | undefined]>([
    ["holds the whole span", [10, 20], [10, 20], 1],
    ["holds all of the span but one character", [10, 20], [11, 100], undefined],
    ["lies inside a longer span", [0, 100], [40, 50], undefined],
    ["is not reached by an empty span", [5, 5], [0, 10], undefined],
  ])("by the strict rule, a passage that %s", async (_name, [from, to], [start, end], grade) => {
    const found = await judgementsFromSpans([span(from, to)], [passage("p", start, end)], "strict");
    expect(found.get("q")?.get("p")).toBe(grade);
  });

  it("asks for another share of the overlap on request", async () => {
    const at = async (share: number) =>
      (await judgementsFromSpans([span(0, 10)], [passage("p", 3, 103)], "lenient", share)).size;
    expect([await at(0.7), await at(0.71)]).toEqual([1, 0]);
  });

  it("counts by the strict rule only what counts by the lenient one", async () => {
    const interval = fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 20 }));
    await fc.assert(
      fc.asyncProperty(fc.array(interval, { maxLength: 6 }), fc.array(interval, { maxLength: 6 }), async (a, b) => {
        const spans = a.map(([start, length]) => span(start, start + length));
        const passages = b.map(([start, length], i) => passage(`p${i}`, start, start + length));
        const lenient = (await judgementsFromSpans(spans, passages)).get("q");
        const strict = (await judgementsFromSpans(spans, passages, "strict")).get("q") ?? new Map();
        for (const id of strict.keys()) expect(lenient?.has(id)).toBe(true);
      }),
    );
  });

  it("judges no passage whose place is unknown", async () => {
    expect(await judged([span(0, 10)], [{ id: "p", text: "", document: "d" }])).toEqual([]);
  });

  it("finds some passage for every span, however the document is cut into pieces", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 1 }),
        fc.nat(98),
        fc.integer({ min: 1, max: 50 }),
        async (cuts, start, length) => {
          const borders = [0, ...cuts.sort((a, b) => a - b), 100];
          const passages = borders.slice(1).map((end, i) => passage(`p${i}`, borders[i]!, end));
          const end = Math.min(100, start + length);
          // Cut in two, one of the pieces holds at least half of the span.
          expect((await judged([span(start, end)], passages)).length).toBeGreaterThan(0);
        },
      ),
    );
  });

  it("does not depend on the order of spans and passages", async () => {
    const interval = fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 3 }));
    await fc.assert(
      fc.asyncProperty(fc.array(interval, { maxLength: 6 }), fc.array(interval, { maxLength: 6 }), async (a, b) => {
        const spans = a.map(([start, length, grade]) => span(start, start + length, grade));
        const passages = b.map(([start, length], i) => passage(`p${i}`, start, start + length));
        const forwards = await judged(spans, passages);
        const backwards = await judged(spans.toReversed(), passages.toReversed());
        expect(new Map(backwards)).toEqual(new Map(forwards));
      }),
    );
  });
});

describe("strictJudgements", () => {
  const strict = async (spans: SpanJudgement[], passages: Parameters<typeof strictJudgements>[1]) =>
    [...((await strictJudgements(spans, passages)).get("q") ?? [])].map(([id, grade]) => [
      id.replace(/^\0.*/, "lost"),
      grade,
    ]);

  it.each<[string, SpanJudgement[], (readonly [string, number])[]]>([
    ["holds a span whole: that passage alone", [span(0, 10, 2)], [["a", 2]]],
    ["cut through by the end of a passage: it is there and cannot be found", [span(15, 25, 2)], [["lost", 2]]],
    [
      "whole and cut: both count",
      [span(0, 10), span(15, 25)],
      [
        ["a", 1],
        ["lost", 1],
      ],
    ],
    ["cut, but judged not relevant: nothing is lost", [span(15, 25, 0)], []],
    ["empty: nothing is lost", [span(20, 20)], []],
    ["in a document without passages: lost", [span(0, 10, 1, "e")], [["lost", 1]]],
    [
      "two cut spans, each counted",
      [span(15, 25), span(18, 22)],
      [
        ["lost", 1],
        ["lost", 1],
      ],
    ],
  ])("a question whose gold is %s", async (_name, spans, expected) => {
    expect(await strict(spans, [passage("a", 0, 20), passage("b", 20, 40)])).toEqual(expected);
  });

  it("leaves out no question that has a relevant span, and judges passages as the strict rule does", async () => {
    const interval = fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 3 }));
    await fc.assert(
      fc.asyncProperty(fc.array(interval, { maxLength: 6 }), fc.array(interval, { maxLength: 6 }), async (a, b) => {
        const spans = a.map(([start, length, grade]) => span(start, start + length, grade));
        const passages = b.map(([start, length], i) => passage(`p${i}`, start, start + length));
        const found = (await strictJudgements(spans, passages)).get("q");
        const relevant = [...(found?.values() ?? [])].some((grade) => grade >= 1);
        expect(relevant).toBe(spans.some(({ grade }) => grade >= 1));
        const held = (await judgementsFromSpans(spans, passages, "strict")).get("q") ?? new Map();
        const real = [...(found ?? [])].filter(([id]) => !id.startsWith("\0"));
        expect(new Map(real)).toEqual(new Map(held));
      }),
    );
  });
});
