import { sha256File } from "../lib/hash.ts";
import { together } from "../lib/together.ts";
import type { OpenFile } from "./append-file.ts";
import type { LogIndex } from "./log-index.ts";
import { type KeptPassages, OrderedCopy } from "./ordered-copy.ts";
import { runFolder } from "./run-folder.ts";
import type { EndLine, Manifest } from "./schema.ts";

/** What completes a run besides its lines. */
export interface SealOptions extends KeptPassages {
  /** ISO 8601, UTC. */
  readonly endedAt: string;
}

/** What is copied ahead is copied when so many more results are there. */
const EVERY = 512;

/**
 * Completes a run: writes the log anew in the plan's order, with its end line, and `passages.jsonl`. What is finished of the plan's
 * beginning can be copied while the rest is still asked. Until all is done the run stays as it was, whatever happens.
 */
export class Sealing {
  readonly #dir: string;
  readonly #manifest: Manifest;
  readonly #index: LogIndex;
  readonly #begin: () => OrderedCopy;
  #copy: OrderedCopy | undefined;
  #advancing: Promise<void> | undefined;
  /** Undefined once copying ahead has failed: there may be room again when it has to be done. */
  #nextAt: number | undefined;

  constructor(dir: string, manifest: Manifest, index: LogIndex, open: OpenFile, kept: KeptPassages) {
    this.#dir = dir;
    this.#manifest = manifest;
    this.#index = index;
    this.#begin = () => new OrderedCopy(dir, index, open, kept);
    this.#nextAt = index.done + EVERY;
  }

  /** Copies ahead, behind the caller's back, where it is worth it. */
  advance(): void {
    if (this.#nextAt === undefined || this.#index.done < this.#nextAt || this.#advancing !== undefined) return;
    this.#nextAt = this.#index.done + EVERY;
    this.#copy ??= this.#begin();
    this.#advancing = this.#copy
      .advance(this.#manifest)
      .catch(async () => {
        this.#nextAt = undefined;
        await this.#discardCopy();
      })
      .finally(() => {
        this.#advancing = undefined;
      });
  }

  /**
   * @param synced waits until the disk has all results, since the new log is no better than the old one
   * @throws DataError when it cannot be done; it may be tried again
   */
  async finish(endedAt: string, synced: () => Promise<void>): Promise<EndLine> {
    await this.#advancing;
    this.#copy ??= this.#begin();
    const copy = this.#copy;
    try {
      const { questions: file } = runFolder(this.#dir);
      const [questions] = await together(sha256File(file), copy.advance(this.#manifest));
      const end: EndLine = {
        kind: "end",
        status: "complete",
        counts: this.#index.counts,
        files: { questions, passages: copy.passages.sha256() },
        endedAt,
        sha256: copy.log.sha256(),
      };
      await copy.log.write(`${JSON.stringify(end)}\n`);
      await together(copy.passages.sync(), copy.log.sync(), synced());
      await copy.close();
      await copy.passages.place();
      await copy.log.place();
      return end;
    } catch (error) {
      await this.#discardCopy();
      throw error;
    }
  }

  /** Leaves nothing of what was copied. */
  async discard(): Promise<void> {
    this.#nextAt = undefined;
    await this.#advancing;
    await this.#discardCopy();
  }

  async #discardCopy(): Promise<void> {
    const copy = this.#copy;
    this.#copy = undefined;
    await copy?.discard();
  }
}
