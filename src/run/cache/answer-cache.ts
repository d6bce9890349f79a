import * as cacache from "cacache";
import type { Answer, CachedFrom } from "../../core/contracts.ts";
import { checkAnswer } from "../check-reply.ts";

/** An answer without what belongs to the call that made it: its latency, its cost, how it was sent. */
export type KeptAnswer = Omit<Answer, "timing" | "cost" | "hedged" | "cachedFrom">;

export interface CacheEntry {
  readonly answer: KeptAnswer;
  readonly from: CachedFrom;
}

/** One kept answer, as it is listed. */
export interface CacheListing {
  readonly key: string;
  /** Bytes on disk: whole blocks for the answer and for its line in the index; what folders take comes on top. */
  readonly size: number;
  readonly from: CachedFrom;
}

/**
 * Answers kept in a folder, found by their key. Content-addressed through `cacache`, what npm keeps its downloads in: every
 * entry is written under another name and moved into place, checked against its hash when it is read, and any number of
 * processes may read and write at once.
 */
export class AnswerCache {
  readonly folder: string;

  /** @param folder made with the first answer */
  constructor(folder: string) {
    this.folder = folder;
  }

  /** @returns undefined where there is none; one that is cut short or damaged is removed and counts as none */
  async get(key: string): Promise<CacheEntry | undefined> {
    const { folder } = this;
    try {
      const found = await cacache.get.info(folder, key, { memoize: false });
      if (found === null) return undefined;
      const data = await cacache.get.byDigest(folder, found.integrity, { memoize: false });
      return entryOf(data.toString("utf8"));
    } catch (error) {
      // What lies under a content's hash is not written again, so that it would stay damaged for good. A file that is gone
      // or cannot be opened just now needs no removal.
      if (!isFileSystemError(error)) await this.remove(key).catch(() => undefined);
      return undefined;
    }
  }

  /** @throws the file system's error, when the disk is full for example; nothing half-written is left to be found */
  async put(key: string, { answer, from }: CacheEntry): Promise<void> {
    const data = JSON.stringify({ answer, from });
    await cacache.put(this.folder, key, data, { algorithms: ["sha256"], metadata: from });
  }

  /** Lists what the index names, in no order; texts are not read. */
  async *list(): AsyncGenerator<CacheListing> {
    for await (const found of cacache.ls.stream(this.folder)) {
      const { key, size = 0, metadata } = found as unknown as cacache.CacheObject;
      yield { key, size: onDisk(size) + onDisk(1), from: fromOf(metadata) ?? { run: "", at: "" } };
    }
  }

  /** Removes everything, folders included. What another process is about to keep may be lost. */
  async clear(): Promise<void> {
    await cacache.rm.all(this.folder);
  }

  /** Removes one entry with its content; what another process does with it meanwhile does no harm. */
  async remove(key: string): Promise<void> {
    const { folder } = this;
    const found = await cacache.get.info(folder, key, { memoize: false });
    if (found === null) return;
    await removeEntry(folder, key, { removeFully: true });
    await cacache.rm.content(folder, found.integrity);
  }
}

/** What a file takes on common file systems: short answers would seem to take a fiftieth of it. */
function onDisk(bytes: number): number {
  return Math.ceil(bytes / 4096) * 4096;
}

/** The types of the package lack the option: without it a removed entry leaves a file behind. */
const removeEntry = cacache.rm.entry as (
  folder: string,
  key: string,
  options: { readonly removeFully: boolean },
) => Promise<unknown>;

/** Damage is said with codes of the package's own: EINTEGRITY, EBADSIZE. */
function isFileSystemError(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).syscall !== undefined;
}

/** @throws when it is no entry */
function entryOf(text: string): CacheEntry {
  const { answer, from } = JSON.parse(text) as CacheEntry;
  const made = fromOf(from);
  if (made === undefined) throw new TypeError("no provenance");
  checkAnswer({ ...answer, timing: CACHED });
  return { answer, from: made };
}

function fromOf(value: unknown): CachedFrom | undefined {
  const { run, at } = (value ?? {}) as Partial<CachedFrom>;
  return typeof run === "string" && typeof at === "string" && run !== "" && at !== "" ? { run, at } : undefined;
}

/** A cached answer has no latency; the log's number says nothing where the source is not `measured`. */
export const CACHED = { ms: 0, source: "cached" } as const;
