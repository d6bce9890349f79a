import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openDataset } from "../dataset.ts";
import { DataError, formatProblems } from "../testing/problems.ts";
import { type Content, collect, tempDataset } from "../testing/temp-dataset.ts";
import type { HfSplit } from "./from-hf.ts";
import { importDataset } from "./import-dataset.ts";

const FILES: Readonly<Record<string, Content>> = {
  "wiki.tsv":
    'title\ttext\nTea\tA drink, "hot".\nIce\tCold water.\n"""Weird Al"""\tA "singer".\nTea\tGrows in Assam.\n',
  questions: "what is tea?\r\nwho sings?\r\n",
  titles: 'Tea\tAssam\r\n"Weird Al"\r\n\r\n',
  qa: `what is tea?\t['a drink', "a 'hot' drink"]\nwho sings?\t("Al",)\n`,
  ans: "a drink\nAl\n",
};

interface Given extends Partial<Omit<HfSplit, "split">> {
  readonly mode?: "qa" | "ans";
  readonly gold?: string;
  readonly knowledge?: string;
  readonly escaped?: boolean;
}

async function imported(files: Readonly<Record<string, Content>>, given: Given = {}) {
  const dir = await tempDataset({ ...FILES, ...files });
  const { path = "questions", titles = "titles", gold = "qa", mode = "qa", knowledge = "wiki.tsv" } = given;
  const result = await importDataset({
    from: "hf",
    source: {
      knowledge: join(dir, knowledge),
      escaped: given.escaped,
      questions: [
        { split: "test", path: join(dir, path), titles: join(dir, titles), answers: { path: join(dir, gold), mode } },
      ],
    },
    into: join(dir, "out"),
  }).catch((error: unknown) => {
    if (error instanceof DataError) throw new Error(formatProblems(error.problems, dir).join("\n"));
    throw error;
  });
  return { ...result, dataset: await openDataset(result.dir) };
}

describe("importing Hugging Face's RAG files", () => {
  it("makes rows passages, titles documents, gold titles judgements of documents", async () => {
    const { dataset, counts, notes } = await imported({});
    expect(counts).toEqual({ passages: 4, queries: 2, judgements: 3, documents: 0 });
    expect((await collect(dataset.passages())).map((p) => [p.title, p.document, p.text])).toEqual([
      ["Tea", "Tea", 'A drink, "hot".'],
      ["Ice", "Ice", "Cold water."],
      ['"Weird Al"', '"Weird Al"', 'A "singer".'],
      ["Tea", "Tea", "Grows in Assam."],
    ]);
    const [tea, al] = await collect(dataset.queries("test"));
    expect([tea?.answers, al?.answers]).toEqual([["a drink", "a 'hot' drink"], ["Al"]]);
    expect(await dataset.judgements("test", "document")).toEqual(
      new Map([
        [
          tea?.id,
          new Map([
            ["Tea", 1],
            ["Assam", 1],
          ]),
        ],
        [al?.id, new Map([['"Weird Al"', 1]])],
      ]),
    );
    expect((await dataset.judgements("test", "passage")).size).toBe(0);
    expect(notes).toEqual([
      expect.stringMatching(/titles: 1 gold titles that the knowledge file does not have$/),
      expect.stringContaining("P(gold=document)@1"),
    ]);
  });

  it("reads gold mode ans as qa with lists of one, and compressed files as plain ones", async () => {
    const one = { qa: "what is tea?\t['a drink']\nwho sings?\t['Al']\n" };
    const plain = await imported(one);
    const single = await imported({}, { gold: "ans", mode: "ans" });
    expect(await single.dataset.fingerprint()).toEqual(await plain.dataset.fingerprint());
    const packed = Object.fromEntries(
      Object.entries({ ...FILES, ...one }).map(([name, content]) => [`${name}.gz`, gzipSync(content as string)]),
    );
    const names = { path: "questions.gz", titles: "titles.gz", gold: "qa.gz", knowledge: "wiki.tsv.gz" };
    expect(await (await imported(packed, names)).dataset.fingerprint()).toEqual(await plain.dataset.fingerprint());
  });

  it.each([
    ["CRLF", (text: string) => text.replace(/\r?\n/g, "\r\n")],
    ["no last line feed", (text: string) => text.trimEnd()],
    ["blank lines at the end", (text: string) => `${text}\n \n\r\n`],
  ])("counts the same lines with %s", async (_name, change) => {
    const changed = Object.fromEntries(Object.entries(FILES).map(([name, text]) => [name, change(text as string)]));
    expect(await (await imported(changed)).dataset.fingerprint()).toEqual(
      await (await imported({})).dataset.fingerprint(),
    );
  });

  it("lets a question have no gold title, the last one too", async () => {
    const { counts } = await imported({ titles: "\n\n" });
    expect(counts).toMatchObject({ queries: 2, judgements: 0 });
  });

  it("reads a knowledge file without header, and DPR's with ids in another order", async () => {
    const bare = await imported({ "wiki.tsv": "Tea\tA drink.\n" });
    expect((await collect(bare.dataset.passages()))[0]).toMatchObject({ title: "Tea", text: "A drink." });
    const dpr = await imported({ "wiki.tsv": 'id\ttext\ttitle\n1\t"A ""drink""."\tTea\n' });
    expect(await collect(dpr.dataset.passages())).toEqual([
      { id: "1", title: "Tea", document: "Tea", text: 'A "drink".' },
    ]);
  });

  it.each<[string, Readonly<Record<string, Content>>, Given, string]>([
    [
      "fewer titles than questions",
      { titles: "Tea\n" },
      {},
      "titles:1 E_IMPORT_ROW expected as many lines as questions has, got 1 lines",
    ],
    [
      "fewer questions than answers",
      { questions: "what is tea?\n", titles: "Tea\n" },
      {},
      "questions:1 E_IMPORT_ROW expected as many lines as qa has, got 1 lines",
    ],
    [
      "an empty question",
      { questions: "\nwho sings?\n", qa: "\t['x']\nwho sings?\t['Al']" },
      {},
      "questions:1 E_IMPORT_ROW expected text, got an empty line",
    ],
    [
      "another input",
      { qa: "what is tee?\t['x']\nwho sings?\t['Al']\n" },
      {},
      'qa:1 E_IMPORT_ALIGN expected the input "what is tea?", got "what is tee?"',
    ],
    [
      "no list",
      { qa: "what is tea? a drink\nwho sings?\t['Al']\n" },
      {},
      'qa:1 E_IMPORT_ROW expected input, a tab, a Python list, got "what is tea? a drink"',
    ],
    [
      "a broken literal",
      { qa: "what is tea?\t['a drink\nwho sings?\t[1, None]\n" },
      {},
      "qa:1 character 15 E_IMPORT_LITERAL expected closing ', got none\nqa:2 E_IMPORT_LITERAL expected answers as text, got None",
    ],
    [
      "a bomb of nesting",
      { qa: `what is tea?\t${"[".repeat(100_000)}\nwho sings?\t['Al']\n` },
      {},
      'qa:1 character 78 E_IMPORT_LITERAL expected lists at most 64 deep, got "[[[[[[[[[[[["',
    ],
    ["NUL", { ans: "a\0\nAl\n" }, { gold: "ans", mode: "ans" }, "ans:1 E_DATASET_LINE expected text, got a NUL byte"],
    [
      "a knowledge file with commas",
      { "wiki.tsv": "title,text\nTea,A drink\n" },
      {},
      'wiki.tsv:1 E_IMPORT_ROW expected 2 cells with a tab between: title, text, got 1: "title,text"\nwiki.tsv:2 E_IMPORT_ROW expected 2 cells with a tab between: title, text, got 1: "Tea,A drink"',
    ],
    [
      "an empty knowledge file",
      { "wiki.tsv": "" },
      {},
      "wiki.tsv E_IMPORT_FORMAT expected passages, got an empty file",
    ],
    [
      "a damaged .gz",
      { "qa.gz": gzipSync("what is tea?\t['x']\n").subarray(0, 20) },
      { gold: "qa.gz" },
      "qa.gz E_IMPORT_GZIP expected a whole gzip file, got unexpected end of file",
    ],
  ])("refuses %s, naming file and line", async (_name, files, given, message) => {
    await expect(imported(files, given)).rejects.toThrow(new Error(message));
  });

  it("refuses a literal line of 50 MB without holding it", async () => {
    const qa = Buffer.concat([
      Buffer.from("what is tea?\t['"),
      Buffer.alloc(50_000_000, "x"),
      Buffer.from("']\nwho sings?\t['Al']\n"),
    ]);
    await expect(imported({ qa })).rejects.toThrow(/^qa:1 E_DATASET_LINE expected a line of at most 16777216 bytes/);
  });

  it("reads escapes as characters only when asked to", async () => {
    const files = { ans: "two\\nlines\nC:\\\\new\n" };
    const as = async (escaped: boolean) => {
      const { dataset } = await imported(files, { gold: "ans", mode: "ans", escaped });
      return (await collect(dataset.queries("test"))).map((q) => q.answers?.[0]);
    };
    expect(await as(true)).toEqual(["two\nlines", "C:\\new"]);
    expect(await as(false)).toEqual(["two\\nlines", "C:\\\\new"]);
  });

  it("reads every answer that Python's repr writes", async () => {
    const answer = fc.string({ unit: "grapheme", minLength: 1 }).map((text) => `x${text}x`);
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(answer, { minLength: 1, maxLength: 4 }), async (answers) => {
        const list = answers.map(
          (a) =>
            `'${a
              .replace(/['\\]/g, "\\$&")
              .replace(/\n/g, "\\n")
              .replace(/[\0\r\t]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`)}'`,
        );
        const { dataset } = await imported({ qa: `what is tea?\t[${list.join(", ")}]\nwho sings?\t[]\n` });
        expect((await collect(dataset.queries("test")))[0]?.answers).toEqual(answers);
      }),
      { numRuns: 15 },
    );
  });
});
