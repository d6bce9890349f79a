import { basename, join, relative, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { EXIT, UsageError } from "../../core/errors.ts";
import { type ReadResult, readFiles, readLocalrqaDocuments, readSitemap, writeSnapshot } from "../../dataset/index.ts";
import { printable, quoteValue } from "../../lib/text.ts";
import { type Deps, line } from "../deps.ts";
import { countProgress } from "../terminal/count-progress.ts";
import { formatBytes } from "../terminal/format-bytes.ts";

export interface ReadOptions {
  readonly into: string | undefined;
  readonly from: "files" | "sitemap" | "localrqa" | undefined;
  readonly host: readonly string[];
  readonly concurrency: number;
  readonly maxPages: number;
  readonly maxBytes: number | undefined;
  /** For one attempt, in milliseconds. */
  readonly timeout: number | undefined;
  readonly attempts: number;
  readonly quiet: boolean;
  readonly force: boolean;
}

const MAX_BYTES = 20_000_000;
const TIMEOUT_MS = 30_000;
/** Pages whose reason is printed; the snapshot has all. */
const SHOWN = 10;

/**
 * Carries out `bench dataset read`.
 * @returns the exit code: pages that are passed over are told and are no failure while there is at least one
 */
export async function readDocuments(sources: readonly string[], options: ReadOptions, deps: Deps): Promise<number> {
  const { into, quiet, force } = options;
  const { cwd, stdout, clock, signal } = deps;
  const from = options.from ?? formOf(sources[0]!);
  refuseMisuse(sources, from, options);
  const progress = countProgress(quiet, deps);
  const notes: string[] = [];
  let read = 0;
  let skipped = 0;
  let bytes = 0;
  try {
    const { manifest, problems } = await writeSnapshot({
      results: reader(sources, from, options, deps, (note) => notes.push(note)),
      into: resolve(cwd, into!),
      clock,
      source: sources.map(shownSource).join(", "),
      force,
      progress({ document }) {
        signal.throwIfAborted();
        if (document) {
          read += 1;
          bytes += Buffer.byteLength(document.text);
        } else skipped += 1;
        progress.update(`${read} pages read, ${skipped} passed over, ${formatBytes(bytes)} of text`);
      },
    });
    progress.stop();
    const folder = relative(cwd, resolve(cwd, into!)) || ".";
    const pages = `${manifest.documents} documents, ${formatBytes(bytes)} of text, ${manifest.failed} passed over`;
    line(stdout, printable(`${folder}: ${pages}`));
    for (const note of notes) line(stdout, `  note: ${printable(note)}`);
    for (const { where, code, expected, got, fix } of problems.slice(0, SHOWN)) {
      line(stdout, printable(`  passed over ${where} (${code}): expected ${expected}, got ${got}; ${fix}`));
    }
    if (manifest.failed > SHOWN) {
      line(stdout, printable(`  … and ${manifest.failed - SHOWN} more: all are in ${join(folder, "skipped.jsonl")}`));
    }
    line(stdout, `  taken ${manifest.taken_at}, SHA-256 ${manifest.sha256}`);
    line(stdout);
    line(stdout, printable(`Next: bench dataset chunk ${folder} --into ${idOf(folder)}`));
    return EXIT.ok;
  } finally {
    progress.stop();
  }
}

function reader(
  sources: readonly string[],
  from: NonNullable<ReadOptions["from"]>,
  options: ReadOptions,
  { cwd, clock, random, signal }: Deps,
  note: (text: string) => void,
): AsyncIterable<ReadResult> {
  const { host, concurrency, maxPages, maxBytes = MAX_BYTES, timeout = TIMEOUT_MS, attempts } = options;
  const [first] = sources as [string];
  switch (from) {
    case "files":
      return readFiles(
        sources.map((source) => resolve(cwd, source)),
        { clock, maxBytes },
      );
    case "localrqa":
      return readLocalrqaDocuments(resolve(cwd, first), { clock, note });
    case "sitemap":
      return readSitemap(isAddress(first) ? first : resolve(cwd, first), {
        fetch: globalThis.fetch,
        sleep: async (ms, stop) => void (await sleep(ms, undefined, { signal: stop })),
        random,
        now: () => clock.now(),
        signal,
        hosts: host,
        concurrency,
        maxPages,
        maxBytes,
        timeoutMs: timeout,
        maxAttempts: attempts,
      });
  }
}

function formOf(source: string): NonNullable<ReadOptions["from"]> {
  if (isAddress(source) || /\.xml(\.gz)?$/i.test(source)) return "sitemap";
  return /\.jsonl$/i.test(source) ? "localrqa" : "files";
}

function isAddress(source: string): boolean {
  return /^https?:/i.test(source);
}

/** What the snapshot says of where its pages come from: an address without its query, a path's last name. */
function shownSource(source: string): string {
  if (!isAddress(source)) return basename(resolve(source));
  return URL.canParse(source) ? new URL(source).origin + new URL(source).pathname : source;
}

/** A name that a dataset of these pages may have. */
function idOf(folder: string): string {
  return basename(folder).replace(/^\W+|[^\w.-]/g, "") || "pages";
}

function refuseMisuse(
  sources: readonly string[],
  from: NonNullable<ReadOptions["from"]>,
  { into, host, timeout }: ReadOptions,
): void {
  const problems: { where: string; expected: string; got: string; fix: string }[] = [];
  const add = (where: string, expected: string, got: string, fix: string) =>
    problems.push({ where, expected, got, fix });
  if (into === undefined) add("--into", "the folder to make", "nothing", "add for example --into snapshots/docs");
  if (from !== "files" && sources.length > 1) {
    add("<source>", `one source for the form ${from}`, `${sources.length}`, "read them one by one");
  }
  if (from !== "sitemap") {
    if (host.length > 0) add("--host", `nothing for the form ${from}`, host.join(", "), "leave --host out");
    if (timeout !== undefined) add("--timeout", `nothing for the form ${from}`, "a time", "leave --timeout out");
    const address = sources.find(isAddress);
    if (address !== undefined) {
      add("<source>", `a path for the form ${from}`, quoteValue(address), "an address is read with --from sitemap");
    }
  }
  for (const name of host) {
    if (isHost(name)) continue;
    const fix = "write for example --host docs.example.com or --host localhost:8080";
    add("--host", "a host's name, with its port where it has one", quoteValue(name), fix);
  }
  if (problems.length > 0) throw new UsageError(...problems.map((problem) => ({ code: "E_USAGE", ...problem })));
}

function isHost(name: string): boolean {
  return (
    URL.canParse(`http://${name}/`) && [`http://${name}/`, `https://${name}/`].some((a) => new URL(a).host === name)
  );
}
