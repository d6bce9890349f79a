import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parquetReadObjects } from "hyparquet";
import { describe, expect, it } from "vitest";
import { unescapeLine } from "../lib/line-text.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { type ExportRunOptions, exportRun, RUN_EXPORTS } from "./export-run.ts";
import { allLines, answer, manifest, questions, writeRun } from "./testing/made-log.ts";

const NASTY = "=1+1\tline one\r\nC:\\new \"quoted\", 'x'";

const COST = { usd: 0.25, basis: "tokens" } as const;
const CACHED = { run: "before", at: "2026-01-01T00:00:00Z" } as const;

/** The made run with its answers under rag@2 replaced by a nasty text, and one refusal. */
const lines = allLines().map((line) => {
  if (line.kind !== "answer" || line.condition !== "rag@2" || line.trial !== 0) return line;
  const refused = line.query !== "../../x";
  return {
    ...answer(line.query, "rag@2", 0),
    text: refused ? "" : NASTY,
    refused,
    refusedBy: refused ? "empty" : "none",
    ...(refused ? {} : { raw: `so <ANSWER>:${NASTY}`, confidence: -0.5, cost: COST, cachedFrom: CACHED }),
  };
});

async function exported(options: Omit<ExportRunOptions, "dir" | "out"> & { out?: string }, made = manifest()) {
  const folder = await tempFolder();
  const dir = join(folder, "run");
  await writeRun(
    dir,
    made.conditions.length > 0
      ? lines
      : lines.filter((l) => l.kind === "retrieval" || !("condition" in l && l.condition)),
    made,
  );
  const out = join(folder, options.out ?? "out");
  const result = await exportRun({ ...options, dir, out });
  const texts = await Promise.all(result.files.map((file) => readFile(file)));
  const files = result.files.map((file) => file.replace(`${folder}/`, ""));
  return { ...result, files, texts: texts.map(String), bytes: texts[0]!, folder: folder };
}

const retrievalOnly = manifest({ conditions: [], trials: 1, metrics: ["R@2"] });

describe("exportRun", () => {
  it("writes Hugging Face's predictions: a line for every question, in order, whatever is in the answer", async () => {
    const { files, texts, notes } = await exported({ as: "hf", condition: "rag@2" });
    expect(files).toEqual(["out/retrieval_preds.tsv", "out/e2e_preds.txt"]);
    expect(texts[0]).toBe("p1\tp2\n\np1\tp2\n");
    const answers = texts[1]!.split("\n");
    expect(answers).toHaveLength(questions.length + 1);
    expect(answers.map(unescapeLine)).toEqual([NASTY, "", "", ""]);
    expect(answers[0]).toBe("=1+1\\tline one\\r\\nC:\\\\new \"quoted\", 'x'");
    expect(notes).toEqual([
      "1 failed questions have an empty line",
      "1 texts hold line breaks or tabs: written as \\n, \\r, \\t",
    ]);
  });

  it("cuts rankings to k, and shows a passage that the run does not keep by its id", async () => {
    const { texts, notes } = await exported({ as: "hf", condition: "rag@2", trial: 1, k: 3 });
    expect(texts[0]).toBe("p1\tp2\tp3\n\np1\tp2\tp3\n");
    expect(notes).toContain("2 passages stand by their ids: the run does not keep them");
  });

  it("writes of a run without answers the titles alone", async () => {
    const { files, texts } = await exported({ as: "hf" }, retrievalOnly);
    expect(files).toEqual(["out/retrieval_preds.tsv"]);
    expect(texts[0]!.split("\n")[0]).toBe("p1\tp2\tp3\tconstructor");
  });

  it("asks for the condition where there are several, and says which there are", async () => {
    for (const as of ["hf", "localrqa"] as const) {
      await expect(exported({ as })).rejects.toMatchObject({
        code: "E_EXPORT_CONDITION",
        problems: [{ expected: "one of the run's conditions: rag@2, closed-book", got: "none named" }],
      });
      await expect(exported({ as, condition: "rag@9" })).rejects.toMatchObject({ problems: [{ got: '"rag@9"' }] });
      await expect(exported({ as, condition: "rag@2", trial: 2 })).rejects.toMatchObject({ problems: [{ got: "2" }] });
    }
  });

  it("writes LocalRQA's predictions with ids, scores, grades, outcomes and failures beside", async () => {
    const { files, texts } = await exported({ as: "localrqa", condition: "rag@2" });
    expect(files).toEqual(["out/test-predictions.jsonl"]);
    const rows = texts[0]!
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(rows.map((row) => row.id)).toEqual(questions.map((q) => q.id));
    expect(rows[0]).toMatchObject({
      question: "Größe? 🙂",
      gold_answer: "α",
      generated_answer: NASTY,
      refused: false,
      gold_docs: [
        { page_content: "text of p1\n", metadata: { id: "p1", grade: 2 } },
        { page_content: "text of p7\n", metadata: { id: "p7", grade: 1 } },
      ],
      retrieved_docs: [
        {
          page_content: "text of p1\n",
          fmt_content: "Source: p1\nTitle: \nContent:\ntext of p1\n",
          metadata: { source: "p1", title: "", id: "p1", score: 3.5 },
        },
        { metadata: { id: "p2", score: 2.25 } },
      ],
      outcomes: { "R@2": { state: "scored", value: 0.5 }, EM: { state: "scored" } },
    });
    expect(rows[1]).toMatchObject({
      generated_answer: "",
      retrieved_docs: [],
      failure: { code: "E_ENDPOINT_TIMEOUT" },
    });
    const alone = await exported({ as: "localrqa", k: 1 }, retrievalOnly);
    const row = JSON.parse(alone.texts[0]!.split("\n")[0]!);
    expect(Object.keys(row)).toEqual(["id", "question", "gold_docs", "retrieved_docs", "outcomes", "retrieval_timing"]);
    expect(row.retrieved_docs).toHaveLength(1);
  });

  it("writes a row per question, condition and trial, with value and state of each metric", async () => {
    const { files, texts } = await exported({ as: "jsonl" });
    expect(files).toEqual(["out/results.jsonl"]);
    const rows = texts[0]!
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(rows.map((r) => [r.query, r.condition, r.trial, r.state])).toEqual(
      questions.flatMap(({ id }) => {
        const failed = id === "__proto__";
        return [
          [id, "retrieval", 0, failed ? "failed" : "retrieved"],
          [id, "rag@2", 0, failed ? "failed" : id === "../../x" ? "answered" : "refused"],
          [id, "rag@2", 1, failed ? "failed" : "answered"],
          [id, "closed-book", 0, "answered"],
          [id, "closed-book", 1, "answered"],
        ];
      }),
    );
    expect(rows[0]).toMatchObject({
      passages: ["p1", "p2", "p3", "constructor"],
      scores: [3.5, 2.25, 1, 0.5],
      "R@2": 0.5,
      "R@2 state": "scored",
    });
    expect(rows[0]).not.toHaveProperty("EM");
    expect(rows[1]).toMatchObject({
      answer: NASTY,
      EM: 0,
      "EM state": "scored",
      "RefusalRecall state": "not-applicable",
      confidence: -0.5,
      usd: 0.25,
      cost_basis: "tokens",
      cached_from: "before",
      raw: `so <ANSWER>:${NASTY}`,
    });
    expect(rows[5]).toMatchObject({ failure: "E_ENDPOINT_TIMEOUT", "R@2 state": "no-gold" });
    expect(rows[6]).toMatchObject({ EM: 0, "EM state": "failed" });
  });

  it("holds the same in CSV and Parquet; CSV runs no formula", async () => {
    const jsonl = await exported({ as: "jsonl" });
    const rows = jsonl.texts[0]!.trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const parquet = await exported({ as: "parquet", out: "all.parquet" });
    expect(parquet.files).toEqual(["all.parquet"]);
    const file = Uint8Array.from(parquet.bytes).buffer;
    const read = (await parquetReadObjects({ file })).map((row) =>
      Object.fromEntries(
        Object.entries(row)
          .filter(([, v]) => v !== undefined && v !== null)
          .map(([k, v]) => [k, typeof v === "bigint" ? Number(v) : v]),
      ),
    );
    expect(read).toEqual(rows);
    const csv = await exported({ as: "csv" });
    expect(csv.texts[0]).toContain(`,"'=1+1\tline one\r\nC:\\new ""quoted"", 'x'",`);
    expect(csv.texts[0]).not.toMatch(/(^|[,\r\n"])[=@]/);
    expect((await exported({ as: "csv", formulas: "keep" })).texts[0]).toContain(',"=1+1\tline');
  });

  it("writes the TREC run to a file or under its own name in a folder", async () => {
    const { files, texts } = await exported({ as: "trec", out: "mine.trec" });
    expect(files).toEqual(["mine.trec"]);
    expect(texts[0]).toMatch(/^\.\.\/\.\.\/x Q0 p1 1 3\.5 tiny-made-1\n/);
    expect((await exported({ as: "trec" }, retrievalOnly)).files).toEqual(["out/run.trec"]);
  });

  it("refuses what stands in the place unless forced, an interrupted run, and a place that cannot be written", async () => {
    const folder = await tempFolder();
    const dir = join(folder, "run");
    const out = join(folder, "out");
    await writeRun(dir, lines.slice(0, 4));
    for (const as of RUN_EXPORTS.filter((form) => form !== "trec")) {
      await expect(exportRun({ dir, as, out, condition: "rag@2" })).rejects.toMatchObject({
        code: "E_RUN_INTERRUPTED",
      });
    }
    expect(await readdir(folder)).toEqual(["run"]);
    const whole = join(folder, "whole");
    await writeRun(whole, lines);
    await mkdir(out);
    await writeFile(join(out, "e2e_preds.txt"), "old");
    await expect(exportRun({ dir: whole, as: "hf", out, condition: "rag@2" })).rejects.toMatchObject({
      code: "E_EXPORT_EXISTS",
    });
    await writeFile(join(folder, "r.csv"), "old");
    await expect(exportRun({ dir: whole, as: "csv", out: join(folder, "r.csv") })).rejects.toMatchObject({
      code: "E_EXPORT_EXISTS",
    });
    await exportRun({ dir: whole, as: "hf", out, condition: "rag@2", force: true });
    expect(await readFile(join(out, "e2e_preds.txt"), "utf8")).not.toBe("old");
    await expect(exportRun({ dir: whole, as: "csv", out: "/dev/null/x.csv" })).rejects.toMatchObject({
      code: "E_EXPORT_WRITE",
    });
  });

  it("writes nothing of a damaged run", async () => {
    const folder = await tempFolder();
    const dir = join(folder, "run");
    await writeRun(dir, lines);
    const log = await readFile(join(dir, "run.jsonl"), "utf8");
    const damaged = log
      .split("\n")
      .map((line, i) => (i === 9 ? line.replace('"kind"', '"kin"') : line))
      .join("\n");
    await writeFile(join(dir, "run.jsonl"), damaged);
    for (const as of RUN_EXPORTS) {
      const out = join(folder, "out", as);
      await expect(exportRun({ dir, as, out, condition: "rag@2" })).rejects.toMatchObject({ code: "E_RUN_LINE" });
    }
    const left = await readdir(join(folder, "out"), { recursive: true, withFileTypes: true });
    expect(left.filter((entry) => entry.isFile() || entry.name.startsWith("."))).toEqual([]);
  });
});
