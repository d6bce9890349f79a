import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { lexer } from "marked";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "..");
const DATASET = join(ROOT, "datasets/handbook");
const PAGES = join(ROOT, "docs/handbook");
const SPLITS = ["train", "eval", "test"];
const TAGS = ["lookup", "several-passages", "paraphrase", "numeric", "follow-up", "unanswerable"];

interface PassageRow {
  readonly _id: string;
  readonly title: string;
  readonly text: string;
  readonly document: string;
  readonly start: number;
  readonly end: number;
}
interface QueryRow {
  readonly _id: string;
  readonly text: string;
  readonly answers?: readonly string[];
  readonly answerable: boolean;
  readonly tags: readonly string[];
  readonly history?: readonly { role: string; content: string }[];
  readonly split: string;
  readonly document: string;
}
interface SpanRow {
  readonly query: string;
  readonly document: string;
  readonly start: number;
  readonly end: number;
  readonly grade: number;
  readonly text: string;
}

const pages = new Map<string, string>();
let passages: PassageRow[];
let queries: QueryRow[];

beforeAll(async () => {
  for (const name of await readdir(PAGES)) {
    if (name !== "README.md") pages.set(name.replace(/\.md$/, ""), await readFile(join(PAGES, name), "utf8"));
  }
  passages = await rows<PassageRow>("corpus.jsonl");
  queries = await rows<QueryRow>("queries.jsonl");
});

async function rows<T>(file: string): Promise<T[]> {
  const text = await readFile(join(DATASET, file), "utf8");
  expect(text.endsWith("\n")).toBe(true);
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
}

/** Runs the script as users do. */
function handbook(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((done) => {
    execFile(process.execPath, [join(ROOT, "scripts/handbook.mjs"), ...args], (error, out, err) => {
      done({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

describe("the committed dataset", () => {
  it("is what the script builds from the pages and questions", async () => {
    expect(await handbook("--check")).toEqual({ code: 0, out: expect.stringContaining("up to date"), err: "" });
  });

  it("has at least 15 pages, 60 questions and 15 unanswerable ones", () => {
    expect(pages.size).toBeGreaterThanOrEqual(15);
    expect(new Set(queries.map((q) => q._id)).size).toBe(queries.length);
    expect(queries.length).toBeGreaterThanOrEqual(60);
    expect(queries.filter((q) => !q.answerable).length).toBeGreaterThanOrEqual(15);
  });

  it.each(SPLITS)("asks questions of every tag in split %s", (split) => {
    const tags = new Set(queries.filter((q) => q.split === split).flatMap((q) => q.tags));
    expect([...tags].sort()).toEqual([...TAGS].sort());
  });

  it.each(TAGS)("has at least 8 questions tagged %s", (tag) => {
    expect(queries.filter((q) => q.tags.includes(tag)).length).toBeGreaterThanOrEqual(8);
  });

  it("keeps all questions of a page in one split", () => {
    const splitOf = new Map(queries.map((q) => [q.document, q.split]));
    for (const query of queries) expect(query.split).toBe(splitOf.get(query.document));
    expect([...splitOf.keys()].sort()).toEqual([...pages.keys()].sort());
  });

  it("gives answers to the answerable questions only", () => {
    for (const { _id, answerable, answers } of queries) {
      expect.soft(answers?.every((answer) => answer.trim() !== "") ?? false, _id).toBe(answerable);
    }
  });

  it.each(SPLITS)("holds spans of split %s that match their pages and stay in the split", async (split) => {
    const splitOf = new Map(queries.map((q) => [q.document, q.split]));
    const spans = await rows<SpanRow>(`qrels/${split}.spans.jsonl`);
    const asked = new Set(queries.filter((q) => q.split === split && q.answerable).map((q) => q._id));
    expect(new Set(spans.map((span) => span.query))).toEqual(asked);
    for (const { query, document, start, end, grade, text } of spans) {
      expect.soft(pages.get(document)?.slice(start, end), query).toBe(text);
      expect.soft(splitOf.get(document), query).toBe(split);
      expect.soft([1, 2], query).toContain(grade);
    }
  });

  it.each(SPLITS)("derives the qrels of split %s from its spans", async (split) => {
    const expected = new Map<string, number>();
    for (const span of await rows<SpanRow>(`qrels/${split}.spans.jsonl`)) {
      for (const passage of passages.filter((p) => p.document === span.document)) {
        const shared = Math.min(passage.end, span.end) - Math.max(passage.start, span.start);
        const share = Math.max(shared / (span.end - span.start), shared / (passage.end - passage.start));
        const key = `${span.query}\t${passage._id}`;
        if (share >= 0.5) expected.set(key, Math.max(span.grade, expected.get(key) ?? 0));
      }
    }
    const [head, ...lines] = (await readFile(join(DATASET, `qrels/${split}.tsv`), "utf8")).trimEnd().split("\n");
    expect(head).toBe("query-id\tcorpus-id\tscore");
    expect(lines.length).toBeGreaterThan(0);
    expect([...lines].sort()).toEqual([...expected].map(([key, grade]) => `${key}\t${grade}`).sort());
  });
});

describe("the passages", () => {
  it("are exactly the page from start to end", () => {
    for (const { _id, text, document, start, end } of passages) {
      expect.soft(pages.get(document)?.slice(start, end), _id).toBe(text);
    }
  });

  it("hold every non-blank character outside headings once, and no heading", () => {
    for (const [document, text] of pages) {
      const own = passages.filter((p) => p.document === document);
      const times = new Uint8Array(text.length);
      for (const { start, end } of own) for (let i = start; i < end; i++) times[i] = times[i]! + 1;
      const wanted = new Uint8Array(text.length);
      let at = 0;
      // An independent reading of the Markdown says what a heading is.
      for (const token of lexer(text)) {
        expect(text.startsWith(token.raw, at), `${document}: token at ${at}`).toBe(true);
        if (token.type !== "heading") wanted.fill(1, at, at + token.raw.length);
        at += token.raw.length;
      }
      for (let i = 0; i < text.length; i++) {
        if (!/\s/.test(text[i]!) && times[i] !== wanted[i]) expect.fail(`${document} at ${i}: in ${times[i]} passages`);
      }
    }
  });

  it("never split a paragraph, a list item, a table or a block of code", () => {
    for (const [document, text] of pages) {
      const cuts = passages.filter((p) => p.document === document).flatMap((p) => [p.start, p.end]);
      let at = 0;
      for (const token of lexer(text)) {
        const parts: { raw: string }[] = token.type === "list" ? token.items : [token];
        for (const { raw } of parts) {
          const inside = cuts.filter((cut) => cut > at && cut < at + raw.trimEnd().length);
          expect.soft(inside, `${document}: ${raw.slice(0, 40)}`).toEqual([]);
          at += raw.length;
        }
      }
    }
  });

  it("are at most 700 characters and carry the page's title and section", () => {
    for (const { _id, text, title, document } of passages) {
      expect.soft(text.length, _id).toBeLessThanOrEqual(700);
      const [page, section] = title.split(" > ");
      expect.soft(pages.get(document), _id).toContain(`# ${page}\n`);
      if (section !== undefined) expect.soft(pages.get(document), _id).toContain(`\n## ${section}\n`);
    }
  });
});

describe("the pages", () => {
  it("link to files that exist", async () => {
    for (const name of await readdir(PAGES)) {
      const text = await readFile(join(PAGES, name), "utf8");
      for (const [, target = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(target)) continue;
        const file = resolve(PAGES, target.replace(/#.*$/, ""));
        await expect.soft(readFile(file), `${name} links to ${target}`).resolves.toBeDefined();
      }
    }
  });

  it("are all in the index, once", async () => {
    const index = await readFile(join(PAGES, "README.md"), "utf8");
    const linked = Array.from(index.matchAll(/\]\(([a-z0-9-]+)\.md\)/g), ([, page]) => page);
    expect(linked.sort()).toEqual([...pages.keys()].sort());
  });

  it("hold no raw HTML", () => {
    for (const [document, text] of pages) {
      const prose = text.replace(/^```[\s\S]*?^```/gm, "").replace(/`[^`]*`/g, "");
      expect.soft(prose, document).not.toMatch(/<[a-z/!]/i);
    }
  });
});

describe("npm run handbook, on a broken copy", () => {
  let copy: string;
  beforeAll(async () => {
    copy = await mkdtemp(join(tmpdir(), "handbook-"));
  });
  afterAll(() => rm(copy, { recursive: true, force: true }));

  /** Changes one file of a fresh copy. */
  async function breakCopy(file: string, change: (text: string) => string): Promise<void> {
    await cp(PAGES, join(copy, "docs/handbook"), { recursive: true, force: true });
    await cp(DATASET, join(copy, "datasets/handbook"), { recursive: true, force: true });
    const before = await readFile(join(copy, file), "utf8");
    const after = change(before);
    expect(after).not.toBe(before);
    await writeFile(join(copy, file), after);
  }

  /** What the script would print for a copy with one file changed; in this process, to be quick. */
  async function problemsOf(file: string, change: (text: string) => string): Promise<string> {
    await breakCopy(file, change);
    const part = (name: string) => import(join(ROOT, "scripts/handbook", name));
    const { build } = (await part("build.mjs")) as { build(root: string): Promise<{ problems: unknown[] }> };
    const { formatProblem } = (await part("problem.mjs")) as { formatProblem(problem: unknown): string };
    return (await build(copy)).problems.map(formatProblem).join("\n");
  }

  /** Runs the script on a copy with one file changed. */
  async function run(file: string, change: (text: string) => string, ...args: readonly string[]) {
    await breakCopy(file, change);
    const result = await handbook("--root", copy, ...args);
    const queries = await readFile(join(copy, "datasets/handbook/queries.jsonl"), "utf8");
    return { ...result, unwritten: queries === (await readFile(join(DATASET, "queries.jsonl"), "utf8")) };
  }
  const questions = (page: string) => `datasets/handbook/questions/${page}.yaml`;

  it("names the line of a quote that left the page and shows the nearest text", async () => {
    const printed = await problemsOf("docs/handbook/ndcg.md", (text) =>
      text.replace("keeps only 0.2891 of", "keeps just 0.2891 of"),
    );
    expect(printed).toMatch(/questions\/ndcg\.yaml:\d+ \/questions\/1\/gold\/0\/quote \(E_HANDBOOK_QUESTION\)/);
    expect(printed).toContain('got "by rank 10 a passage keeps only 0.2891 of its gain"');
    expect(printed).toContain('fix: nearest text there: "by rank 10 a passage keeps just 0.2891 of its gain."');
  });

  it("names the lines of a quote that stands twice", async () => {
    const twice = "\nby rank 10 a passage keeps only 0.2891 of its gain\n";
    const printed = await problemsOf("docs/handbook/ndcg.md", (text) => text + twice);
    expect(printed).toMatch(/expected text that stands once in docs\/handbook\/ndcg\.md, got .* in lines \d+, \d+/);
    expect(printed).toContain("fix: quote more of it");
  });

  it("names both places of an id that is used twice", async () => {
    const printed = await problemsOf(questions("gate"), (text) => text.replace("id: gate-formats", "id: ndcg-ideal"));
    expect(printed).toMatch(
      /questions\/ndcg\.yaml:\d+ \/questions\/0\/id .*\n.*"ndcg-ideal", also at .*gate\.yaml:\d+/,
    );
  });

  it("refuses gold in a page of another split", async () => {
    const printed = await problemsOf(questions("gate"), (text) =>
      text.replace("page: paired-comparison", "page: bm25"),
    );
    expect(printed).toContain('expected gold in a page of split test, got "bm25" of split eval');
  });

  it.each([
    ["an unknown tag", "tags: [lookup]", "tags: [look-up]", /expected one of lookup, .*, got "look-up"/],
    ["an unknown key", "answers:", "answer:", /expected one of id, text, .*, got "answer"/],
    [
      "an answerable question without answers",
      "answers:",
      "answer:",
      /expected one reference answer or more, .* got nothing/,
    ],
    [
      "an unanswerable question with gold",
      "tags: [lookup]",
      "answerable: false\n    tags: [unanswerable]",
      /expected no gold, the question is unanswerable/,
    ],
    [
      "a follow-up without history",
      "tags: [lookup]",
      "tags: [lookup, follow-up]",
      /the tag follow-up on exactly the questions with a history/,
    ],
    [
      "one passage for several-passages",
      "tags: [lookup]",
      "tags: [several-passages]",
      /expected gold in two passages or more, got one, gate#/,
    ],
    [
      "a grade off the scale",
      "grade: 2",
      "grade: 3",
      /expected grade 1 \(supports\) or 2 \(states the answer\), got 3/,
    ],
    [
      "an unknown split",
      "split: test",
      "split: dev",
      /questions\/gate\.yaml:2 \/split .*\n.*one of train, eval, test, got "dev"/,
    ],
    ["broken YAML", 'answers: ["', 'answers: ["" "', /questions\/gate\.yaml:\d+ \(E_HANDBOOK_YAML\)/],
  ])("reports %s", async (_, from, to, message) => {
    const printed = await problemsOf(questions("gate"), (text) => text.replace(from, to));
    expect(printed).toMatch(message);
    expect(printed).not.toMatch(/\n\s+at /);
  });

  it("exits with 3 on any problem, prints all of them and writes nothing", async () => {
    const result = await run(questions("gate"), (text) =>
      text.replace("tags: [lookup]", "tags: [look-up]").replace("id: gate-strict-code", "id: Gate Strict"),
    );
    expect(result).toMatchObject({ code: 3, out: "", unwritten: true });
    expect(result.err).toContain('got "look-up"');
    expect(result.err).toContain('got "Gate Strict"');
    expect(result.err).toContain("2 problems, nothing written");
  });

  it("refuses a page whose offsets would differ between tools", async () => {
    const printed = await problemsOf("docs/handbook/gate.md", (text) => `${text}\nA smile: \u{1F600}\n`);
    expect(printed).toMatch(/docs\/handbook\/gate\.md:\d+ \(E_HANDBOOK_PAGE\)\n {2}expected plain text with LF/);
  });

  it("with --check names the files that differ and writes nothing", async () => {
    const result = await run(questions("gate"), (text) => text.replace("offer?", "have?"), "--check");
    expect(result).toMatchObject({ code: 1, unwritten: true });
    expect(result.err).toContain("datasets/handbook/queries.jsonl differs from what the pages and questions give");
    expect(result.err).not.toContain("corpus.jsonl");
  });

  it("rewrites only what a changed question changes, and then has nothing left to do", async () => {
    const result = await run(questions("gate"), (text) => text.replace("offer?", "have?"));
    expect(result).toMatchObject({ code: 0, unwritten: false });
    expect(result.out).toMatch(/; wrote datasets\/handbook\/queries\.jsonl\n$/);
    expect((await handbook("--root", copy, "--check")).code).toBe(0);
  });

  it("exits with 2 on an unknown option", async () => {
    expect(await handbook("--chekc")).toMatchObject({ code: 2, err: expect.stringContaining("usage:") });
  });
});
