import { join } from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { openDataset } from "../dataset.ts";
import { DataError, formatProblems } from "../testing/problems.ts";
import { type Content, collect, tempDataset } from "../testing/temp-dataset.ts";
import { importDataset } from "./import-dataset.ts";
import type { ColumnRole, TableForm } from "./table-forms.ts";

async function imported(
  form: TableForm,
  name: string,
  content: Content,
  more: { columns?: ReadonlyMap<ColumnRole, string>; corpus?: Content } = {},
) {
  const dir = await tempDataset({ [name]: content, ...(more.corpus && { "corpus.jsonl": more.corpus }) });
  const result = await importDataset({
    from: "table",
    source: {
      form,
      tables: [{ split: "test", path: join(dir, name) }],
      columns: more.columns,
      ...(more.corpus && { corpus: join(dir, "corpus.jsonl") }),
    },
    into: join(dir, "out"),
  }).catch((error: unknown) => {
    if (error instanceof DataError) throw new Error(formatProblems(error.problems, dir).join("\n"));
    throw error;
  });
  const dataset = await openDataset(result.dir);
  const queries = await collect(dataset.queries("test"));
  const gold = async (level: "passage" | "document") =>
    queries.map(async ({ id }) => [...((await dataset.judgements("test", level)).get(id)?.keys() ?? [])]);
  return {
    ...result,
    dataset,
    queries,
    passages: await collect(dataset.passages()),
    notes: result.notes.map((note) => note.replaceAll(`${dir}/`, "")),
    documents: await Promise.all(await gold("document")),
    relevant: await Promise.all(await gold("passage")),
  };
}

const MLFLOW = `question,source,outputs
What is MLflow?,"['https://x/index.html', 'https://x/what.html', 'https://x/index.html']",['https://x/a']
How to serve?,https://x/serve.html,
`;

describe("importing MLflow's retriever tables", () => {
  it("makes the list of sources judgements of documents, each once, and keeps the rest", async () => {
    const { documents, relevant, queries, passages, notes } = await imported("mlflow", "r.csv", MLFLOW);
    expect(documents).toEqual([["https://x/index.html", "https://x/what.html"], ["https://x/serve.html"]]);
    expect([relevant, passages]).toEqual([[[], []], []]);
    expect(queries.map((q) => [q.text, q.document, q.metadata])).toEqual([
      ["What is MLflow?", "https://x/index.html", { outputs: "['https://x/a']" }],
      ["How to serve?", "https://x/serve.html", undefined],
    ]);
    expect(notes).toEqual([
      "r.csv: question are read from the column question",
      "r.csv: sources are read from the column source",
      "no passages: only answers without retrieval can be measured",
    ]);
  });

  it("reads the same from JSON lines, Parquet and other column names, with a corpus whose documents they are", async () => {
    const rows = [
      { question: "What is MLflow?", source: ["https://x/index.html", "https://x/what.html"] },
      { question: "How to serve?", source: ["https://x/serve.html"] },
    ];
    const corpus = [{ _id: "c1", text: "MLflow is", document: "https://x/index.html" }];
    const lines = await imported("mlflow", "r.jsonl", rows, { corpus });
    const parquet = parquetWriteBuffer({
      columnData: [
        { name: "prompt", data: rows.map((row) => row.question), type: "STRING" },
        { name: "gold", data: rows.map((row) => row.source), type: "JSON" },
      ],
    });
    const columns = new Map<ColumnRole, string>([
      ["question", "prompt"],
      ["sources", "gold"],
    ]);
    const table = await imported("mlflow", "r.parquet", new Uint8Array(parquet), { corpus, columns });
    expect(await table.dataset.fingerprint()).toEqual(await lines.dataset.fingerprint());
    expect(lines.passages).toHaveLength(1);
  });

  it("reads expected contexts with their doc_uri", async () => {
    const row = {
      request: { query: "q?" },
      expected_retrieved_context: [{ doc_uri: "d1", content: "text" }, { doc_uri: "d2" }],
    };
    expect((await imported("mlflow", "r.jsonl", [row])).documents).toEqual([["d1", "d2"]]);
  });

  it("refuses a named column that the table does not have", async () => {
    const columns = new Map<ColumnRole, string>([["sources", "sauce"]]);
    await expect(imported("mlflow", "r.csv", MLFLOW, { columns })).rejects.toThrow(
      new Error('r.csv E_IMPORT_COLUMN expected a column for sources, got no row with a column "sauce"'),
    );
  });

  it.each<[string, string, string]>([
    [
      "no question",
      "question,source\n,a\n",
      "r.csv:2 E_IMPORT_ROW expected a question, got none in a row that fills source",
    ],
    [
      "no such column",
      "ask,source\nq,a\n",
      "r.csv:2 E_IMPORT_ROW expected a question, got none in a row that fills ask, source",
    ],
    [
      "numpy's array",
      "question,source\nq,\"['a' 'b']\"\n",
      "r.csv:2 /source character 6 E_IMPORT_LITERAL expected a comma between two strings, got two strings side by side",
    ],
    [
      "a list in the list",
      "question,source\nq,\"[['a']]\"\n",
      'r.csv:2 /source E_IMPORT_ROW expected a source\'s name, got ["a"]',
    ],
  ])("refuses %s with its place", async (_name, csv, message) => {
    await expect(imported("mlflow", "r.csv", csv)).rejects.toThrow(new Error(message));
  });
});

describe("importing RAGAS test sets", () => {
  it.each([
    [
      "of now",
      {
        user_input: "q?",
        reference: "yes",
        reference_contexts: ["p1", "p2"],
        retrieved_contexts: ["p2", "p3"],
        response: "maybe",
      },
    ],
    [
      "of then",
      {
        question: "q?",
        ground_truths: ["yes"],
        reference_contexts: ["p1", "p2"],
        contexts: ["p2", "p3"],
        response: "maybe",
      },
    ],
  ])("judges reference contexts and keeps what was retrieved and answered: columns %s", async (_name, row) => {
    const { queries, passages, relevant } = await imported("ragas", "r.jsonl", [row]);
    expect(passages.map((p) => p.text)).toEqual(["p1", "p2", "p3"]);
    expect(relevant).toEqual([passages.slice(0, 2).map((p) => p.id)]);
    expect(queries[0]).toMatchObject({
      text: "q?",
      answers: ["yes"],
      metadata: { retrieved: passages.slice(1).map((p) => p.id), response: "maybe" },
    });
  });

  it("reads lists that pandas wrote to CSV, with apostrophes and line breaks inside", async () => {
    const csv = `,user_input,reference_contexts,reference\n0,q?,"['it''s', ""isn't"", 'two\\nlines']",42\n`.replace(
      "it''s",
      "it\\'s",
    );
    const { passages, queries } = await imported("ragas", "r.csv", csv);
    expect(passages.map((p) => p.text)).toEqual(["it's", "isn't", "two\nlines"]);
    expect(queries[0]?.answers).toEqual(["42"]);
  });
});

describe("importing promptfoo's tests", () => {
  it("reads CSV: variables are columns, expected answers are answers, other assertions are kept", async () => {
    const csv = `question,context,__expected1,__expected2,__description
When?,"It was, they say, 1999.",equals: 1999,contains: 19,first
Who?,,factuality: Ada Lovelace,similar(0.8): Ada,
Why?,,Because: it is so,llm-rubric: is polite,
`;
    const { queries, relevant, passages } = await imported("promptfoo", "t.csv", csv);
    expect(queries.map((q) => [q.text, q.answers, q.metadata])).toEqual([
      ["When?", ["1999"], { __description: "first", assertions: ["contains: 19"] }],
      ["Who?", ["Ada Lovelace", "Ada"], undefined],
      ["Why?", ["Because: it is so"], { assertions: ["llm-rubric: is polite"] }],
    ]);
    expect(relevant[0]).toEqual([passages[0]?.id]);
  });

  it("reads JSON lines of vars and assert", async () => {
    const row = {
      vars: { query: "When?", context: ["a", "b"] },
      assert: [
        { type: "equals", value: "1999" },
        { type: "latency", threshold: 5 },
      ],
    };
    const { queries, relevant } = await imported("promptfoo", "t.jsonl", [row]);
    expect(queries[0]).toMatchObject({
      text: "When?",
      answers: ["1999"],
      metadata: { assertions: [{ type: "latency", threshold: 5 }] },
    });
    expect(relevant[0]).toHaveLength(2);
  });
});
