import { mkdir, open, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DataError } from "../../core/errors.ts";
import { hashValue, sha256File } from "../../lib/hash.ts";
import { fileNameOf } from "../../lib/text.ts";
import { AppendFile } from "../append-file.ts";
import { lockRun, type Owner } from "../lock.ts";
import type { GradedLine, GradingEnd, GradingHead } from "./grade-schema.ts";
import { openGrading, readGrades } from "./read-grades.ts";

/** Where the grades of a judge stand in a run's folder: another version of the judge has another file. */
export function gradesFile(dir: string, { id, sha256 }: Pick<GradingHead["judge"], "id" | "sha256">): string {
  return join(dir, "grades", `${fileNameOf(id)}-${sha256.slice(0, 8)}.jsonl`);
}

/** Where the verdicts of a judge on a run's answers beside another run's stand: in the folder of the first. */
export function pairsFile(
  dir: string,
  { id, sha256 }: Pick<GradingHead["judge"], "id" | "sha256">,
  run: string,
): string {
  return join(dir, "pairs", `${fileNameOf(id)}-${sha256.slice(0, 8)}-${hashValue(run).slice(0, 8)}.jsonl`);
}

type Slot = Pick<GradedLine, "query" | "condition" | "trial" | "repeat" | "order" | "passage">;

/** One text for each place of a grade. Ids may hold anything but a line feed. */
export function gradeKey({ query, condition, trial, repeat, order, passage }: Slot): string {
  return `${trial}\n${repeat}\n${order ?? ""}\n${passage === undefined ? "" : `${passage.sha256} ${passage.id}`}\n${condition}\n${query}`;
}

/**
 * Appends grades to a file, each line at once, so that a killed process loses at most the line it was writing. A file without its
 * end line is gone on with: what it has is not judged again.
 */
export class GradeWriter {
  readonly #append: AppendFile;
  readonly #path: string;
  readonly #done: Set<string>;
  readonly #counts: { grades: number; failures: number };
  readonly #release: () => Promise<void>;
  #end: GradingEnd | undefined;

  private constructor(
    path: string,
    append: AppendFile,
    done: Set<string>,
    counts: { grades: number; failures: number },
    release: () => Promise<void>,
    end: GradingEnd | undefined,
  ) {
    this.#path = path;
    this.#append = append;
    this.#done = done;
    this.#counts = counts;
    this.#release = release;
    this.#end = end;
  }

  /**
   * Makes the file of a judge's grades, or of its verdicts on pairs, or goes on with it.
   * @throws DataError when another process writes it (E_RUN_BUSY), when it is of another log or number of repeats (E_GRADES_OTHER),
   *   or damaged elsewhere than at its end
   */
  static async open(dir: string, head: GradingHead, owner: Owner): Promise<GradeWriter> {
    const path = head.against ? pairsFile(dir, head.judge, head.against.run) : gradesFile(dir, head.judge);
    const locks = `${path}.writing`;
    await mkdir(locks, { recursive: true });
    const unlock = await lockRun(locks, owner);
    const release = async (): Promise<void> => {
      await unlock();
      // Another process may just have put its lock there.
      await rmdir(locks).catch(() => undefined);
    };
    try {
      await mkdir(dirname(path), { recursive: true });
      const done = new Set<string>();
      const counts = { grades: 0, failures: 0 };
      let [size, end]: [number, GradingEnd | undefined] = [0, undefined];
      if ((await stat(path).catch(() => undefined))?.size) {
        const there = await openGrading(path).catch(() => undefined);
        // A head that was torn is no head: nothing was judged yet.
        if (there) {
          checkSame(path, there.head, head);
          const lines = readGrades(path);
          let next = await lines.next();
          for (; !next.done; next = await lines.next()) {
            done.add(gradeKey(next.value));
            counts[next.value.kind === "grade" ? "grades" : "failures"] += 1;
          }
          ({ size, end } = { end: undefined, ...next.value });
        }
      }
      const file = await open(path, size > 0 ? "r+" : "w+");
      await file.truncate(size);
      const append = new AppendFile(path, file, size);
      if (size === 0) await append.append(JSON.stringify(head));
      return new GradeWriter(path, append, done, counts, release, end);
    } catch (error) {
      await release();
      throw error;
    }
  }

  get path(): string {
    return this.#path;
  }

  get counts(): { readonly grades: number; readonly failures: number } {
    return this.#counts;
  }

  /** Whether all was judged. */
  get sealed(): boolean {
    return this.#end !== undefined;
  }

  has(slot: Slot): boolean {
    return this.#done.has(gradeKey(slot));
  }

  /** @throws DataError (E_RUN_WRITE) when the disk is full or gone */
  async append(line: GradedLine): Promise<void> {
    await this.#append.append(JSON.stringify(line));
    this.#done.add(gradeKey(line));
    this.#counts[line.kind === "grade" ? "grades" : "failures"] += 1;
  }

  /** Writes the end line; the file is complete then. @param endedAt ISO 8601, UTC */
  async seal(endedAt: string): Promise<void> {
    if (this.#end) return;
    await this.#append.flush();
    const sha256 = await sha256File(this.#path);
    this.#end = { kind: "end", counts: { ...this.#counts }, endedAt, sha256 };
    await this.#append.append(JSON.stringify(this.#end));
    await this.#append.flush();
  }

  async close(): Promise<void> {
    try {
      await this.#append.close();
    } finally {
      await this.#release();
    }
  }
}

function checkSame(path: string, there: GradingHead, head: GradingHead): void {
  const differs =
    there.judge.sha256 !== head.judge.sha256
      ? ["the judge", there.judge.sha256.slice(0, 12), head.judge.sha256.slice(0, 12)]
      : there.log !== head.log
        ? ["the log", there.log.slice(0, 12), head.log.slice(0, 12)]
        : there.against?.log !== head.against?.log
          ? ["the other log", `${there.against?.log.slice(0, 12)}`, `${head.against?.log.slice(0, 12)}`]
          : there.repeats !== head.repeats
            ? ["repeats", there.repeats, head.repeats]
            : undefined;
  if (!differs) return;
  const [what, got, expected] = differs;
  throw new DataError([
    {
      code: "E_GRADES_OTHER",
      where: path,
      expected: `grades of ${what} ${expected}`,
      got: `of ${what} ${got}`,
      fix: "judge again with --fresh",
    },
  ]);
}
