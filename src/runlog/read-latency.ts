import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { DataError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { readLines } from "../lib/jsonl.ts";
import { checkRecord } from "./check-line.ts";
import {
  LATENCY_SCHEMA,
  type LatencyHead,
  type LatencyLine,
  LatencyLineSchema,
  type ThroughputLine,
  type TimingLine,
} from "./latency-schema.ts";
import type { Run } from "./open-run.ts";
import { runFolder } from "./run-folder.ts";

/** A latency pass in columns; 8 bytes a question and stage. */
export interface LatencyPass {
  readonly head: LatencyHead;
  /** Durations of measured searches in milliseconds, in the order asked. */
  readonly ms: Float64Array;
  /** The same per stage, where the retriever times them; in the order in which stages run. */
  readonly stages: ReadonlyMap<string, Float64Array>;
  /** Searches that came from a cache, a store or a file: they are in none of the durations. */
  readonly notMeasured: number;
  readonly failures: number;
  /** Searches whose ranking was compared with the log's, and those of them that found other passages or another order. */
  readonly compared: number;
  readonly different: number;
  readonly throughput: readonly ThroughputLine[];
}

/**
 * Reads the latency pass of a run.
 * @returns undefined where none was made
 * @throws DataError (E_RUN_LATENCY) when the file is damaged or belongs to another log
 */
export async function readLatency(run: Run): Promise<LatencyPass | undefined> {
  const path = runFolder(run.dir).latency;
  if (!existsSync(path)) return undefined;
  const problems: Problem[] = [];
  const columns = new Columns();
  const hash = createHash("sha256");
  let head: LatencyHead | undefined;
  let ended = false;
  for await (const line of readLines(path)) {
    const checked = checkRecord<LatencyLine>(LatencyLineSchema, line, path);
    if (!checked.ok) throw new DataError(checked.problems);
    const { value } = checked;
    const where = `${path}:${line.number}`;
    if ((value.kind === "latency") !== (line.number === 1)) {
      throw new DataError([wrong(where, "one line of kind latency, the first", `kind ${value.kind}`)]);
    }
    if (ended) throw new DataError([wrong(where, "nothing after the end line", "another line")]);
    if (value.kind === "latency") {
      head = value;
      problems.push(...checkHead(head, run, where));
    } else if (value.kind === "end") {
      ended = true;
      const { timings, failures } = columns;
      if (value.sha256 !== hash.copy().digest("hex")) problems.push(wrong(where, "the lines as written", "other ones"));
      if (value.counts.timings !== timings || value.counts.failures !== failures) {
        problems.push(wrong(where, `counts of ${timings} and ${failures}`, JSON.stringify(value.counts)));
      }
    } else if (value.kind === "timing") columns.add(value);
    else if (value.kind === "failure") columns.failures += 1;
    else columns.throughput.push(value);
    if ("text" in line) hash.update(`${line.text}\n`);
  }
  if (!ended) problems.push(wrong(path, "a last line of kind end", "none"));
  if (problems.length > 0 || head === undefined) throw new DataError(problems);
  return columns.build(head);
}

class Columns {
  timings = 0;
  failures = 0;
  readonly throughput: ThroughputLine[] = [];
  readonly #ms: number[] = [];
  readonly #stages = new Map<string, number[]>();
  #compared = 0;
  #different = 0;

  add({ ms, stages = [], source, same }: TimingLine): void {
    this.timings += 1;
    if (same !== undefined) this.#compared += 1;
    if (same === false) this.#different += 1;
    if (source !== "measured") return;
    this.#ms.push(ms);
    for (const [stage, part] of stages) {
      const known = this.#stages.get(stage);
      if (known === undefined) this.#stages.set(stage, [part]);
      else known.push(part);
    }
  }

  build(head: LatencyHead): LatencyPass {
    return {
      head,
      ms: Float64Array.from(this.#ms),
      stages: new Map(Array.from(this.#stages, ([stage, ms]) => [stage, Float64Array.from(ms)])),
      notMeasured: this.timings - this.#ms.length,
      failures: this.failures,
      compared: this.#compared,
      different: this.#different,
      throughput: this.throughput,
    };
  }
}

function checkHead(head: LatencyHead, run: Run, where: string): Problem[] {
  if (head.schema > LATENCY_SCHEMA) {
    const fix = "read it with the version of Plumbline that wrote it, or a later one";
    const expected = `a pass of version ${LATENCY_SCHEMA} or older`;
    return [{ code: "E_RUN_SCHEMA", where, expected, got: `version ${head.schema}`, fix }];
  }
  if (head.log === run.end?.sha256) return [];
  return [wrong(`${where} /log`, `the SHA-256 of this run's log, ${run.end?.sha256 ?? "which has no end"}`, head.log)];
}

function wrong(where: string, expected: string, got: string): Problem {
  const fix = "measure again with `bench run --latency`, or remove the file";
  return { code: "E_RUN_LATENCY", where, expected, got, fix };
}
