import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { completion, type FaultServer, faultServer, json } from "../../system/testing/fault-server.ts";
import { runCli } from "../testing/run-cli.ts";
import { endpointSystem, starterProject } from "../testing/starter-project.ts";

const QUESTIONS = 12;
const TOWNS = Array.from({ length: QUESTIONS }, (_, i) => `Town${String.fromCharCode(65 + i)}`);
/** 160 bytes, 40 tokens by the estimate. */
const filler = (i: number): string =>
  `Note ${String(i).padStart(3, "0")}: ${"a plain report on weather and harvest ".repeat(5)}`.slice(0, 160);

/** Twelve questions with a gold passage each, and a hundred notes that say nothing of them. */
const FILES: Readonly<Record<string, string>> = {
  "datasets/towns/corpus.jsonl": jsonl([
    ...TOWNS.map((town, i) => ({ _id: `g${i}`, text: `The code of ${town} is ${1000 + i}.`, document: `d${i}` })),
    ...TOWNS.map((town, i) => ({
      _id: `near${i}`,
      text: `The code of ${town} was kept in a drawer.`,
      document: `n${i}`,
    })),
    ...Array.from({ length: 100 }, (_, i) => ({ _id: `f${i}`, text: filler(i), document: `f${i}` })),
  ]),
  "datasets/towns/queries.jsonl": jsonl([
    ...TOWNS.map((town, i) => ({
      _id: `q${i}`,
      text: `What is the code of ${town}?`,
      answers: [`${1000 + i}`],
      split: "test",
    })),
    { _id: "no", text: "What is the code of Nowhere?", answerable: false, split: "test" },
    { _id: "bare", text: "What is the code of all?", answers: ["none"], split: "test" },
  ]),
  "datasets/towns/qrels/test.tsv": `query-id\tcorpus-id\tscore\n${TOWNS.map((_, i) => `q${i}\tg${i}\t1\n`).join("")}`,
  "benchmarks/towns/suite.yaml": "dataset: towns\nconditions: [rag@3]\nmetrics: [R@1, nDCG@10, EM, F1]\n",
  "benchmarks/systems/endpoint.yaml": endpointSystem(),
};

function jsonl(rows: readonly unknown[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}

interface Reader {
  /** Tokens of a prompt that the model reads; four bytes are one. */
  readonly window?: number;
  /** Whether a prompt that is longer is refused instead of cut. */
  readonly refuses?: boolean;
  /** Share of the passages, from their start, in which the model finds anything. */
  readonly attention?: number;
  /** Whether it says how many tokens it read. */
  readonly usage?: boolean;
}

/** A model that finds the code of a town where it reads, and declines elsewhere. */
async function model({ window = 1e9, refuses, attention = 1, usage = true }: Reader): Promise<FaultServer> {
  return faultServer((response, request) => {
    if (request.method === "GET") return json({ data: [{ id: "m" }] })(response, request);
    const prompt = (request.body.messages as { content: string }[]).map(({ content }) => content).join("\n");
    const tokens = Math.ceil(Buffer.byteLength(prompt) / 4);
    if (tokens > window && refuses) {
      const error = { message: `maximum context length is ${window} tokens`, code: "context_length_exceeded" };
      return json({ error }, 400)(response, request);
    }
    const town = /code of (\w+)\?\s*$/.exec(prompt)?.[1];
    const read = prompt.slice(0, window * 4);
    const passages = read.slice(prompt.indexOf("<passage"), prompt.lastIndexOf("</passage>"));
    const found = new RegExp(`code of ${town} is (\\d+)`).exec(passages);
    const start = found === null ? 0 : passages.lastIndexOf("<passage", found.index);
    const code = start <= attention * passages.length ? found?.[1] : undefined;
    const counted = { prompt_tokens: Math.min(tokens, window), completion_tokens: 3, total_tokens: 3 };
    return completion(code ?? "I do not know", { usage: usage ? counted : undefined })(response, request);
  });
}

interface Row {
  readonly label: string;
  readonly blocked?: string;
  readonly estimates: ({ mean: number; n: number } | undefined | null)[];
  readonly differences: ({ pHolm: number; difference: { mean: number; low: number; high: number } } | null)[];
  readonly facts: (number | null)[];
}

async function probe(project: string, argv: readonly string[], env: Record<string, string> = {}) {
  const said = await runCli(["probe", ...argv, "-b", "towns", "--format", "json", "--no-cache"], project, { env });
  if (said.exitCode !== 0) throw new Error(`${said.exitCode} ${said.stderr}`);
  const table = JSON.parse(said.stdout) as {
    rows: Row[];
    notes: string[];
    run: string;
    questions: number;
    contrasts: { a: string; b: string; pHolm: number; difference: { mean: number } }[];
  };
  const means = table.rows.map(({ label, blocked, estimates }) => [label, blocked ?? estimates[0]?.mean]);
  return { ...table, means, stderr: said.stderr };
}

describe("bench probe context", () => {
  it("shows a model that finds the gold in the first third alone, by paired evidence against the gold alone", async () => {
    await using server = await model({ attention: 1 / 3 });
    const project = await starterProject(FILES);
    const argv = ["context", "endpoint", "--tokens", "1000,2000", "--metric", "EM"];
    const { rows, means, contrasts, notes, questions } = await probe(project, argv, { URL: server.url });
    expect(questions).toBe(QUESTIONS);
    expect(means).toEqual([
      ["gold alone", 1],
      ["1\u202f000 first", 1],
      ["1\u202f000 middle", 0],
      ["1\u202f000 last", 0],
      ["2\u202f000 first", 1],
      ["2\u202f000 middle", 0],
      ["2\u202f000 last", 0],
    ]);
    expect(rows[1]!.differences[0]!.pHolm).toBe(1);
    const { pHolm, difference } = rows[3]!.differences[0]!;
    expect(pHolm).toBeLessThan(0.01);
    expect(difference.mean).toBe(-1);
    expect(difference.high).toBeLessThan(-0.5);
    expect(contrasts.find(({ a, b }) => a === "1\u202f000 first" && b === "1\u202f000 last")).toMatchObject({
      difference: { mean: 1 },
    });
    for (const { facts } of rows.slice(1, 4)) {
      expect(facts[0]).toBeGreaterThan(960);
      expect(facts[0]).toBeLessThanOrEqual(1000);
    }
    expect(notes.join(" ")).toContain("Left out, so that every cell has the same questions: 2 without a gold passage.");
  });

  it("gives a cell whose prompts the server cuts no score, and says how many were cut", async () => {
    await using server = await model({ window: 1800 });
    const project = await starterProject(FILES);
    const argv = ["context", "endpoint", "--tokens", "1000,3000", "--place", "first,last", "--metric", "EM"];
    const { means, rows, contrasts } = await probe(project, argv, { URL: server.url });
    const cut = "truncated: 12 of 12 prompts cut";
    expect(means).toEqual([
      ["gold alone", 1],
      ["1\u202f000 first", 1],
      ["1\u202f000 last", 1],
      ["3\u202f000 first", cut],
      ["3\u202f000 last", cut],
    ]);
    expect(rows[3]!.estimates).toEqual([null]);
    expect(rows[3]!.differences).toEqual([null]);
    expect(rows[3]!.facts[1]).toBe(1800);
    expect(contrasts.map(({ a, b }) => [a, b])).toEqual([["1\u202f000 first", "1\u202f000 last"]]);
  });

  it("says that a prompt is over the window where the server refuses it, and calls that no failure of the system", async () => {
    await using server = await model({ window: 1800, refuses: true });
    const project = await starterProject(FILES);
    const argv = ["context", "endpoint", "--tokens", "1000,3000", "--place", "middle"];
    const { means } = await probe(project, argv, { URL: server.url });
    expect(means).toEqual([
      ["gold alone", 1],
      ["1\u202f000 middle", 1],
      ["3\u202f000 middle", "over the window: 12 of 12 refused"],
    ]);
  });

  it("says that cutting cannot be told where the server counts no tokens", async () => {
    await using server = await model({ window: 500, usage: false });
    const project = await starterProject(FILES);
    const { notes } = await probe(project, ["context", "endpoint", "--tokens", "1000"], { URL: server.url });
    expect(notes.join(" ")).toContain("Whether prompts were cut cannot be told");
  });

  it("never shows gold among the fillers, and shows the same ones again for the same seed", async () => {
    await using server = await model({});
    const project = await starterProject(FILES);
    const contexts = async (seed: string) => {
      const argv = ["context", "endpoint", "--tokens", "800", "--seed", seed, "--fresh"];
      const { run } = await probe(project, argv, { URL: server.url });
      const log = await readFile(join(project, "runs", run, "run.jsonl"), "utf8");
      return log.split("\n").flatMap((line) => {
        const { kind, query, condition, context } = line === "" ? { kind: "" } : JSON.parse(line);
        return kind === "answer" && condition !== "oracle" ? [[query, condition, context]] : [];
      });
    };
    const first = await contexts("1");
    expect(first).toHaveLength(36);
    for (const [query, , context] of first) {
      expect(context.filter((id: string) => id === query.replace("q", "g"))).toHaveLength(1);
      expect(new Set(context).size).toBe(context.length);
    }
    expect(await contexts("1")).toEqual(first);
    expect(await contexts("2")).not.toEqual(first);
  });

  it("goes on after an interruption without asking twice, and uses a finished run again", async () => {
    await using server = await model({});
    const project = await starterProject(FILES);
    const stop = new AbortController();
    let asked = 0;
    await using slow = await faultServer(async (response, request) => {
      if (request.method === "GET") return json({ data: [{ id: "m" }] })(response, request);
      asked += 1;
      if (asked === 10) stop.abort();
      return completion("1000")(response, request);
    });
    const argv = ["probe", "context", "endpoint", "-b", "towns", "--tokens", "800", "--no-cache"];
    const first = await runCli(argv, project, { env: { URL: slow.url }, signal: stop.signal });
    expect(first.exitCode).toBe(130);
    const again = await runCli([...argv, "--resume"], project, { env: { URL: server.url } });
    expect(again.exitCode).toBe(0);
    const posts = server.seen.filter(({ method }) => method === "POST").length;
    expect(posts).toBeLessThan(48);
    expect(posts).toBeGreaterThanOrEqual(48 - asked);
    const reused = await runCli(argv, project, { env: { URL: server.url } });
    expect(reused.stderr).toContain("finished before");
    expect(reused.stdout).toBe(again.stdout);
    expect(server.seen.filter(({ method }) => method === "POST")).toHaveLength(posts);
  });

  it("tells requests and tokens before anything is asked", async () => {
    await using server = await model({});
    const project = await starterProject(FILES);
    const argv = ["probe", "context", "endpoint", "-b", "towns", "--tokens", "1000,3000", "--dry-run"];
    const { exitCode, stdout } = await runCli(argv, project, { env: { URL: server.url } });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/12 questions under oracle, first@1000, .*: 84 answers to ask for/);
    const tokens = /middle@3000 +12 +about ([\d\u202f]+)/.exec(stdout)?.[1]?.replaceAll("\u202f", "");
    expect(Number(tokens)).toBeGreaterThan(3000);
    expect(Number(tokens)).toBeLessThan(4000);
    expect(server.seen.filter(({ method }) => method === "POST")).toHaveLength(0);
    expect(await readdir(join(project, "runs")).catch(() => [])).toEqual([]);
  });

  it("warns of contexts over the window it knows, and does not refuse them: to see what happens is what it is for", async () => {
    await using server = await model({ window: 2000, refuses: true });
    const system = endpointSystem("context_window: 2000");
    const project = await starterProject({ ...FILES, "benchmarks/systems/endpoint.yaml": system });
    const argv = ["context", "endpoint", "--tokens", "3000", "--place", "last"];
    const dry = await runCli(["probe", ...argv, "-b", "towns", "--dry-run"], project, { env: { URL: server.url } });
    expect(dry.exitCode).toBe(0);
    expect(dry.stdout).toMatch(/warning: .*context_window \(E_CONTEXT_WINDOW\)/);
    const { means } = await probe(project, argv, { URL: server.url });
    expect(means[1]).toEqual(["3\u202f000 last", "over the window: 12 of 12 refused"]);
  });

  it("refuses contexts that the corpus cannot fill", async () => {
    const project = await starterProject(FILES);
    const { exitCode, stderr } = await runCli(["probe", "context", "bm25-reader", "-b", "towns"], project);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("E_PROBE_QUESTIONS");
    expect(stderr).toContain("12 beside whose gold the corpus cannot fill 32000 tokens");
    expect(stderr).toContain("fix: ask for shorter contexts with --tokens");
  });
});

describe("bench probe distractors", () => {
  it("shows what near misses do to a reader, and what it says where the gold is dropped", async () => {
    const project = await starterProject(FILES);
    const argv = ["distractors", "bm25-reader", "--count", "1,3", "--drop-oracle"];
    const { rows, run } = await probe(project, argv);
    expect(rows.map(({ label }) => label)).toEqual([
      "gold + 0",
      "gold + 1",
      "gold + 3",
      "no gold, 0",
      "no gold, 1",
      "no gold, 3",
    ]);
    // EM, OverRefusal, FalseAnswer: of the answerable, of the answerable, of the one unanswerable or of all.
    expect(rows[1]!.estimates.map((estimate) => estimate?.n)).toEqual([12, 12, 1]);
    expect(rows[4]!.estimates.map((estimate) => estimate?.n)).toEqual([12, undefined, 13]);
    expect(rows[3]!.estimates[2]!.mean).toBe(0);
    const log = await readFile(join(project, "runs", run, "run.jsonl"), "utf8");
    const answers = log.split("\n").flatMap((line) => (line.includes('"kind":"answer"') ? [JSON.parse(line)] : []));
    const of = (condition: string) =>
      answers.filter((answer) => answer.condition === condition && answer.query !== "no");
    for (const { query, context } of of("oracle+1")) {
      expect(context.toSorted()).toEqual([query.replace("q", "g"), query.replace("q", "near")]);
    }
    for (const { query, context } of of("distractors@3")) expect(context).not.toContain(query.replace("q", "g"));
    const firsts = new Set(of("oracle+3").map(({ query, context }) => context.indexOf(query.replace("q", "g"))));
    expect(firsts.size).toBeGreaterThan(1);
  });

  it("gives no score to more distractors than the server's window holds", async () => {
    await using server = await model({ window: 150, refuses: true });
    const project = await starterProject(FILES);
    const { means } = await probe(project, ["distractors", "endpoint", "--count", "1,10"], { URL: server.url });
    expect(means).toEqual([
      ["gold + 0", 1],
      ["gold + 1", 1],
      ["gold + 10", expect.stringMatching(/^over the window: \d+ of 13 refused$/)],
    ]);
  });

  it("puts the gold first when asked to, and draws distractors at random without a retriever", async () => {
    const project = await starterProject({
      ...FILES,
      "benchmarks/systems/alone.yaml": "generator: { kind: reader }\n",
    });
    const { run, rows } = await probe(project, ["distractors", "alone", "--from", "random", "--order", "gold-first"]);
    const log = await readFile(join(project, "runs", run, "run.jsonl"), "utf8");
    const ten = log.split("\n").flatMap((line) => (line.includes('"condition":"oracle+10"') ? [JSON.parse(line)] : []));
    for (const { query, context } of ten.filter((answer) => answer.query !== "no")) {
      expect(context[0]).toBe(query.replace("q", "g"));
      expect(context).toHaveLength(11);
    }
    expect(rows.at(-1)!.facts).toEqual([10]);
    const { exitCode, stderr } = await runCli(["probe", "distractors", "alone", "-b", "towns"], project);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("expected a retriever, got none");
    expect(stderr).toContain("--from random");
  });
});

describe("bench probe paraphrase", () => {
  it("compares every variant with the original by question, in retrieval and in answers", async () => {
    const project = await starterProject(FILES);
    const { rows } = await probe(project, ["paraphrase", "bm25-reader", "--change", "lowercase,typos"]);
    expect(rows.map(({ label }) => label)).toEqual(["original", "typos", "lowercase"]);
    expect(rows[2]!.differences[0]!.difference.mean).toBe(0);
    expect(rows[1]!.facts[0]).toBe(14);
    expect(rows[1]!.estimates[0]!.mean).toBeLessThanOrEqual(rows[0]!.estimates[0]!.mean);
  });

  it("takes paraphrases from a file: several of a question, none of others", async () => {
    const file = jsonl([
      { query: "q0", text: "Which code has TownA?" },
      { query: "q1", text: "Which code has TownB?" },
      { query: "q0", text: "Name the number." },
    ]);
    const project = await starterProject({ ...FILES, "p.jsonl": file });
    const { rows } = await probe(project, ["paraphrase", "bm25-reader", "--paraphrases", "p.jsonl", "--metric", "R@1"]);
    expect(rows.map(({ label, estimates }) => [label, estimates[0]!.n])).toEqual([
      ["original", 12],
      ["paraphrase-1", 2],
      ["paraphrase-2", 1],
    ]);
    expect(rows[1]!.differences[0]!.difference).toBeDefined();
  });

  it("names every line of the file that is wrong", async () => {
    const lines = [JSON.stringify({ query: "q99", text: "x" }), "not json", JSON.stringify({ query: "q1", text: " " })];
    const project = await starterProject({ ...FILES, "p.jsonl": lines.join("\n") });
    const argv = ["probe", "paraphrase", "bm25-reader", "-b", "towns", "--paraphrases"];
    const { exitCode, stderr } = await runCli([...argv, "p.jsonl"], project);
    expect(exitCode).toBe(3);
    for (const line of [1, 2, 3]) expect(stderr).toContain(`p.jsonl:${line} (E_PARAPHRASES)`);
    expect((await runCli([...argv, "none.jsonl"], project)).stderr).toContain("none.jsonl (E_PARAPHRASES)");
  });
});

describe("bench probe", () => {
  it("writes a page that holds no script and names what it compares with; the site takes its run as any other", async () => {
    const project = await starterProject({
      ...FILES,
      "benchmarks/towns/suite.yaml": `${FILES["benchmarks/towns/suite.yaml"]}title: "<script>alert(1)</script>"\n`,
    });
    const argv = ["probe", "paraphrase", "bm25-reader", "-b", "towns", "--html", "p.html", "--format", "csv"];
    const { exitCode, stdout } = await runCli(argv, project);
    expect(exitCode).toBe(0);
    expect(stdout.split("\r\n")[0]).toContain("compared_with,difference,difference_low,difference_high,p,p_holm");
    const html = await readFile(join(project, "p.html"), "utf8");
    expect(html).toContain("Content-Security-Policy");
    expect(html).not.toMatch(/<script/);
    expect(html).toContain("original");
    const site = await runCli(["report"], project);
    expect(site).toMatchObject({ exitCode: 0 });
    const shown = await runCli(["show"], project);
    expect(shown.stdout).toContain("paraphrase probe");
  });

  it("refuses a replayed system: what was recorded says nothing of other contexts", async () => {
    const replay = "generator: { kind: replay, file: answers.jsonl, format: answers }\n";
    const project = await starterProject({
      ...FILES,
      "benchmarks/systems/old.yaml": replay,
      "benchmarks/systems/answers.jsonl": jsonl([{ query: "q0", text: "1000" }]),
    });
    const { exitCode, stderr } = await runCli(["probe", "context", "old", "-b", "towns"], project);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("expected a generator that can be asked anew");
  });

  it.each(["context", "distractors", "paraphrase"])("%s has help with examples", async (kind) => {
    const { exitCode, stdout } = await runCli(["probe", kind, "--help"], "/");
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`bench probe ${kind} `);
    expect(stdout).toContain("--dry-run");
  });
});
