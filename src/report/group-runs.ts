import { DataError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { canonicalJson } from "../lib/hash.ts";
import { truncate } from "../lib/text.ts";
import { type Manifest, openRun, type Run } from "../runlog/index.ts";
import type { RunHead } from "./summary-types.ts";
import { systemCard } from "./system-card.ts";

/** Runs of one suite whose numbers may stand in one table. */
export interface RunGroup {
  readonly protocol: string;
  readonly differs: readonly { readonly field: string; readonly value: string }[];
  /** The newest complete run of each system, newest first. */
  readonly ranked: readonly Run[];
  readonly interrupted: readonly Run[];
  readonly superseded: readonly Run[];
}

export interface SuiteRuns {
  readonly id: string;
  readonly title?: string;
  /** One per protocol, that of the newest run first. */
  readonly groups: readonly RunGroup[];
}

/** Opens run folders. @throws DataError with what is wrong with each of them, not only with the first */
export async function openRuns(dirs: readonly string[]): Promise<Run[]> {
  const problems: Problem[] = [];
  const runs: Run[] = [];
  for (const dir of dirs) {
    try {
      runs.push(await openRun(dir));
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new DataError(problems);
  return runs;
}

/** Sorts runs into tables: by suite, then by protocol, and of each system the newest complete run alone is ranked. */
export function groupRuns(runs: readonly Run[]): SuiteRuns[] {
  const newestFirst = runs.toSorted((a, b) => (a.manifest.startedAt < b.manifest.startedAt ? 1 : -1));
  return Array.from(groupBy(newestFirst, ({ manifest }) => manifest.suite.id))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, ofSuite]) => {
      const protocols = Array.from(groupBy(ofSuite, ({ manifest }) => manifest.protocol));
      const fields = protocols.map(([, [first]]) => flatten(first!.manifest.protocolFields));
      const title = ofSuite[0]!.manifest.suite.title;
      return {
        id,
        ...(title !== undefined && { title }),
        groups: protocols.map(([protocol, members], i) => groupOf(protocol, members, differing(fields, i))),
      };
    });
}

export function runHead({ dir, manifest, state }: Run): RunHead {
  const { run, suite, system, dataset, conditions, trials, protocol, startedAt, command } = manifest;
  const card = systemCard(system.config);
  return {
    run,
    dir,
    suite: named(suite),
    system: { ...named(system), ...(card && { card }) },
    dataset: { id: dataset.id, split: dataset.split, queries: dataset.queries, passages: dataset.passages },
    conditions,
    trials,
    protocol,
    status: state,
    startedAt,
    command: state === "complete" ? command : resumeCommand(command),
  };
}

/** The command that goes on with an interrupted run. */
export function resumeCommand(command: string): string {
  return /\s--resume(?:\s|$)/.test(command) ? command : `${command} --resume`;
}

function named({ id, title }: Manifest["suite"] | Manifest["system"]): RunHead["system"] {
  return title === undefined ? { id } : { id, title };
}

function groupOf(protocol: string, members: readonly Run[], differs: RunGroup["differs"]): RunGroup {
  const seen = new Set<string>();
  const ranked: Run[] = [];
  const superseded: Run[] = [];
  for (const run of members) {
    if (run.state !== "complete") continue;
    const { id } = run.manifest.system;
    (seen.has(id) ? superseded : ranked).push(run);
    seen.add(id);
  }
  return { protocol, differs, ranked, superseded, interrupted: members.filter((run) => run.state === "interrupted") };
}

/** The fields of one protocol that are not the same in all of the suite's protocols. */
function differing(all: readonly ReadonlyMap<string, string>[], at: number): RunGroup["differs"] {
  const names = new Set(all.flatMap((fields) => [...fields.keys()]));
  return Array.from(names)
    .filter((name) => new Set(all.map((fields) => fields.get(name))).size > 1)
    .map((field) => ({ field, value: truncate(all[at]!.get(field) ?? "(none)", 120) }));
}

/** Leaves by their path; a list is a leaf, since its order is part of what it says. */
export function flatten(value: unknown, path = "", into = new Map<string, string>()): Map<string, string> {
  if (value !== null && typeof value === "object" && !Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value)) flatten(inner, path === "" ? key : `${path}.${key}`, into);
  } else into.set(path, canonicalJson(value) ?? "(none)");
  return into;
}

/** Groups in the order in which their first members come. */
function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}
