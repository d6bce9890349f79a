import { describe, expect, it } from "vitest";
import type { Passage } from "../../core/passage.ts";
import { CorpusMatch, normalisedText } from "./corpus-match.ts";
import { noCounts, outsideNotes, outsideRanking } from "./outside-ranking.ts";

const PASSAGES: readonly Passage[] = [
  { id: "p1", document: "d", title: "Size", text: "The ﬁrst  passage." },
  { id: "p2", document: "d", text: "The second one." },
  { id: "p3", document: "d", text: "the SECOND one." },
  { id: "é__proto__", document: "d", text: "" },
];
const signal = new AbortController().signal;
async function* stream() {
  yield* PASSAGES;
}
const match = (texts = true) => CorpusMatch.of(stream(), { texts, signal });
const none = noCounts;

describe("CorpusMatch", () => {
  it("knows every id and no other", async () => {
    const known = await match(false);
    expect(PASSAGES.every(({ id }) => known.has(id))).toBe(true);
    expect(["", "p4", "__proto__", "P1"].some((id) => known.has(id))).toBe(false);
    expect(known.byText("The second one.")).toBeUndefined();
  });

  it.each([
    ["as it is", "The second one.", "p2"],
    ["in other letters and spaces", " THE\n\tsecond  One. ", "p2"],
    ["in compatibility characters", "the first passage.", "p1"],
    ["with its title", "Size\nThe first passage.", "p1"],
    ["that is empty", " ", "é__proto__"],
    ["that is another", "The second", undefined],
  ])("finds a text %s", async (_title, text, id) => {
    expect((await match()).byText(text)).toBe(id);
  });

  it("says how far it is, and ends when it is aborted", async () => {
    const seen: number[] = [];
    await CorpusMatch.of(stream(), { texts: true, signal, onProgress: (done) => seen.push(done) });
    expect(seen).toEqual([4]);
    async function* many(): AsyncGenerator<Passage> {
      for (let n = 0; n < 5000; n += 1) yield { id: `p${n}`, document: "d", text: "" };
    }
    const aborted = AbortSignal.abort(new Error("interrupted"));
    await expect(CorpusMatch.of(many(), { texts: true, signal: aborted })).rejects.toThrow("interrupted");
  });
});

describe("normalisedText", () => {
  it("changes nothing when done twice", () => {
    const text = " Ａ\u00a0ﬁ\r\nÉ ";
    expect(normalisedText(normalisedText(text))).toBe(normalisedText(text));
    expect(normalisedText(text)).toBe("a fi é");
  });
});

describe("outsideRanking", () => {
  it("takes a passage by its id, else by its text, else as unknown", async () => {
    const counts = none();
    const hits = [{ id: "p2", text: "?" }, { id: "x", text: "The first passage." }, { id: "x" }, { text: "no" }];
    expect(outsideRanking(hits, 9, await match(), counts)).toEqual([
      ["p2", 1],
      ["p1", 1 / 2],
      [expect.stringMatching(/^unknown:/), 1 / 3],
      [expect.stringMatching(/^unknown:/), 1 / 4],
    ]);
    expect(counts).toEqual({ returned: 4, byText: 1, unknown: 2, example: '"x"', wanted: 4, most: 4 });
  });

  it("gives the same unknown passage the same id, and another another", async () => {
    const known = await match();
    const idOf = (id: string) => outsideRanking([{ id }], 1, known, none())[0]![0];
    expect(idOf("x")).toBe(idOf("x"));
    expect(idOf("x")).not.toBe(idOf("y"));
  });

  it("counts a passage that comes twice once, at its best", async () => {
    const hits = [
      { id: "p1", score: 1 },
      { id: "p2", score: 3 },
      { id: "p1", score: 2 },
    ];
    expect(outsideRanking(hits, 9, await match(), none())).toEqual([
      ["p2", 3],
      ["p1", 2],
    ]);
  });

  it("shows ids of other systems without what could rewrite a terminal", async () => {
    const counts = none();
    outsideRanking([{ id: `\u001b[2J${"x".repeat(500)}` }], 1, await match(), counts);
    const [note] = outsideNotes("http", counts);
    expect(note).not.toContain("\u001b");
    expect(note!.length).toBeLessThan(250);
  });

  it("tells of a system that returns fewer passages than it is asked for, whatever is asked", async () => {
    const counts = none();
    const known = await match();
    for (const hits of [[{ id: "p1" }], [], [{ id: "p1" }, { id: "p2" }]]) outsideRanking(hits, 100, known, counts);
    expect(outsideNotes("http", counts)).toEqual([
      expect.stringContaining("at most 2 passages came where 4 were asked for"),
    ]);
  });

  it("has nothing to tell where all is known", async () => {
    const counts = none();
    outsideRanking([{ id: "p1" }], 1, await match(), counts);
    expect(outsideNotes("http", counts)).toEqual([]);
  });
});
