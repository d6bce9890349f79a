import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DataError } from "../../core/errors.ts";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { cohenKappa, krippendorffAlpha, tallyGrades } from "../../stats/index.ts";
import { questionNumbers } from "./graded-set.ts";
import { answerItem, type ReadLabelsOptions } from "./label-table.ts";
import { readLabels } from "./read-labels.ts";

const steps = (...values: number[]) => values.map((value) => ({ name: String(value), value }));
const CORRECT = { id: "correct", steps: steps(0, 1, 2, 3) };
const READABLE = { id: "readable", steps: steps(0, 1, 2, 3) };

async function read(files: Record<string, string>, options: Partial<ReadLabelsOptions> = {}) {
  const folder = await tempFolder(files);
  return readLabels(
    Object.keys(files).map((name) => join(folder, name)),
    { criteria: [CORRECT], ...options },
  );
}

/** Every problem as `place code: got`, the folder left out. */
async function problemsOf(files: Record<string, string>, options: Partial<ReadLabelsOptions> = {}): Promise<string[]> {
  const error = await read(files, options).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DataError);
  const { problems } = error as DataError;
  for (const { expected, fix } of problems) expect(`${expected}${fix}`).not.toBe("");
  return problems.map(({ where, code, got }) => `${where.split("/").at(-1)} ${code}: ${got}`);
}

const lines = (...rows: unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

describe("readLabels", () => {
  it("reads JSONL with several raters per item and labels missing", async () => {
    const set = await read({
      "l.jsonl": lines(
        { item: "q1", rater: "anna", score: 2 },
        { item: "q1", rater: "ben", score: 3 },
        { item: "q2", rater: "anna", score: 0 },
        { item: "q2", rater: "ben", score: null },
        { item: "q3", rater: "ben", score: "1" },
      ),
    });
    expect(set.items.map(({ id }) => id)).toEqual(["q1", "q2", "q3"]);
    const { people, judges, scale } = set.criteria.get("correct")!;
    expect([...people]).toEqual([
      ["anna", [2, 0, undefined]],
      ["ben", [3, undefined, 1]],
    ]);
    expect(set).toMatchObject({ labels: 4, missing: 1, notes: [] });
    expect([scale, judges.size]).toEqual([[0, 1, 2, 3], 0]);
    expect(tallyGrades([...people.values()], scale).counts).toHaveLength(3);
  });

  it("reads CSV with columns of other names, quoted cells and a byte-order mark", async () => {
    const csv =
      '\ufeffanswer id,who,grade,comment\r\n"q,1",anna,3,"says ""yes"",\r\non two lines"\r\nq2,anna,,\r\nq2,ben,1,\r\n';
    const set = await read({ "l.csv": csv }, { columns: { item: "answer id", rater: "who", score: "grade" } });
    expect(set.items.map(({ id }) => id)).toEqual(["q,1", "q2"]);
    expect([...set.criteria.get("correct")!.people]).toEqual([
      ["anna", [3, undefined]],
      ["ben", [undefined, 1]],
    ]);
    expect(set.missing).toBe(1);
  });

  it("reads a column per rater, on another scale that is mapped", async () => {
    const csv = "item,annotator1,annotator2\nq1,Yes,Yes\nq2,No,\nq3,Yes,No\n";
    const set = await read(
      { "l.csv": csv },
      {
        raterColumns: ["annotator1", "annotator2"],
        scores: new Map([
          ["Yes", 3],
          ["No", 0],
        ]),
      },
    );
    const { people, scale } = set.criteria.get("correct")!;
    expect(people.get("annotator1")).toEqual([3, 0, 3]);
    expect(people.get("annotator2")).toEqual([3, undefined, 0]);
    expect(cohenKappa(tallyGrades([...people.values()], scale))).toMatchObject({ n: 2 });
  });

  it("joins several files, criteria and raters; an answer of a run may be named by its parts", async () => {
    const set = await read(
      {
        "a.jsonl": lines({
          query: "q1",
          condition: "rag@3",
          rater: "anna",
          criterion: "correct",
          score: 1,
          system: "bm25",
        }),
        "b.csv": "query,condition,trial,rater,criterion,score\nq1,rag@3,0,anna,readable,2\nq1,rag@3,1,anna,correct,0\n",
      },
      { criteria: [CORRECT, READABLE] },
    );
    expect(set.items).toEqual([
      { id: `bm25 ${answerItem("q1", "rag@3", 0)}`, query: "q1", systems: ["bm25"] },
      { id: answerItem("q1", "rag@3", 0), query: "q1" },
      { id: answerItem("q1", "rag@3", 1), query: "q1" },
    ]);
    expect(set.criteria.get("correct")!.people.get("anna")).toEqual([1, undefined, 0]);
    expect(set.criteria.get("readable")!.people.get("anna")).toEqual([undefined, 2, undefined]);
    expect([...questionNumbers(set.items)]).toEqual([0, 0, 0]);
  });

  it.each([["q1 rag@3 0"], ["bm25 q1 rag@3 0"]])("finds the answer of a system under the known name %s", async (id) => {
    const rows = lines({ query: "q1", condition: "rag@3", system: "bm25", rater: "anna", score: 1 });
    const set = await read({ "l.jsonl": rows }, { items: new Map([[id, { id, query: "q1" }]]) });
    expect(set.criteria.get("correct")!.people.get("anna")).toEqual([1]);
  });

  it("passes over labels of systems that are not looked at, and says so: they are not those of another system's answer", async () => {
    const row = { query: "q1", condition: "rag@3", rater: "anna" };
    const file = lines(
      { ...row, system: "dense", score: 2 },
      { ...row, system: "bm25", score: 1 },
      { ...row, system: "dense", trial: 1, score: 2 },
      { ...row, system: "splade", score: 2 },
    );
    const items = new Map([["q1 rag@3 0", { id: "q1 rag@3 0", query: "q1", systems: ["bm25"] }]]);
    const set = await read({ "l.jsonl": file }, { items });
    expect(set.criteria.get("correct")!.people.get("anna")).toEqual([1]);
    expect(set.labels).toBe(1);
    // One note, however many systems a file holds.
    expect(set.notes.filter(({ code }) => code === "E_LABEL_SYSTEM")).toMatchObject([
      { where: expect.stringMatching(/l\.jsonl:1$/), got: '3 rows of "dense", "splade"' },
    ]);
    const none = read({ "l.jsonl": lines({ ...row, system: "dense", score: 2 }) }, { items });
    await expect(none).rejects.toThrow('labels of "dense" alone');
  });

  it("keeps the order of known items, those without a label included", async () => {
    const items = new Map(["a", "b", "c"].map((id) => [id, { id, query: `query of ${id}` }]));
    const set = await read(
      { "l.jsonl": lines({ item: "c", rater: "x", score: 1 }, { item: "a", rater: "x", score: 2 }) },
      { items },
    );
    expect(set.items).toEqual([...items.values()]);
    expect(set.criteria.get("correct")!.people.get("x")).toEqual([2, undefined, 1]);
  });

  it("reads named choices by name, and by number", async () => {
    const criteria = [
      {
        id: "ok",
        steps: [
          { name: "NO", value: 0 },
          { name: "YES", value: 1 },
        ],
      },
    ];
    const set = await read(
      { "l.jsonl": lines({ item: "a", rater: "x", score: "YES" }, { item: "b", rater: "x", score: 0 }) },
      { criteria },
    );
    expect(set.criteria.get("ok")!.people.get("x")).toEqual([1, 0]);
  });

  it("notes labels of one grade only, of which no coefficient has a value", async () => {
    const set = await read({
      "l.jsonl": lines(
        ...["a", "b"].flatMap((item) => [
          { item, rater: "x", score: 2 },
          { item, rater: "y", score: 2 },
        ]),
      ),
    });
    expect(set.notes).toMatchObject([{ code: "E_LABEL_EQUAL", got: "2 everywhere" }]);
    const { people, scale } = set.criteria.get("correct")!;
    const tally = tallyGrades([...people.values()], scale);
    expect(cohenKappa(tally).state).toBe("not-estimable");
    expect(krippendorffAlpha(tally, "ordinal").state).toBe("not-estimable");
  });

  it("takes ids that look like properties or paths for what they are", async () => {
    const ids = ["__proto__", "constructor", "../../x", "a b"];
    const set = await read({
      "l.jsonl": ids.map((id, i) => `{"item":${JSON.stringify(id)},"rater":"__proto__","score":${i % 4}}\n`).join(""),
    });
    expect(set.items.map(({ id }) => id)).toEqual(ids);
    expect(set.criteria.get("correct")!.people.get("__proto__")).toEqual([0, 1, 2, 3]);
  });

  it("says which rubric the labels are by", async () => {
    const file = { "l.jsonl": lines({ item: "a", rater: "x", score: 1, rubric: "v1" }) };
    expect((await read(file)).rubric).toBe("v1");
    expect((await read(file, { rubric: "v1" })).rubric).toBe("v1");
    expect(await problemsOf(file, { rubric: "v2" })).toEqual(['l.jsonl:1 E_LABEL_RUBRIC: "v1"']);
  });
});

describe("readLabels reports every problem with its place", () => {
  it("rows that are none, in one go", async () => {
    const rows = [
      "{not json",
      "[1, 2]",
      '{"rater":"x","score":1}',
      '{"item":"a","score":1}',
      '{"item":"b","rater":"x","score":4}',
      '{"item":"c","rater":"x","score":2.5}',
      '{"item":"d","rater":"x","score":"3/3"}',
      '{"item":"e","rater":"x","score":true}',
      '{"item":"f","rater":"x","score":1,"criterion":"other"}',
      '{"item":"g","rater":"x","score":1}',
    ];
    expect(await problemsOf({ "l.jsonl": `${rows.join("\n")}\n` })).toEqual([
      expect.stringMatching(/^l\.jsonl:1 E_LABEL_LINE: "\{not json": /),
      "l.jsonl:2 E_LABEL_LINE: [1,2]",
      'l.jsonl:3 E_LABEL_ROW: columns "rater", "score"',
      "l.jsonl:4 E_LABEL_ROW: none",
      "l.jsonl:5 E_LABEL_SCORE: 4",
      "l.jsonl:6 E_LABEL_SCORE: 2.5",
      'l.jsonl:7 E_LABEL_SCORE: "3/3"',
      "l.jsonl:8 E_LABEL_SCORE: true",
      'l.jsonl:9 E_LABEL_CRITERION: "other"',
    ]);
  });

  it("rows of criteria that are not looked at are none, but a row must then say which one it is of", async () => {
    const row = { item: "a", rater: "x", score: 1 };
    const otherCriteria = new Set([READABLE.id]);
    const rows = lines({ ...row, criterion: "correct" }, { ...row, criterion: "readable", score: 9 }, row);
    expect(await problemsOf({ "l.jsonl": rows }, { otherCriteria })).toEqual([
      "l.jsonl:3 E_LABEL_CRITERION: no criterion",
    ]);
    const alone = lines({ ...row, criterion: "readable" });
    expect(await problemsOf({ "l.jsonl": alone }, { otherCriteria })).toEqual([
      "l.jsonl E_LABEL_NONE: labels of readable alone",
    ]);
  });

  it("one rater twice on one item, even of one mind, in one file or in two", async () => {
    const row = { item: "a", rater: "x", score: 1 };
    expect(await problemsOf({ "1.jsonl": lines(row, { ...row, score: 2 }), "2.jsonl": lines(row) })).toEqual([
      expect.stringMatching(/^1\.jsonl:2 E_LABEL_TWICE: 2 here and 1 at .*1\.jsonl:1$/),
      expect.stringMatching(/^2\.jsonl:1 E_LABEL_TWICE: 1 here and 1 at .*1\.jsonl:1$/),
    ]);
  });

  it("labels of unknown items, with the nearest known one", async () => {
    const items = new Map([["question-17", { id: "question-17", query: "q" }]]);
    const folder = await tempFolder({ "l.jsonl": lines({ item: "question-71", rater: "x", score: 1 }) });
    await expect(readLabels([join(folder, "l.jsonl")], { criteria: [CORRECT], items })).rejects.toThrow(
      /E_LABEL_ITEM[\s\S]*did you mean "question-17"\?/,
    );
  });

  it("two rubric versions mixed, and labels that name none beside labels that do", async () => {
    const row = (item: string, rubric?: string) => ({ item, rater: "x", score: 1, rubric });
    expect(await problemsOf({ "l.jsonl": lines(row("a", "v1"), row("b", "v2"), row("c", "v2"), row("d")) })).toEqual([
      'l.jsonl:2 E_LABEL_RUBRIC: "v2"',
      "l.jsonl:4 E_LABEL_RUBRIC: no version",
    ]);
  });

  it("a score that the mapping of the other scale lacks, even if the rubric has it", async () => {
    const file = { "l.jsonl": lines({ item: "a", rater: "x", score: 5 }, { item: "b", rater: "x", score: 3 }) };
    expect(
      await problemsOf(file, {
        scores: new Map([
          ["5", 3],
          ["1", 0],
        ]),
      }),
    ).toEqual(["l.jsonl:2 E_LABEL_SCORE: 3"]);
  });

  it("a mapping to a score that the rubric lacks, and a trial that is no number", async () => {
    const file = { "l.jsonl": lines({ query: "q", condition: "rag@3", trial: "x", rater: "x", score: 5 }) };
    expect(await problemsOf(file, { scores: new Map([["5", 4]]) })).toEqual([
      'l.jsonl:1 E_LABEL_ROW: "x"',
      "l.jsonl:1 E_LABEL_SCORE: 5",
    ]);
  });

  it("many labels of unknown items, without searching a near name for each", async () => {
    const items = new Map(Array.from({ length: 2000 }, (_, i) => [`item number ${i}`, { id: `${i}`, query: `${i}` }]));
    const rows = Array.from({ length: 2000 }, (_, i) => ({ item: `thing number ${i}`, rater: "x", score: 1 }));
    expect(await problemsOf({ "l.jsonl": lines(...rows) }, { items })).toHaveLength(2000);
  });

  it.each([
    ["a row with a cell too many", "item,rater,score\na,x,1,2\n", "l.csv:2 E_LABEL_ROW: 4"],
    ["a column twice", "item,rater,score,score\na,x,1,1\n", 'l.csv:1 E_LABEL_COLUMN: "score" twice'],
    ["no score at all", "item,rater,score\na,x,\n", "l.csv E_LABEL_NONE: 1 without a score"],
    ["a header alone", "item,rater,score\n", "l.csv E_LABEL_NONE: no rows"],
    ["nothing", "", "l.csv E_LABEL_NONE: no rows"],
    ["a score column of another name", "item,rater,grade\na,x,1\n", "l.csv E_LABEL_NONE: 1 without a score"],
    ["a quote left open", 'item,rater,score\n"a,x,1\n', /E_LABEL_LINE: Quote/],
  ])("CSV with %s", async (_, csv, expected) => {
    const [problem, ...more] = await problemsOf({ "l.csv": csv });
    expect(more).toEqual([]);
    expect(problem).toMatch(
      typeof expected === "string" ? new RegExp(`^${expected.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`) : expected,
    );
  });

  it.each(["l.jsonl", "l.csv"])("%s that is not there or no UTF-8", async (name) => {
    const folder = await tempFolder({ [`bad-${name}`]: Buffer.from([0xff, 0xfe, 0x41, 0x0a]) });
    const options = { criteria: [CORRECT] };
    await expect(readLabels([join(folder, name)], options)).rejects.toThrow(/E_LABEL_FILE[\s\S]*ENOENT/);
    await expect(readLabels([join(folder, `bad-${name}`)], options)).rejects.toThrow(/E_LABEL_LINE[\s\S]*iconv/);
  });

  describe("answers named by their text", () => {
    const ITEMS = new Map(
      [
        { id: "a q1 c 0", query: "q1", systems: ["a"], question: "Who  wrote it?", answer: "Jane Austen" },
        { id: "b q1 c 0", query: "q1", systems: ["b"], question: "Who  wrote it?", answer: " Jane\nAusten " },
        { id: "b q2 c 0", query: "q2", systems: ["b"], question: "When?", answer: "1813" },
      ].map((item) => [item.id, item] as const),
    );
    const given = async (rows: unknown[], options: Partial<ReadLabelsOptions> = {}) => {
      const set = await read({ "l.jsonl": lines(...rows) }, { items: ITEMS, ...options });
      return { set, people: [...set.criteria.get("correct")!.people] };
    };

    it("a label is of every system that gave the answer, white space and letter case aside", async () => {
      const { set, people } = await given([
        { question: "who wrote it?", answer: "jane austen", rater: "anna", score: 3 },
        { query: "q2", answer: "1813", rater: "anna", score: 1 },
      ]);
      expect(people).toEqual([["anna", [3, 3, 1]]]);
      expect([set.labels, set.notes]).toEqual([3, []]);
    });

    it("of one system alone, where it names one", async () => {
      const { people } = await given([{ query: "q1", answer: "Jane Austen", system: "b", rater: "anna", score: 2 }]);
      expect(people).toEqual([["anna", [undefined, 2, undefined]]]);
    });

    it("other answers are counted in a note", async () => {
      const { set, people } = await given([
        { query: "q1", answer: "Jane Austin", rater: "anna", score: 0 },
        { query: "q2", answer: "1813", rater: "anna", score: 1 },
        { query: "q3", answer: "1813", rater: "anna", score: 1 },
      ]);
      expect(people).toEqual([["anna", [undefined, undefined, 1]]]);
      expect(set.notes.map(({ code, got, where }) => [code, got, where.split(":").at(-1)])).toEqual([
        ["E_LABEL_EQUAL", "1 everywhere", expect.anything()],
        ["E_LABEL_SYSTEM", "2 rows of other answers", "1"],
      ]);
    });

    it("the same text twice is one label, unless its scores differ", async () => {
      const row = { query: "q2", answer: "1813", rater: "anna", score: 1 };
      expect((await given([row, row])).set.labels).toBe(1);
      expect(await problemsOf({ "l.jsonl": lines(row, { ...row, score: 2 }) }, { items: ITEMS })).toEqual([
        expect.stringMatching(/^l\.jsonl:2 E_LABEL_TWICE: 2 here and 1 at /),
      ]);
    });

    it("a row that also names the condition is of that place in a run, whatever it says of the text", async () => {
      const row = { system: "b", query: "q2", condition: "c", answer: "another text", rater: "anna", score: 1 };
      expect((await given([row])).people).toEqual([["anna", [undefined, undefined, 1]]]);
    });

    it("labels of unknown items are problems, or with `partly` counted", async () => {
      const rows = [
        { item: "b q9 c 0", rater: "anna", score: 1 },
        { item: "b q2 c 0", rater: "anna", score: 1 },
      ];
      expect(await problemsOf({ "l.jsonl": lines(...rows) }, { items: ITEMS })).toHaveLength(1);
      const { set } = await given(rows, { partly: true });
      expect([set.labels, set.notes.at(-1)!.got]).toEqual([1, "1 row of answers whose system is not named"]);
    });
  });

  it("reads tab-separated files, in which quotes are characters", async () => {
    const tsv = 'Question\tModel answer\tone\ttwo\nWho?\tSteven "Steve" Kynman\tYes\t\nWho?\t"x\tNo\tYes\n';
    const items = new Map(
      ['Steven "Steve" Kynman', '"x'].map((answer, i) => [
        `${i}`,
        { id: `${i}`, query: "q", question: "who?", answer },
      ]),
    );
    const set = await read(
      { "human.tsv": tsv },
      {
        items,
        columns: { question: "Question", answer: "Model answer" },
        raterColumns: ["one", "two"],
        scores: new Map([["Yes", 3], ["No", 0]]), // biome-ignore format: a row
      },
    );
    expect([...set.criteria.get("correct")!.people]).toEqual([
      ["one", [3, 0]],
      ["two", [undefined, 3]],
    ]);
    expect(await problemsOf({ "l.tsv": "item\trater\tscore\nq\tanna\n" })).toEqual(["l.tsv:2 E_LABEL_ROW: 2"]);
  });
});
