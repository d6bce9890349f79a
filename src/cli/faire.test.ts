import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { hasShared, shared } from "../lib/testing/shared.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import type { Summary } from "../report/index.ts";
import { runCli } from "./testing/run-cli.ts";

// LocalRQA's Faire set, from import to table, against what bm25s 0.3.16 measured on it: `../shared/reference/bm25.json`.

const SUITE = `dataset: faire
split: test
conditions: [rag@3]
metrics: [R@1, R@4, R@10, nDCG@10, RR, ROUGE-L]
depth: 1757
`;
const TOKENIZERS = { plain: "none, none", stop: "lucene, none", stop_snowball: "lucene, snowball-english" };
const READER = "generator: { kind: reader }\n";

function system(tokenizer: keyof typeof TOKENIZERS, title: boolean): string {
  const [stopWords, stemmer] = TOKENIZERS[tokenizer].split(", ");
  return `retriever: { kind: bm25, k1: 0.9, b: 0.4, stop_words: ${stopWords}, stemmer: ${stemmer}, title: ${title} }\n${READER}`;
}

interface Reference {
  readonly values: { readonly faire_retrieval: Readonly<Record<string, Readonly<Record<string, number>>>> };
}

describe.skipIf(!hasShared)("bench on localrqa-faire", () => {
  let reference: Reference;
  beforeAll(async () => {
    reference = JSON.parse(await readFile(shared("reference/bm25.json"), "utf8")) as Reference;
  });

  it("imports 1,757 distinct passages and 75 test questions, and gives bm25s's retrieval figures at k = 3, 5, 7", async () => {
    const project = await tempFolder({
      "benchmarks/faire/suite.yaml": SUITE,
      "benchmarks/systems/plain.yaml": system("plain", false),
      "benchmarks/systems/stop.yaml": system("stop", false),
      "benchmarks/systems/stop_snowball.yaml": system("stop_snowball", false),
      "benchmarks/systems/titled.yaml": system("stop_snowball", true),
      "benchmarks/systems/bm25-reader.yaml": `retriever: { kind: bm25 }\n${READER}`,
    });
    const imported = await runCli(
      ["dataset", "import", "localrqa", shared("data/localrqa-faire"), "--into", "faire"],
      project,
    );
    expect(imported.stdout).toContain("1757 passages, 723 questions, 723 judgements");

    const systems = ["plain", "stop", "stop_snowball", "titled", "bm25-reader"];
    const ran = await runCli(
      ["run", "--system", systems.join(","), "--topk", "3,5,7", "--format", "json", "--quiet"],
      project,
    );
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    const [retrieval, answers] = (JSON.parse(ran.stdout) as Summary).suites[0]!.tables[0]!.parts;
    const means = (id: string): Record<string, number> => {
      const row = retrieval!.rows.find((r) => r.run.system.id === id)!;
      expect(row.questions).toBe(75);
      return Object.fromEntries(
        row.cells.map((cell) => [
          cell!.metric,
          cell!.estimate.state === "estimated" ? cell!.estimate.mean : Number.NaN,
        ]),
      );
    };
    for (const id of ["plain", "stop", "stop_snowball"]) {
      const expected = reference.values.faire_retrieval[`page_content / ${id} / test`]!;
      compare(means(id), expected);
    }
    compare(
      means("titled"),
      reference.values.faire_retrieval["title + newline + page_content / stop_snowball / test"]!,
    );
    // k1 1.2 and b .75, the defaults: `../shared/reference/retrieval.json`, to its three decimals.
    expect(means("bm25-reader")["R@1"]).toBeCloseTo(0.36, 3);
    expect(means("bm25-reader")["R@4"]).toBeCloseTo(0.76, 3);
    expect(means("bm25-reader")["nDCG@10"]).toBeCloseTo(0.611, 3);
    const conditions = answers!.rows.filter((r) => r.run.system.id === "bm25-reader").map((r) => r.condition);
    expect(conditions).toEqual(["rag@3", "rag@5", "rag@7"]);

    const verified = await runCli(["log", "verify"], project);
    expect(verified).toMatchObject({ exitCode: 0 });
    expect(verified.stdout.match(/whole and unchanged/g)).toHaveLength(5);
  });

  it("refuses LocalRQA's pickle with the reason and writes nothing", async () => {
    const project = await tempFolder({
      "benchmarks/.keep": "",
      "faire/documents.pkl": new Uint8Array([0x80, 0x04, 0x95]),
    });
    const { exitCode, stderr } = await runCli(
      ["dataset", "import", "localrqa", join(project, "faire"), "--into", "faire"],
      project,
    );
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/pickle|pkl/);
    await expect(readFile(join(project, "datasets/faire/corpus.jsonl"))).rejects.toThrow("ENOENT");
  });
});

/** bm25s breaks ties by passage order, we as trec_eval does: a question whose gold is tied may move by the ranks of its tie. */
function compare(ours: Readonly<Record<string, number>>, theirs: Readonly<Record<string, number>>): void {
  const tied = theirs["questions with a tie at the gold's score"]! / theirs.n!;
  expect(ours["R@1"]).toBeGreaterThanOrEqual(theirs["recall@1 if ties go against the gold"]! - 1e-9);
  expect(ours["R@1"]).toBeLessThanOrEqual(theirs["recall@1 if ties favour it"]! + 1e-9);
  for (const [metric, name] of [
    ["R@4", "recall@4"],
    ["R@10", "recall@10"],
    ["nDCG@10", "nDCG@10"],
    ["RR", "MRR"],
  ] as const) {
    expect(Math.abs(ours[metric]! - theirs[name]!), metric).toBeLessThanOrEqual(tied);
  }
}
