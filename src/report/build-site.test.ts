import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sha256 } from "../lib/hash.ts";
import { METRICS } from "../metric/index.ts";
import { buildSite } from "./build-site.ts";
import { ASSETS } from "./pages/templates.ts";
import { type MadeRun, makeRun } from "./testing/made-run.ts";

const assets = fileURLToPath(new URL("../../reports/templates", import.meta.url));
let folder: string;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "site-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const made = (run: string, rest: Partial<MadeRun> = {}) =>
  makeRun(folder, { run, system: run, skill: 0.6, questions: 12, ...rest });

async function build(...runs: readonly string[]) {
  const out = join(folder, `site-${count++}`);
  const built = await buildSite({ runs, out, assets, generatedAt: "2026-03-02 10:10 UTC" });
  const read = (path: string): Promise<string> => readFile(join(out, path), "utf8");
  return { out, ...built, read, piece: async (path: string) => pieceOf(await read(path)) };
}

/** What a page gets from a data file. */
function pieceOf(script: string): unknown {
  let received: unknown;
  runInNewContext(script, { plumbline: { piece: (_: string, value: unknown) => (received = value) } });
  return JSON.parse(JSON.stringify(received));
}

/** Changes the result lines of a finished run and seals it again, as another program that writes logs might. */
async function rewrite(dir: string, change: (lines: readonly string[]) => readonly string[]): Promise<void> {
  const log = join(dir, "run.jsonl");
  const [manifest, ...lines] = (await readFile(log, "utf8")).trimEnd().split("\n");
  const end = JSON.parse(lines.pop()!) as Record<string, unknown>;
  const body = `${[manifest, ...change(lines)].join("\n")}\n`;
  await writeFile(log, `${body}${JSON.stringify({ ...end, sha256: sha256(body) })}\n`);
}

describe("buildSite", () => {
  it("writes the leaderboard, a page per run, the definitions, and what they load", async () => {
    const { out, pages, warnings, read } = await build(await made("one"), await made("two"));
    const across = expect.stringMatching(/^questions\/handbook\/[0-9a-f]{12}\/index\.html$/);
    expect(pages).toEqual([
      ...["definitions.html", "runs/one/index.html", "runs/two/index.html", across],
      ...[pages.find((path) => path.startsWith("datasets/handbook/test-")), "index.html"],
    ]);
    expect(warnings).toEqual([]);
    expect((await readdir(join(out, "assets"))).sort()).toEqual([...ASSETS].sort());
    expect((await readdir(join(out, "runs/one/data"))).sort()).toEqual([
      ...["board.json", "judges.js", "list.js", "p0000.js", "prints.bin", "q0000.js", "right.js", "tags.js"],
    ]);
    const board = await read("index.html");
    expect(board).toContain('href="runs/one/index.html"');
    expect(board).toContain("2026-03-02 10:10 UTC");
    for (const path of pages) expect(await read(path), path).not.toMatch(/https?:|style="|\son[a-z]+="|javascript:/);
  });

  it("says how far it is", async () => {
    const said: string[] = [];
    const runs = [await made("slow-1"), await made("slow-2")];
    const out = join(folder, `site-${count++}`);
    await buildSite({ runs, out, assets, generatedAt: "now", progress: (text) => said.push(text) });
    expect(said).toEqual([
      ...["checking run 1 of 2", "checking run 2 of 2"],
      ...["the page of run 1 of 2", "the page of run 2 of 2", "the scores of 2 runs"],
    ]);
  });

  it("says on the page of a run how to reproduce it, and every estimate with method and counts", async () => {
    const { read } = await build(await made("repro", { failAt: [2] }));
    const page = await read("runs/repro/index.html");
    expect(page).toContain("bench run --suite handbook --system repro --topk 3,5");
    expect(page).toContain("4f2c91aa03");
    expect(page.match(/data-label="interval by">Wilson/g)).toHaveLength(4);
    expect(page).toContain('data-label="scored">11</td><td class="num count alarm" data-label="failed">1');
  });

  it("cuts questions and passages into pieces and loses none", async () => {
    const { out, piece } = await build(await made("many", { questions: 130 }));
    const names = (await readdir(join(out, "runs/many/data"))).sort();
    expect(names.filter((name) => /^[pq]\d/.test(name))).toEqual([
      ...["p0000.js", "p0001.js", "p0002.js", "q0000.js", "q0001.js", "q0002.js"],
    ]);
    const list = (await piece("runs/many/data/list.js")) as {
      ids: string[];
      groups: { name: string; states: string }[];
    };
    type Piece = { id: string; results: unknown[] }[];
    const questions: Piece = [];
    for (const name of names.filter((n) => n.startsWith("q")))
      questions.push(...((await piece(`runs/many/data/${name}`)) as Piece));
    expect(questions.map(({ id }) => id)).toEqual(list.ids);
    expect(questions.every(({ results }) => results.length === 2)).toBe(true);
    expect(list.groups.map(({ name, states }) => [name, states.length])).toEqual([
      ["retrieval", 130],
      ["rag@3", 130],
      ["rag@5", 130],
    ]);
  });

  it("gives a question its passages by place, its gold, its answers and its failures", async () => {
    const { piece } = await build(await made("detail", { failAt: [1] }));
    const questions = (await piece("runs/detail/data/q0000.js")) as {
      gold: [string, number, number][];
      retrieval: { hits: [string, number, number][] };
      results: { condition: string; failed?: boolean; code?: string }[];
    }[];
    const passages = (await piece("runs/detail/data/p0000.js")) as { id: string }[];
    for (const [id, , place] of questions[0]!.retrieval.hits) expect(passages[place]!.id).toBe(id);
    expect(questions[0]!.gold.map(([id, grade]) => [id, grade])).toEqual([
      ["p0", 2],
      ["p1", 1],
    ]);
    expect(questions[1]!.results).toMatchObject([
      { condition: "rag@3", failed: true, code: "E_ENDPOINT_TIMEOUT" },
      { condition: "rag@5", failed: true, code: "E_ENDPOINT_TIMEOUT" },
    ]);
  });

  it("cuts an answer of a megabyte and says how long it was", async () => {
    const { piece, read } = await build(await made("long", { answer: () => "x".repeat(1_000_000) }));
    const questions = (await piece("runs/long/data/q0000.js")) as { results: { text: unknown }[] }[];
    const texts = questions.flatMap(({ results }) => results.map(({ text }) => text));
    expect(texts).toContainEqual(["x".repeat(20_000), 1_000_000]);
    expect((await read("runs/long/data/q0000.js")).length).toBeLessThan(600_000);
  });

  it("keeps a run's folder inside the site, whatever the run is called", async () => {
    const { out, pages, read } = await build(await made("../../up"), await made("__proto__"));
    expect(pages).toContain("runs/..%2F..%2Fup/index.html");
    expect((await readdir(join(out, "runs"))).sort()).toEqual(["..%2F..%2Fup", "__proto__"]);
    expect(await read("index.html")).toContain('href="runs/..%252F..%252Fup/index.html"');
  });

  it("shows an interrupted run as such, without rank and questions", async () => {
    const { out, warnings, read } = await build(await made("whole"), await made("stopped", { interrupted: true }));
    expect(warnings).toEqual(["stopped was interrupted: it is not ranked and its questions are not shown"]);
    expect(await readdir(join(out, "runs/stopped"))).toEqual(["index.html"]);
    expect(await read("runs/stopped/index.html")).toContain(
      "bench run --suite handbook --system stopped --topk 3,5 --resume",
    );
    expect(await read("index.html")).toContain("Interrupted, so shown here and not ranked");
  });

  it("names a folder that holds a run of a name already taken", async () => {
    const first = await made("twin");
    const second = await makeRun(join(folder, "elsewhere"), { run: "twin", system: "twin", skill: 0.2 });
    const { pages, warnings } = await build(first, second, first);
    expect(pages.filter((path) => path.includes("twin"))).toHaveLength(1);
    expect(warnings).toEqual([`${second} is left out: ${first} holds a run of the same name`]);
  });

  it("defines every metric of the registry", async () => {
    const page = await (await build()).read("definitions.html");
    for (const { name } of METRICS) expect(page).toContain(`<article id="${name}">`);
  });

  it("of no runs says what to do", async () => {
    const { pages, read } = await build();
    expect(pages).toEqual(["definitions.html", "index.html"]);
    expect(await read("index.html")).toContain("There are no finished runs yet");
  });

  it("writes nothing when a run is damaged", async () => {
    const dir = await made("damaged");
    await rewrite(dir, (lines) => [lines[0]!.replace('{"kind":"retrieval"', '{"kind":"retrieved"'), ...lines.slice(1)]);
    await expect(build(dir)).rejects.toThrow(/E_RUN_LINE/);
    await expect(readdir(join(folder, `site-${count - 1}`))).rejects.toThrow("ENOENT");
  });

  it("names every run that was edited since it ended, and leaves the site that was there", async () => {
    const whole = await made("unedited");
    const edited = [await made("edited-log"), await made("edited-questions"), await made("edited-passages")];
    for (const [i, name] of ["run.jsonl", "questions.jsonl", "passages.jsonl"].entries()) {
      const path = join(edited[i]!, name);
      await writeFile(path, (await readFile(path, "utf8")).replace("device 3", "device 4"));
    }
    const log = join(edited[0]!, "run.jsonl");
    await writeFile(log, (await readFile(log, "utf8")).replace('"value":0', '"value":1'));
    const { out } = await build(whole);
    const before = await readFile(join(out, "index.html"), "utf8");
    const again = buildSite({ runs: [whole, ...edited], out, assets, generatedAt: "later" });
    await expect(again).rejects.toThrow(
      /edited-log\/run\.jsonl \(E_RUN_VERIFY\)[\s\S]*edited-questions\/questions\.jsonl[\s\S]*edited-passages\/passages\.jsonl/,
    );
    expect(await readFile(join(out, "index.html"), "utf8")).toBe(before);
    expect((await readdir(out)).sort()).toEqual([
      ...["assets", "data", "datasets", "definitions.html", "index.html", "questions", "runs", "site.json"],
    ]);
  });

  it("leaves the site that was there where a page cannot be made", async () => {
    const { out } = await build(await made("first"));
    const before = await readdir(out, { recursive: true });
    const broken = await made("breaks-late");
    await rewrite(broken, (lines) => lines.toReversed());
    await expect(buildSite({ runs: [broken], out, assets, generatedAt: "later" })).rejects.toThrow(/E_RUN_ORDER/);
    expect(await readdir(out, { recursive: true })).toEqual(before);
  });

  it("keeps the pages of a run that is as it was, and makes anew what changed", async () => {
    const out = join(folder, `site-${count++}`);
    const [one, two] = [await made("kept-one"), await made("kept-two")];
    const times = async (code?: string) => {
      await buildSite({ runs: [one, two], out, assets, generatedAt: "t", ...(code !== undefined && { code }) });
      const of = async (run: string) => [
        (await stat(join(out, `runs/${run}/index.html`))).ino,
        (await stat(join(out, `runs/${run}/data/list.js`))).ino,
      ];
      return { one: await of("kept-one"), two: await of("kept-two") };
    };
    const first = await times("c1");
    expect(await times("c1")).toEqual(first);
    await mkdir(join(two, "labels"));
    await writeFile(join(two, "labels/anna.jsonl"), "");
    const labelled = await times("c1");
    expect(labelled.one).toEqual(first.one);
    expect(labelled.two).not.toEqual(first.two);
    expect((await times("c2")).one).not.toEqual(first.one);
    const unnamed = await times();
    expect((await times()).one).not.toEqual(unnamed.one);
  });

  it("refuses a complete log that is not in the order of its questions", async () => {
    const dir = await made("shuffled");
    await rewrite(dir, (lines) => lines.toReversed());
    await expect(build(dir)).rejects.toThrow(/E_RUN_ORDER/);
  });
});
