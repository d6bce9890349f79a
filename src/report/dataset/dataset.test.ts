import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { openRun, type QuestionRecord, type Run } from "../../runlog/index.ts";
import { loadTemplates } from "../pages/templates.ts";
import { type MadeRun, makeRun } from "../testing/made-run.ts";
import { datasetFacts } from "./dataset-facts.ts";
import { datasetHref, datasetPages, datasetPath } from "./dataset-pages.ts";
import { datasetView } from "./dataset-view.ts";

const made = async (more: Partial<MadeRun> = {}): Promise<Run> =>
  openRun(await makeRun(await tempFolder(), { run: "r", system: "s", skill: 0.6, questions: 16, ...more }));

/** The run with a card, as logs have it. */
const withCard = (run: Run, card: Partial<NonNullable<Run["manifest"]["dataset"]["card"]>>): Run => ({
  ...run,
  manifest: { ...run.manifest, dataset: { ...run.manifest.dataset, card: { splits: ["test"], queries: 99, ...card } } },
});

describe("datasetFacts", () => {
  it("counts what the questions of a run say", async () => {
    const facts = await datasetFacts(await made());
    expect(facts).toMatchObject({
      ...{ questions: 16, answerable: 14, unanswerable: 2, unsaid: 0, withAnswers: 14, withHistory: 3 },
      ...{ fromDocuments: 16, documents: 7, repeated: 0 },
    });
    expect([...facts.tags]).toEqual([
      ["lookup", 8],
      ["numeric", 8],
    ]);
    expect([...facts.gold]).toEqual([
      [0, 2],
      [2, 14],
    ]);
    expect([...facts.grades]).toEqual([
      [1, 14],
      [2, 14],
    ]);
    expect(facts.questionLengths).toEqual(Array(16).fill(15));
    expect(facts.answerLengths).toEqual(Array(14).fill(2));
    expect(facts.passageLengths.length).toBeGreaterThan(0);
  });

  it("counts a grade below 1 as no gold, a tag twice once, and a question that says nothing as such", async () => {
    const plain = ({ id, text }: QuestionRecord): QuestionRecord => ({
      id,
      text,
      judgements: [["p1", 0]],
      tags: ["a", "a"],
    });
    const facts = await datasetFacts(await made({ question: plain, metrics: ["EM"] }));
    expect(facts).toMatchObject({ unsaid: 16, withAnswers: 0, withHistory: 0, documents: 0 });
    expect([...facts.gold]).toEqual([[0, 16]]);
    expect([...facts.tags]).toEqual([["a", 16]]);
  });

  it("finds questions of one text, whatever its case and spaces, but not those of other turns before", async () => {
    const facts = await datasetFacts(
      await made({
        question: (record, at) => ({
          ...record,
          history: [{ role: "user", content: at === 3 ? "before" : "" }],
          text: at < 4 ? `What  is${" ".repeat(at + 1)}IT?`.toUpperCase() : record.text,
        }),
      }),
    );
    expect(facts.repeated).toBe(3);
  });
});

describe("the card of a dataset", () => {
  it("says what the log's card says, and a dash where it says nothing", async () => {
    const run = await made();
    const facts = await datasetFacts(run);
    const about = (card: Parameters<typeof withCard>[1]) =>
      Object.fromEntries(datasetView([withCard(run, card)], facts).about.map(({ label, value }) => [label, value]));
    expect(
      about({
        license: "MIT",
        version: "3",
        language: "en",
        referencesBy: ["m1", "m2"],
        provenance: { format: "beir" },
      }),
    ).toMatchObject({
      ...{ Licence: "MIT", Version: "3", Language: "en", "References by": "m1, m2", Source: '{"format":"beir"}' },
      Splits: "test; 99 questions in all",
    });
    expect(about({})).toMatchObject({ Licence: "—", Source: "—", "References by": "people, or not said" });
    expect(datasetView([run], facts).about.find(({ label }) => label === "Splits")).toMatchObject({
      value: "—",
      unknown: "not in the run logs",
    });
  });

  it("draws lengths in bins that hold every question, and none where all are equal", async () => {
    const run = await made({
      questions: 40,
      question: (record, at) => ({ ...record, text: "word ".repeat(1 + at * at) }),
    });
    const facts = await datasetFacts(run);
    const { plots, lengths } = datasetView([run], facts);
    // Reference answers have two words each: there is nothing to draw.
    expect(plots.map(({ title }) => title)).not.toContain("Reference answers");
    const [questions] = plots;
    expect(questions!.rows[0]!.counts.reduce((sum, n) => sum + n, 0)).toBe(40);
    expect(questions!.bins.at(-1)).toMatch(/^≥ \d+$/);
    expect(questions!.bins).toHaveLength(questions!.rows[0]!.counts.length);
    expect(questions!.says).toMatch(/^Questions by words: \d+ of 1–/);
    expect(lengths[0]!.cells.map(({ text }) => text)).toEqual(["514.5", "1", "382", expect.any(String), "1\u202f522"]);
  });

  it("is one for every version of a split that finished runs asked, of the run that asked most", async () => {
    const few = await made({ run: "few", questions: 8 });
    const many = await made({ run: "many", questions: 16 });
    const stopped = await made({ run: "stopped", interrupted: true });
    const other = await made({ run: "other", suite: "../x" });
    const pages = datasetPages([few, stopped, many, other]);
    expect(
      pages.map(({ path, runs }) => [
        path.replace(/[0-9a-f]{8}\.html$/, "…"),
        runs.map(({ manifest }) => manifest.run),
      ]),
    ).toEqual([
      ["datasets/handbook/test-…", ["many", "few"]],
      ["datasets/..%2Fx/test-…", ["other"]],
    ]);
    expect((await pages[0]!.view()).facts[0]).toMatchObject({ value: "16" });
    expect(datasetHref(other.manifest.dataset)).toContain("..%252Fx");
    expect(datasetPath(many.manifest.dataset)).toBe(pages[0]!.path);
  });

  it("makes hostile text harmless", async () => {
    const hostile = "</dd><script>alert(1)</script>\u202e";
    const run = withCard(await made({ question: (record) => ({ ...record, tags: [hostile] }) }), {
      title: hostile,
      description: hostile,
      provenance: hostile,
    });
    const render = await loadTemplates(fileURLToPath(new URL("../../../reports/templates", import.meta.url)));
    const html = render("dataset", {
      ...datasetView([run], await datasetFacts(run)),
      root: "../../",
      generatedAt: "then",
    });
    expect(html).not.toMatch(/<script>alert|\u202e/);
    expect(html).toContain("&lt;script&gt;");
  });
});
