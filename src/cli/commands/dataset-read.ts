import { defineCommand, flag, list, optional, value } from "../command.ts";
import { bytes, milliseconds } from "../terminal/parse-amount.ts";
import { choice, integer, text } from "../terminal/parse-value.ts";

export const datasetRead = defineCommand({
  details: [
    "What can be read:",
    "  files     a folder and all in it, or files one by one; a page's id is its path",
    "  sitemap   the address of a sitemap, or its .xml file; an index leads to its sitemaps; a page's id is its address",
    "  localrqa  LocalRQA's docs.jsonl; rows of one source are one page",
    "A page that cannot be read is passed over and told, all of them in skipped.jsonl of the snapshot. Nobody is asked but the",
    "host of the sitemap's address and those of --host; a redirection elsewhere is not followed.",
  ].join("\n"),
  args: [{ name: "<source...>", summary: "a folder, files, a sitemap's address or .xml file, or docs.jsonl" }],
  options: {
    into: optional("--into <folder>", "the snapshot's folder, made anew (required)", text),
    from: optional(
      "--from <form>",
      "files, sitemap or localrqa; the source's name decides when left out",
      choice("files", "sitemap", "localrqa"),
    ),
    host: list("--host <host>", "sitemap: a further host that may be asked, with its port where it has one", text),
    concurrency: value("--concurrency <n>", "sitemap: pages asked for at a time", integer(1, 64), 4),
    maxPages: value("--max-pages <n>", "sitemap: pages in all", integer(1, 10_000_000), 50_000),
    maxBytes: optional("--max-bytes <size>", "the largest page, unpacked; 20MB when left out", bytes),
    timeout: optional("--timeout <time>", "sitemap: for one attempt at a page; 30s when left out", milliseconds),
    attempts: value("--attempts <n>", "sitemap: attempts at a page, with growing waits between", integer(1, 20), 4),
    quiet: flag("-q, --quiet", "no progress"),
    force: flag("--force", "replace a snapshot that is there"),
  },
  examples: [
    { command: "bench dataset read ./docs --into snapshots/docs", says: "all pages of a folder" },
    {
      command: "bench dataset read https://docs.example.com/sitemap.xml --into snapshots/site",
      says: "the pages that a sitemap lists, from docs.example.com alone",
    },
    {
      command: "bench dataset read sitemap.xml --host docs.example.com --into snapshots/site --max-pages 200",
      says: "from a sitemap that was saved; then: bench dataset chunk snapshots/site --into site",
    },
  ],
  async run(sources, options, deps) {
    const { readDocuments } = await import("../dataset/read-documents.ts");
    return readDocuments(sources, options, deps);
  },
});
