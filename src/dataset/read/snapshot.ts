import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Static, Type } from "@sinclair/typebox";
import { stringify } from "yaml";
import { validate } from "../../config/validate.ts";
import { parseYaml } from "../../config/yaml-file.ts";
import type { Clock } from "../../core/contracts.ts";
import { DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { sha256File } from "../../lib/hash.ts";
import { RowWriter } from "../../lib/row-writer.ts";
import { quoteValue } from "../../lib/text.ts";
import { writeRows } from "../chunk/write-rows.ts";
import { newFolder } from "../new-folder.ts";
import { fileError, readRows, strict } from "../read-rows.ts";
import { DocumentRow } from "../row-schema.ts";
import { type ReadResult, toDocumentRow, unreadable } from "./read-document.ts";

const DOCUMENTS = "documents.jsonl";
const MANIFEST = "snapshot.yaml";
const SKIPPED = "skipped.jsonl";

/** `snapshot.yaml`: what the pages were when they were read. */
const SnapshotManifest = Type.Object(
  {
    schema: Type.Literal(1),
    taken_at: Type.String({ description: "the time when reading ended, ISO 8601 in UTC" }),
    source: Type.Optional(Type.String({ description: "the place where the pages were read" })),
    documents: Type.Integer({ minimum: 0, description: "the number of pages" }),
    failed: Type.Integer({ minimum: 0, description: "the number of pages that could not be read" }),
    sha256: Type.String({ pattern: "^[0-9a-f]{64}$", description: "the SHA-256 of documents.jsonl" }),
  },
  { additionalProperties: false },
);
export type SnapshotManifest = Static<typeof SnapshotManifest>;

export interface WriteSnapshotOptions {
  /** What a reader gives. */
  readonly results: AsyncIterable<ReadResult>;
  /** The folder to make. */
  readonly into: string;
  readonly clock: Pick<Clock, "now">;
  /** What the manifest says of where the pages come from: the address or the folder's name. */
  readonly source?: string;
  /** Replaces a snapshot that is there already; a folder of anything else never. @default false */
  readonly force?: boolean;
  /** Is told of each page: read, or why not. */
  readonly progress?: (result: ReadResult) => void;
}

export interface SnapshotResult {
  readonly dir: string;
  readonly manifest: SnapshotManifest;
  /** Why pages are not there, the first 1,000. */
  readonly problems: readonly Problem[];
}

const MOST_PROBLEMS = 1000;

/**
 * Keeps pages as they are today: `documents.jsonl`, a line for each with its hash and date, and `snapshot.yaml` with the
 * hash of all, so that later steps read the same text and fetch nothing. Why others are not there stands in `skipped.jsonl`.
 * @throws DataError when no page could be read (with the problems), or the folder is taken
 */
export async function writeSnapshot(options: WriteSnapshotOptions): Promise<SnapshotResult> {
  const { results, into, clock, source, force = false, progress } = options;
  if (force) await refuseOther(into);
  const problems: Problem[] = [];
  return newFolder(into, force, async (dir) => {
    const skipped = new RowWriter(join(dir, SKIPPED));
    async function* lines(): AsyncGenerator<string> {
      const ids = new Set<string>();
      for await (const result of results) {
        const told = result.document !== undefined && ids.has(result.document.id) ? twice(result.document.id) : result;
        progress?.(told);
        if (told.problem !== undefined) {
          await skipped.write(JSON.stringify(told.problem));
          if (problems.length < MOST_PROBLEMS) problems.push(told.problem);
        } else {
          ids.add(told.document.id);
          yield JSON.stringify(toDocumentRow(told.document));
        }
      }
    }
    const path = join(dir, DOCUMENTS);
    const documents = await writeRows(path, lines()).finally(() => skipped.close());
    if (documents === 0) throw new DataError(problems.length > 0 ? problems.slice(0, 20) : [nothing(into)]);
    const manifest: SnapshotManifest = {
      schema: 1,
      taken_at: new Date(clock.now()).toISOString(),
      ...(source === undefined ? {} : { source }),
      documents,
      failed: skipped.rows,
      sha256: await sha256File(path),
    };
    await writeFile(join(dir, MANIFEST), stringify(manifest));
    return { dir: into, manifest, problems };
  });
}

/**
 * Streams the pages of a snapshot.
 * @throws DataError when it is none, or was changed since it was taken
 */
export async function* readSnapshot(dir: string): AsyncGenerator<DocumentRow> {
  const { sha256 } = await snapshotManifest(dir);
  const path = join(dir, DOCUMENTS);
  const got = await sha256File(path).catch((error: unknown) => {
    throw fileError(path, error);
  });
  if (got !== sha256) {
    const fix = "take the snapshot again, or restore the file: what was built on it would not be the same";
    throw new DataError([{ code: "E_SNAPSHOT_CHANGED", where: path, expected: `SHA-256 ${sha256}`, got, fix }]);
  }
  yield* strict(readRows(path, DocumentRow));
}

/** Reads `snapshot.yaml`. @throws DataError when it is missing or wrong */
export async function snapshotManifest(dir: string): Promise<SnapshotManifest> {
  const path = join(dir, MANIFEST);
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw fileError(path, error);
  });
  const file = parseYaml(text, path, path, "E_SNAPSHOT");
  const checked = validate(SnapshotManifest, file.value, "E_SNAPSHOT", file.locate);
  if (!checked.ok) throw new DataError(checked.problems);
  return checked.value;
}

/** Whether a folder is a snapshot. */
export function isSnapshot(dir: string): boolean {
  return existsSync(join(dir, MANIFEST));
}

async function refuseOther(into: string): Promise<void> {
  const files = await readdir(into).catch(() => []);
  if (files.length === 0 || isSnapshot(into)) return;
  const got = `${files.length} files of something else`;
  const fix = "name another folder: what is no snapshot is never replaced";
  throw new DataError([
    { code: "E_SNAPSHOT_PLACE", where: into, expected: "a folder that is new, empty or a snapshot", got, fix },
  ]);
}

function twice(id: string): { problem: Problem } {
  const fix = "remove one of them: the first was kept";
  return { problem: unreadable(id, "each page once", `${quoteValue(id)} again`, fix, "E_READ_TWICE") };
}

function nothing(into: string): Problem {
  const fix = "check the folder, the list or the sitemap";
  return unreadable(into, "at least one page", "none", fix, "E_READ_NOTHING");
}
