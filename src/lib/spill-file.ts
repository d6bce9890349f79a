import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Gives the file back when nobody holds it any more; its name is gone from the start. */
const forgotten = new FinalizationRegistry<number>(closeSync);

/**
 * Bytes that are put aside on disk for as long as the process lives: in the system's folder for temporary files, readable by its
 * user alone, under no name, so that nothing stays behind however the process ends.
 */
export class SpillFile {
  #file: number | undefined;
  #size = 0;

  /** @returns where the bytes stand; undefined where the disk does not take them */
  add(bytes: Buffer): number | undefined {
    const at = this.#size;
    try {
      this.#file ??= this.#open();
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.#file, bytes, done, bytes.length - done, at + done);
      }
    } catch {
      return undefined;
    }
    this.#size += bytes.length;
    return at;
  }

  read(at: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    for (let done = 0; done < length; ) {
      const read = readSync(this.#file!, bytes, done, length - done, at + done);
      if (read === 0) throw new Error("a temporary file was cut off by somebody else");
      done += read;
    }
    return bytes;
  }

  #open(): number {
    const folder = mkdtempSync(join(tmpdir(), "plumbline-"));
    try {
      const file = openSync(join(folder, "questions"), "wx+", 0o600);
      forgotten.register(this, file);
      return file;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
