import { createHash } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { diskError, type OpenFile } from "./append-file.ts";

const BUFFER_BYTES = 1 << 20;

/** Takes the pieces of a file. */
export interface Sink {
  write(data: string | Buffer): Promise<void>;
  /** SHA-256 of all that was written so far. */
  sha256(): string;
}

/**
 * Writes a file of any size whole or not at all: to a temporary file beside it, synced, then put in its place.
 * @throws DataError (E_RUN_WRITE) when the disk is full; the old file is then as it was
 */
export async function writeWhole<T>(path: string, open: OpenFile, fill: (sink: Sink) => Promise<T>): Promise<T> {
  const temporary = `${path}.new`;
  const hash = createHash("sha256");
  const pieces: Buffer[] = [];
  let held = 0;
  try {
    const file = await open(temporary, "w").catch((error: unknown) => {
      throw diskError(temporary, error);
    });
    try {
      const flush = async () => {
        const data = Buffer.concat(pieces.splice(0));
        held = 0;
        try {
          for (let done = 0; done < data.length; ) done += (await file.write(data, done)).bytesWritten;
        } catch (error) {
          throw diskError(temporary, error);
        }
      };
      const result = await fill({
        async write(data) {
          const bytes = typeof data === "string" ? Buffer.from(data) : data;
          hash.update(bytes);
          pieces.push(bytes);
          held += bytes.length;
          if (held >= BUFFER_BYTES) await flush();
        },
        sha256: () => hash.copy().digest("hex"),
      });
      await flush();
      await file.sync();
      await file.close();
      await rename(temporary, path);
      return result;
    } finally {
      await file.close();
    }
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
