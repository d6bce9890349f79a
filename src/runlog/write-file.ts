import { createHash } from "node:crypto";
import { type FileHandle, rename, rm } from "node:fs/promises";
import { diskError, type OpenFile } from "./append-file.ts";

const BUFFER_BYTES = 1 << 20;

/** Takes the pieces of a file. */
export interface Sink {
  write(data: string | Buffer): Promise<void>;
  /** SHA-256 of all that was written so far. */
  sha256(): string;
}

/** A file that is made beside its place and put there when it is whole: until then, what was there before stays. */
export class NewFile implements Sink {
  readonly #path: string;
  readonly #temporary: string;
  readonly #open: OpenFile;
  #file: FileHandle | undefined;
  readonly #hash = createHash("sha256");
  #pieces: Buffer[] = [];
  #held = 0;
  /** Hashed, not yet written. */
  #packed: Buffer[] = [];

  constructor(path: string, open: OpenFile) {
    this.#path = path;
    this.#temporary = `${path}.new`;
    this.#open = open;
  }

  /** @throws DataError (E_RUN_WRITE) when the disk is full, as all that follows does */
  async write(data: string | Buffer): Promise<void> {
    const bytes = typeof data === "string" ? Buffer.from(data) : data;
    this.#pieces.push(bytes);
    this.#held += bytes.length;
    if (this.#held >= BUFFER_BYTES) await this.#flush();
  }

  sha256(): string {
    this.#pack();
    return this.#hash.copy().digest("hex");
  }

  /** Waits until the disk has all of it. */
  async sync(): Promise<void> {
    await this.#flush();
    await this.#try((file) => file.sync());
  }

  /** Puts it in its place. To be synced before. */
  async place(): Promise<void> {
    await this.#file?.close();
    await rename(this.#temporary, this.#path);
  }

  /** Leaves nothing of it. */
  async discard(): Promise<void> {
    await this.#file?.close();
    if (this.#file !== undefined) await rm(this.#temporary, { force: true });
  }

  #pack(): void {
    if (this.#pieces.length === 0) return;
    const data = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#held = 0;
    this.#hash.update(data);
    this.#packed.push(data);
  }

  async #flush(): Promise<void> {
    this.#pack();
    await this.#try(async (file) => {
      for (const data of this.#packed.splice(0)) {
        for (let done = 0; done < data.length; ) done += (await file.write(data, done)).bytesWritten;
      }
    });
  }

  async #try(work: (file: FileHandle) => Promise<void>): Promise<void> {
    try {
      this.#file ??= await this.#open(this.#temporary, "w");
      await work(this.#file);
    } catch (error) {
      throw diskError(this.#temporary, error);
    }
  }
}

/**
 * Writes a file of any size whole or not at all: to a temporary file beside it, synced, then put in its place.
 * @throws DataError (E_RUN_WRITE) when the disk is full; the old file is then as it was
 */
export async function writeWhole<T>(path: string, open: OpenFile, fill: (sink: Sink) => Promise<T>): Promise<T> {
  const file = new NewFile(path, open);
  try {
    const result = await fill(file);
    await file.sync();
    await file.place();
    return result;
  } catch (error) {
    await file.discard();
    throw error;
  }
}
