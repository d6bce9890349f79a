import type { Passage } from "../core/passage.ts";
import { sha256File } from "../lib/hash.ts";
import type { OpenFile } from "./append-file.ts";
import { judgedPassages } from "./judged-passages.ts";
import { LineReader } from "./line-reader.ts";
import type { LogIndex } from "./log-index.ts";
import { readQuestions } from "./read-run.ts";
import { runFolder } from "./run-folder.ts";
import type { EndLine, Manifest, QuestionRecord, RetrievalLine } from "./schema.ts";
import { RETRIEVAL } from "./scores.ts";
import { writeWhole } from "./write-file.ts";

/** What completes a run besides its lines. */
export interface SealOptions {
  /** ISO 8601, UTC. */
  readonly endedAt: string;
  /** How many passages of each ranking go into `passages.jsonl`. */
  readonly shown: number;
  /** The passages of ids, in their order; undefined where the corpus has none. */
  passages(ids: readonly string[]): Promise<readonly (Passage | undefined)[]>;
}

/** Passages are asked for in groups of at least this many. */
const BATCH = 256;

/**
 * Writes `passages.jsonl`, then the finished log in the plan's order. Lines are copied by their places, so that memory
 * does not grow with the run; a process killed in between leaves the run as it was.
 */
export async function sealRun(
  dir: string,
  manifest: Manifest,
  index: LogIndex,
  open: OpenFile,
  options: SealOptions,
): Promise<EndLine> {
  const files = runFolder(dir);
  const log = await open(files.log, "r");
  try {
    const lines = new LineReader(log, files.log);
    const passages = await writePassages(dir, index, lines, open, options);
    const questions = await sha256File(files.questions);
    return await writeWhole(files.log, open, async (sink) => {
      await sink.write(`${JSON.stringify(manifest)}\n`);
      for (let slot = 0; slot < index.slots.size; slot += 1) {
        const { offset, bytes } = index.place(slot);
        await sink.write(await lines.read(offset, bytes));
      }
      const end: EndLine = {
        kind: "end",
        status: "complete",
        counts: index.counts,
        files: { questions, passages },
        endedAt: options.endedAt,
        sha256: sink.sha256(),
      };
      await sink.write(`${JSON.stringify(end)}\n`);
      return end;
    });
  } finally {
    await log.close();
  }
}

/** @returns SHA-256 of the file */
async function writePassages(
  dir: string,
  index: LogIndex,
  lines: LineReader,
  open: OpenFile,
  options: SealOptions,
): Promise<string> {
  const files = runFolder(dir);
  return writeWhole(files.passages, open, async (sink) => {
    const seen = new Set<string>();
    let wanted: string[] = [];
    const write = async () => {
      for (const passage of await options.passages(wanted)) {
        if (passage) await sink.write(`${JSON.stringify(plain(passage))}\n`);
      }
      wanted = [];
    };
    for await (const question of readQuestions(dir)) {
      const ranked = await rankedIds(question, index, lines);
      for (const id of [...ranked.slice(0, options.shown), ...goldIds(question)]) {
        if (seen.has(id)) continue;
        seen.add(id);
        wanted.push(id);
      }
      if (wanted.length >= BATCH) await write();
    }
    await write();
    return sink.sha256();
  });
}

async function rankedIds({ id }: QuestionRecord, index: LogIndex, lines: LineReader): Promise<string[]> {
  const slot = index.slots.slotOf(id, RETRIEVAL, 0);
  if (slot === undefined) return [];
  const { offset, bytes } = index.place(slot);
  const line = JSON.parse((await lines.read(offset, bytes)).toString("utf8")) as RetrievalLine;
  return line.kind === "retrieval" ? line.ranking.map(([passage]) => passage) : [];
}

function goldIds(question: QuestionRecord): string[] {
  return judgedPassages(question)
    .filter(([, grade]) => grade >= 1)
    .map(([id]) => id);
}

/** A passage without what its dataset says of it besides. */
function plain({ id, text, title, document, start, end }: Passage): Passage {
  return {
    id,
    text,
    ...(title !== undefined && { title }),
    document,
    ...(start !== undefined && { start }),
    ...(end !== undefined && { end }),
  };
}
