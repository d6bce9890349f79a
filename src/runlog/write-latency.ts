import { BadArgument, DataError } from "../core/errors.ts";
import { openFile } from "./append-file.ts";
import { LATENCY_SCHEMA, type LatencyBodyLine, type LatencyHead } from "./latency-schema.ts";
import { lockRun } from "./lock.ts";
import { openRun } from "./open-run.ts";
import { runFolder } from "./run-folder.ts";
import { writeWhole } from "./write-file.ts";
import type { WriterOptions } from "./writer.ts";

/** What the caller knows of a pass; run, log and depth come from the run itself. */
export type LatencyFacts = Pick<LatencyHead, "warmup" | "batch" | "code" | "machine" | "startedAt">;

/**
 * Writes the latency pass of a complete run as a file beside its log, which stays as it is. The file appears whole when the
 * pass is done and replaces that of an earlier pass: half of a pass, gone on with later, would mix two states of a machine,
 * so that a pass that is stopped leaves nothing and is made again from its start.
 * @param fill makes the pass and gives its lines away one by one
 * @param endedAt ISO 8601, UTC; asked for when the pass is done
 * @throws DataError where the run is interrupted (E_RUN_INTERRUPTED), being written (E_RUN_BUSY), or the disk is full; whatever
 * `fill` throws
 */
export async function writeLatency(
  dir: string,
  facts: LatencyFacts,
  fill: (write: (line: LatencyBodyLine) => Promise<void>) => Promise<void>,
  endedAt: () => string,
  { owner, open = openFile }: WriterOptions,
): Promise<void> {
  const { manifest, end } = await openRun(dir);
  if (end === undefined) throw interrupted(dir);
  if (manifest.depth === 0) throw new BadArgument(`${manifest.run} has no retriever to measure`);
  const release = await lockRun(dir, owner);
  try {
    await writeWhole(runFolder(dir).latency, open, async (sink) => {
      const counts = { timings: 0, failures: 0 };
      const head: LatencyHead = {
        kind: "latency",
        schema: LATENCY_SCHEMA,
        run: manifest.run,
        log: end.sha256,
        queries: manifest.dataset.queries,
        k: manifest.depth,
        ...facts,
      };
      await sink.write(`${JSON.stringify(head)}\n`);
      await fill(async (line) => {
        if (line.kind === "timing") counts.timings += 1;
        if (line.kind === "failure") counts.failures += 1;
        await sink.write(`${JSON.stringify(line)}\n`);
      });
      await sink.write(`${JSON.stringify({ kind: "end", counts, endedAt: endedAt(), sha256: sink.sha256() })}\n`);
    });
  } finally {
    await release();
  }
}

function interrupted(dir: string): DataError {
  return new DataError([
    {
      code: "E_RUN_INTERRUPTED",
      where: dir,
      expected: "a finished run",
      got: "an interrupted one",
      fix: "finish it with `bench run --resume`, then measure",
    },
  ]);
}
