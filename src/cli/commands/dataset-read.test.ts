import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pageServer } from "../../dataset/read/testing/page-server.ts";
import { tinyPdf } from "../../dataset/read/testing/tiny-pdf.ts";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

const read = (cwd: string, ...args: string[]) => runCli(["dataset", "read", ...args], cwd);
const jsonLines = async (path: string) =>
  (await readFile(path, "utf8"))
    .trim()
    .split("\n")
    .map((row) => JSON.parse(row) as Record<string, unknown>);

const KETTLE = "# Kettle\n\nThe kettle boils a litre of water in four minutes. It switches itself off afterwards.\n";
const LEASE =
  "<html><head><title>Lease</title></head><body><main><p>The tenant signs the lease.</p></main></body></html>";
const PAGES: Readonly<Record<string, string | Uint8Array>> = {
  "pages/kettle.md": KETTLE,
  "pages/legal/lease.html": LEASE,
  "pages/garden.txt": "Roses are pruned in March.",
  "pages/manual.pdf": tinyPdf([["The warranty lasts three years."]]),
  "pages/photo.png": Buffer.from([137, 80, 78, 71]),
};

describe("bench dataset read of a folder", () => {
  it("takes text, Markdown, HTML and PDF, and says what it passed over, with hash, date and the next command", async () => {
    const project = await starterProject(PAGES);
    const { exitCode, stdout } = await read(project, "pages", "--into", "snapshots/docs");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^snapshots\/docs: 4 documents, \d+ bytes of text, 1 passed over\n/);
    expect(stdout).toContain("  passed over photo.png (E_READ_FORMAT): expected text, Markdown, HTML or PDF, got");
    expect(stdout).toMatch(/taken \d{4}-\d\d-\d\dT[\d:.]+Z, SHA-256 [0-9a-f]{64}\n/);
    expect(stdout).toContain("\n\nNext: bench dataset chunk snapshots/docs --into docs\n");
    const rows = await jsonLines(join(project, "snapshots/docs/documents.jsonl"));
    expect(rows.map(({ _id, title, text }) => [_id, title, text])).toEqual([
      ["garden.txt", undefined, "Roses are pruned in March."],
      ["kettle.md", "Kettle", KETTLE],
      ["legal/lease.html", "Lease", "The tenant signs the lease."],
      ["manual.pdf", undefined, "The warranty lasts three years."],
    ]);
    expect(await jsonLines(join(project, "snapshots/docs/skipped.jsonl"))).toMatchObject([
      { code: "E_READ_FORMAT", where: "photo.png" },
    ]);
  });

  it("is one way with chunk, check and run: questions over the pages are asked and scored", async () => {
    const project = await starterProject(PAGES);
    await read(project, "pages", "--into", "snapshots/docs");
    const cut = await runCli(["dataset", "chunk", "snapshots/docs", "--into", "docs", "--size", "8"], project);
    expect(cut.exitCode).toBe(0);
    expect(cut.stdout).toMatch(/^datasets\/docs: \d+ passages of 4 documents, no questions yet\n/);
    expect(cut.stdout).toContain("then: bench dataset check docs");
    const waiting = await runCli(["dataset", "check", "docs"], project);
    expect(waiting.exitCode).toBe(0);
    expect(waiting.stdout).toContain("expected queries of the split test, got none");

    const question = /^ {2}(\{"_id":"q1".*\})$/m.exec(cut.stdout)![1]!;
    const ask = (_id: string, text: string, answer: string) =>
      JSON.stringify({ ...JSON.parse(question), _id, text, answers: [answer] });
    const questions = [
      ask("q1", "When does the kettle boil?", "four minutes"),
      ask("q2", "When are roses pruned?", "March"),
    ];
    await writeFile(join(project, "datasets/docs/queries.jsonl"), `${questions.join("\n")}\n`);
    const qrels = "query-id\tdocument-id\tscore\nq1\tkettle.md\t1\nq2\tgarden.txt\t1\n";
    await writeFile(join(project, "datasets/docs/qrels/test.documents.tsv"), qrels);
    const checked = await runCli(["dataset", "check", "docs", "--strict"], project);
    expect([checked.exitCode, checked.stdout]).toEqual([0, "datasets/docs: nothing wrong found\n"]);

    await mkdir(join(project, "benchmarks/docs"));
    const suite = "dataset: docs\nconditions: [rag@2]\nmetrics: [R(gold=document)@2, F1]\n";
    await writeFile(join(project, "benchmarks/docs/suite.yaml"), suite);
    const run = await runCli(["run", "--suite", "docs", "--system", "bm25-reader", "--quiet"], project);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toMatch(/^BM25 .* 1\.000 \[/m);
  });

  it("takes files one by one, and reads LocalRQA's docs.jsonl", async () => {
    const rows = [
      { source: "https://a.example/1", title: "A", text: "One." },
      { source: "https://a.example/2", title: "B", text: "Two." },
      { source: "https://a.example/1", title: "A", text: "More." },
    ];
    const docs = rows.map((row) => JSON.stringify(row)).join("\n");
    const folder = await tempFolder({ "a/x.txt": "X", "a/y.txt": "Y", "b/z.txt": "Z", "docs.jsonl": docs });
    expect((await read(folder, "a/x.txt", "b/z.txt", "--into", "some")).exitCode).toBe(0);
    expect((await jsonLines(join(folder, "some/documents.jsonl"))).map(({ _id }) => _id)).toEqual([
      "a/x.txt",
      "b/z.txt",
    ]);
    expect((await read(folder, "docs.jsonl", "--into", "faq")).stdout).toContain("faq: 2 documents");
    expect((await jsonLines(join(folder, "faq/documents.jsonl"))).map(({ _id, text }) => [_id, text])).toEqual([
      ["https://a.example/1", "One.\n\nMore."],
      ["https://a.example/2", "Two."],
    ]);
  });

  it("replaces a snapshot with --force, and never a folder of something else", async () => {
    const folder = await tempFolder({ "pages/a.txt": "A", "letters/dear.txt": "Dear" });
    await read(folder, "pages", "--into", "snap");
    const again = await read(folder, "pages", "--into", "snap");
    expect([again.exitCode, again.stderr]).toEqual([3, expect.stringContaining("--force")]);
    await writeFile(join(folder, "pages/b.txt"), "B");
    expect((await read(folder, "pages", "--into", "snap", "--force")).stdout).toContain("snap: 2 documents");
    for (const place of ["letters", "."]) {
      const refused = await read(folder, "pages", "--into", place, "--force");
      expect([refused.exitCode, refused.stderr]).toEqual([3, expect.stringContaining("E_SNAPSHOT_PLACE")]);
    }
    expect(await readFile(join(folder, "letters/dear.txt"), "utf8")).toBe("Dear");
    expect((await readdir(folder)).sort()).toEqual(["letters", "pages", "snap"]);
  });

  it("says which folder is missing, or holds no page, and makes nothing", async () => {
    const folder = await tempFolder({ "pictures/a.png": "x" });
    await symlink("/etc/hostname", join(folder, "pictures/host.txt"));
    for (const [source, code] of [
      ["nowhere", "E_READ_MISSING"],
      ["pictures", "E_READ_FORMAT"],
    ] as const) {
      const { exitCode, stderr } = await read(folder, source, "--into", "snap");
      expect([exitCode, stderr]).toEqual([3, expect.stringContaining(code)]);
    }
    expect(await readdir(folder)).toEqual(["pictures"]);
  });

  it("finds the change when a snapshot is cut that is not as it was taken", async () => {
    const project = await starterProject({ "pages/a.txt": "A page." });
    await read(project, "pages", "--into", "snap");
    await writeFile(join(project, "snap/documents.jsonl"), '{"_id":"a.txt","text":"Another page."}\n');
    const { exitCode, stderr } = await runCli(["dataset", "chunk", "snap", "--into", "docs"], project);
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining("E_SNAPSHOT_CHANGED")]);
    await expect(readdir(join(project, "datasets/docs"))).rejects.toThrow("ENOENT");
  });

  it.each([
    ["no place", ["pages"], "--into"],
    ["a host for a folder", ["pages", "--into", "x", "--host", "a.example"], "--host"],
    ["a host that is an address", ["https://a.example/s.xml", "--into", "x", "--host", "https://b.example"], "--host"],
    ["two sitemaps", ["a.xml", "b.xml", "--into", "x"], "<source>"],
    ["an address as files", ["https://a.example/", "--into", "x", "--from", "files"], "<source>"],
    ["a size without sense", ["pages", "--into", "x", "--max-bytes", "lots"], "--max-bytes"],
    ["another form", ["pages", "--into", "x", "--from", "site"], "--from"],
  ])("refuses %s", async (_, args, where) => {
    const { exitCode, stderr } = await read(await tempFolder(), ...args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${where} (E_USAGE)`);
  });
});

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A web site; `BASE` in what it serves stands for its address. */
async function site(pages: Readonly<Record<string, string | Handler>>) {
  const asked: string[] = [];
  const byPath = new Map(Object.entries(pages));
  const base = await pageServer((request, response) => {
    asked.push(request.url!);
    const page = byPath.get(request.url!);
    if (page === undefined) response.writeHead(404).end("none");
    else if (typeof page === "string") {
      const type = page.includes("<loc>") ? "application/xml" : "text/html";
      response.setHeader("content-type", type).end(page.replaceAll("BASE", `http://${request.headers.host}`));
    } else page(request, response);
  });
  return { base, asked, host: new URL(base).host };
}
const page = (text: string) => `<title>T</title><p>${text}</p>`;
const urls = (...paths: string[]) => `<urlset>${paths.map((p) => `<url><loc>BASE${p}</loc></url>`).join("")}</urlset>`;
const index = (...paths: string[]) =>
  `<sitemapindex>${paths.map((p) => `<sitemap><loc>BASE${p}</loc></sitemap>`).join("")}</sitemapindex>`;

describe("bench dataset read of a sitemap", () => {
  const faulty = (elsewhere: string) =>
    site({
      "/sitemap.xml": index("/guides.xml", "/rest.xml"),
      "/guides.xml": urls("/lease", "/gone"),
      "/rest.xml": urls("/away", "/huge", "/silent", "/rent"),
      "/lease": page("The tenant signs."),
      "/rent": page("Rent is due on the first."),
      "/away": (_request, response) => void response.writeHead(302, { location: `${elsewhere}/trap` }).end(),
      "/huge": (_request, response) => void response.setHeader("content-type", "text/html").end("x".repeat(200_000)),
      "/silent": () => undefined,
    });
  const LIMITS = ["--max-bytes", "100kB", "--timeout", "2s", "--attempts", "1"];

  it("follows an index, passes over a 404, a redirection elsewhere, a page too large and one that hangs", async () => {
    const other = await site({ "/trap": page("Elsewhere.") });
    const { base } = await faulty(other.base);
    const folder = await tempFolder();
    const { exitCode, stdout, stderr } = await read(folder, `${base}/sitemap.xml`, "--into", "site", ...LIMITS);
    expect([exitCode, stderr]).toEqual([0, ""]);
    const said = stdout.replaceAll(base, "BASE").replaceAll(other.base, "OTHER").split("\n");
    expect(said[0]).toBe("site: 2 documents, 42 bytes of text, 4 passed over");
    expect(said.slice(1, 5)).toEqual([
      "  passed over BASE/gone (E_READ_STATUS): expected status 200, got status 404; remove the page from the list",
      expect.stringMatching(
        /^ {2}passed over BASE\/away \(E_READ_HOST\): expected an address of .*, got OTHER; allow the host if you trust it: --host /,
      ),
      "  passed over BASE/huge (E_READ_SIZE): expected at most 100000 bytes, got more; leave it out, or raise the limit",
      "  passed over BASE/silent (E_READ_FETCH): expected a reply, got none within 2 s; try again later, or give it more time",
    ]);
    expect(other.asked).toEqual([]);
    const rows = await jsonLines(join(folder, "site/documents.jsonl"));
    expect(rows.map(({ _id }) => String(_id).replace(base, ""))).toEqual(["/lease", "/rent"]);
    expect(await readFile(join(folder, "site/snapshot.yaml"), "utf8")).toContain(`source: ${base}/sitemap.xml`);
  });

  it("asks a further host that is named, and no more pages than are wanted", async () => {
    const other = await site({ "/trap": page("Elsewhere.") });
    const { base } = await faulty(other.base);
    const folder = await tempFolder();
    const args = [`${base}/sitemap.xml`, "--into", "site", "--host", other.host, "--max-pages", "3", ...LIMITS];
    expect((await read(folder, ...args)).stdout).toContain("site: 2 documents");
    const rows = await jsonLines(join(folder, "site/documents.jsonl"));
    expect(rows.map(({ text }) => text)).toEqual(["The tenant signs.", "Elsewhere."]);
  });

  it("asks nobody for a saved sitemap until its host is named", async () => {
    const { base, asked, host } = await site({ "/lease": page("The tenant signs.") });
    const saved = urls("/lease").replaceAll("BASE", base);
    const folder = await tempFolder({ "sitemap.xml": saved });
    const refused = await read(folder, "sitemap.xml", "--into", "site");
    expect([refused.exitCode, refused.stderr]).toEqual([3, expect.stringContaining(`--host ${host}`)]);
    expect(asked).toEqual([]);
    expect((await read(folder, "sitemap.xml", "--into", "site", "--host", host)).exitCode).toBe(0);
    expect(asked).toEqual(["/lease"]);
  });

  it("leaves nothing behind when it is interrupted", async () => {
    const { base } = await site({ "/sitemap.xml": urls("/a", "/silent"), "/a": page("A"), "/silent": () => undefined });
    const folder = await tempFolder();
    const args = ["dataset", "read", `${base}/sitemap.xml`, "--into", "site"];
    const { exitCode } = await runCli(args, folder, { signal: AbortSignal.timeout(300) });
    expect(exitCode).toBe(130);
    expect(await readdir(folder)).toEqual([]);
  });
});
