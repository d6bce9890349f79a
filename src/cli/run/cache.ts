import { relative } from "node:path";
import { findProject } from "../../config/project.ts";
import { EXIT, UsageError } from "../../core/errors.ts";
import { printable } from "../../lib/text.ts";
import { formatCount } from "../../report/text/format-number.ts";
import { pruneCache } from "../../run/cache/prune-cache.ts";
import { type Deps, line } from "../deps.ts";
import { formatBytes } from "../terminal/format-bytes.ts";
import { textTable } from "../terminal/text-table.ts";
import { answerCache } from "./answering.ts";

/** Runs that are listed by name; a cache may hold answers of thousands. */
const RUNS_SHOWN = 20;

interface MadeBy {
  answers: number;
  bytes: number;
  newest: string;
}

/** Prints what the cache holds, by the runs that made it, the newest first. */
export async function showCache({ cwd, stdout }: Deps): Promise<number> {
  const cache = answerCache(await findProject(cwd));
  const runs = new Map<string, MadeBy>();
  let answers = 0;
  let bytes = 0;
  for await (const { size, from } of cache.list()) {
    const made = runs.get(from.run) ?? { answers: 0, bytes: 0, newest: from.at };
    made.answers += 1;
    made.bytes += size;
    if (from.at > made.newest) made.newest = from.at;
    runs.set(from.run, made);
    answers += 1;
    bytes += size;
  }
  const folder = printable(relative(cwd, cache.folder));
  line(
    stdout,
    answers === 0 ? `no answers in ${folder}` : `${formatCount(answers)} answers, ${formatBytes(bytes)}, in ${folder}`,
  );
  const newestFirst = [...runs].sort(([, a], [, b]) => (a.newest < b.newest ? 1 : -1));
  const shown = newestFirst
    .slice(0, RUNS_SHOWN)
    .map(([run, made]) => [run, formatCount(made.answers), formatBytes(made.bytes), made.newest.slice(0, 10)]);
  if (shown.length > 0) line(stdout, `\n${textTable(["made by", "answers", "size", "newest"], shown)}`);
  if (runs.size > RUNS_SHOWN) line(stdout, `and ${formatCount(runs.size - RUNS_SHOWN)} older runs`);
  return EXIT.ok;
}

export interface PruneOptions {
  readonly olderThan: number | undefined;
  readonly maxSize: number | undefined;
  readonly all: boolean;
}

export async function prune({ olderThan, maxSize, all }: PruneOptions, deps: Deps): Promise<number> {
  if (olderThan === undefined && maxSize === undefined && !all) {
    throw new UsageError({
      code: "E_USAGE",
      where: "bench cache prune",
      expected: "what is to go",
      got: "no limit",
      fix: "add --older-than 30d, --max-size 1GB or --all",
    });
  }
  const { cwd, clock, signal, stdout } = deps;
  const limits = {
    all,
    ...(olderThan !== undefined && { before: clock.now() - olderThan }),
    ...(maxSize !== undefined && { maxBytes: maxSize }),
  };
  const { removed, kept } = await pruneCache(answerCache(await findProject(cwd)), limits, signal);
  const size = ({ answers, bytes }: typeof kept): string => `${formatCount(answers)} answers (${formatBytes(bytes)})`;
  line(stdout, `${size(removed)} removed, ${size(kept)} kept`);
  return EXIT.ok;
}
