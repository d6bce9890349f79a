import { type FileHandle, open } from "node:fs/promises";
import { DataError } from "../core/errors.ts";

/** Opens a file as `node:fs/promises` does; a parameter so that a failing disk can be tried. */
export type OpenFile = (path: string, flags: string) => Promise<FileHandle>;

export const openFile: OpenFile = (path, flags) => open(path, flags);

/** Between two syncs. A power cut loses at most what was written in that time and while a sync lasts. */
const PAUSE_MS = 200;

/** A line that waits to be written, and whoever waits for it. */
interface Waiting {
  readonly data: Buffer;
  readonly written: (place: { offset: number; bytes: number }) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * A file that grows by whole lines, line feed last, so that a process killed at any moment leaves whole lines and at most one
 * torn one. Lines that come while others are written go out together with the next write: with many questions in flight nobody
 * waits for more than two writes. What was written survives the process at once; against a power cut it is synced in the
 * background: the first lines at once, what was written meanwhile by the next sync, with pauses between them, since while a busy
 * disk syncs it takes no writes.
 */
export class AppendFile {
  readonly #path: string;
  readonly #file: FileHandle;
  #size: number;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #syncing: Promise<void> | undefined;
  /** Ends the pause between two syncs. */
  #resume: () => void = () => undefined;
  #hurried = false;
  #unsynced = false;
  #broken: DataError | undefined;

  /** @param size where the file ends */
  constructor(path: string, file: FileHandle, size: number) {
    this.#path = path;
    this.#file = file;
    this.#size = size;
  }

  /**
   * @returns where the line stands
   * @throws DataError (E_RUN_WRITE) when the disk is full or gone; every later call throws the same
   */
  append(line: string): Promise<{ readonly offset: number; readonly bytes: number }> {
    return new Promise((written, failed) => {
      this.#waiting.push({ data: Buffer.from(`${line}\n`), written, failed });
      this.#writing ??= this.#writeAll().finally(() => {
        this.#writing = undefined;
      });
    });
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const lines = this.#waiting;
      this.#waiting = [];
      let left = await this.#write(Buffer.concat(lines.map(({ data }) => data)));
      for (const { data, written, failed } of lines) {
        left -= data.length;
        if (left < 0) failed(this.#broken);
        else {
          written({ offset: this.#size, bytes: data.length });
          this.#size += data.length;
          this.#unsynced = true;
        }
      }
      // Best effort: whole lines that still found room stay; where even this fails, resume drops the torn one.
      if (this.#broken) await this.#file.truncate(this.#size).catch(() => undefined);
      if (this.#unsynced) this.#syncing ??= this.#sync();
    }
  }

  /** @returns how many bytes were written: all, or fewer and `#broken` says why */
  async #write(data: Buffer): Promise<number> {
    let done = 0;
    if (this.#broken) return done;
    try {
      while (done < data.length) {
        const { bytesWritten } = await this.#file.write(data, done, data.length - done, this.#size + done);
        done += bytesWritten;
      }
    } catch (error) {
      this.#broken = diskError(this.#path, error);
    }
    return done;
  }

  async #sync(): Promise<void> {
    try {
      while (this.#unsynced) {
        this.#unsynced = false;
        await this.#file.datasync();
        await this.#pause();
      }
    } catch (error) {
      this.#broken ??= diskError(this.#path, error);
    } finally {
      this.#syncing = undefined;
    }
  }

  /** No pause is made once the file is to be whole. */
  async #pause(): Promise<void> {
    if (this.#hurried) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PAUSE_MS);
      this.#resume = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #hurry(): void {
    this.#hurried = true;
    this.#resume();
  }

  async read(offset: number, bytes: number): Promise<Buffer> {
    return readExactly(this.#file, offset, bytes, this.#path);
  }

  /** Waits for what is being written and synced. @throws DataError when some of it could not be */
  async flush(): Promise<void> {
    await this.#writing;
    this.#hurry();
    await this.#syncing;
    if (this.#broken) throw this.#broken;
  }

  async close(): Promise<void> {
    await this.#writing;
    this.#hurry();
    await this.#syncing;
    await this.#file.close();
  }
}

/** Reads one line of a known place. @throws DataError when the file does not hold a whole line there */
export async function readExactly(file: FileHandle, offset: number, bytes: number, path: string): Promise<Buffer> {
  const data = Buffer.alloc(bytes);
  let done = 0;
  while (done < bytes) {
    const { bytesRead } = await file.read(data, done, bytes - done, offset + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  if (done === bytes && data[bytes - 1] === 10) return data;
  throw new DataError([
    {
      code: "E_RUN_LINE",
      where: path,
      expected: `a line of ${bytes} bytes at byte ${offset}, ended by a line feed`,
      got: "something else",
      fix: "let nothing else write the file, and convert no line ends; run again with --fresh",
    },
  ]);
}

/** Turns an error of the operating system into one that says what to do; anything else is a defect and passes. */
export function diskError(path: string, error: unknown): DataError {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined) throw error;
  const full = code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG";
  return new DataError(
    [
      {
        code: "E_RUN_WRITE",
        where: path,
        expected: "a disk that takes the run",
        got: full ? `no space left (${code})` : code,
        fix: full
          ? "free some space, then go on with `bench run --resume`"
          : "check the disk and the rights of the folder",
      },
    ],
    { cause: error },
  );
}
