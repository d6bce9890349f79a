import { setTimeout as delay } from "node:timers/promises";
import type { Clock, Generator, Retriever } from "../core/contracts.ts";
import { BadArgument, BenchError, EXIT, UnavailableError, USED_UP } from "../core/errors.ts";
import type { Passage } from "../core/passage.ts";
import { forEachLimited } from "../lib/pool.ts";
import {
  carryOver,
  type FailureLine,
  type Manifest,
  type OpenFile,
  type Owner,
  type QuestionRecord,
  type ResultLine,
  RunLogWriter,
} from "../runlog/index.ts";
import { askQuestion, type Reply } from "./ask-question.ts";
import type { Progress, RunEvent, RunResult } from "./events.ts";
import type { Placement } from "./place-run.ts";
import type { Plan } from "./plan-run.ts";
import { LimitWatch, type RunLimits } from "./run-limits.ts";
import { SetAside } from "./set-aside.ts";
import { WriteBehind } from "./write-behind.ts";

export interface RunDeps {
  /** The system under test; `buildSystem` makes one from a file. */
  readonly system: {
    readonly retriever?: Retriever;
    readonly generator?: Generator;
    readonly concurrency: number;
    preflight?(signal: AbortSignal): Promise<void>;
  };
  /** The corpus by id: an `openPassageStore`. */
  readonly passages: { get(ids: readonly string[]): Promise<readonly (Passage | undefined)[]> };
  readonly clock: Clock;
  /** Aborting it stops the run, which can then be resumed. */
  readonly signal: AbortSignal;
  readonly owner: Owner;
  readonly onEvent?: (event: RunEvent) => void;
  /** Waits between attempts. @default a timer */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** @default the file system */
  readonly open?: OpenFile;
  /** When to stop although questions are left. @default never */
  readonly limits?: RunLimits;
}

/**
 * Carries a plan out: asks every question that the log lacks, scores as replies come, and completes the log. A failing
 * question is recorded with the floors of its metrics and the run goes on.
 * @returns `interrupted` when the signal was aborted or a limit was reached; calls in flight have ended and all that was
 * finished is in the log
 * @param place where `placeRun` put it, to be created or resumed
 * @throws DataError, UnavailableError; any other error is a defect. The run can be resumed after each of them
 */
export async function executeRun(plan: Plan, place: Placement, deps: RunDeps): Promise<RunResult> {
  const { system, clock, signal, onEvent = () => undefined, sleep = wait } = deps;
  if (place.action === "reuse") throw new BadArgument(`${place.run} is finished and is not carried out again`);
  // An endpoint that is down should not leave an empty run behind.
  if (place.action === "create") await system.preflight?.(signal);
  const writer = await openWriter(plan, place, deps);
  const session = { inFlight: 0, retries: 0 };
  const progress = (): Progress => ({
    done: writer.done,
    total: writer.slots.size,
    failed: writer.counts.failures,
    refused: writer.refused,
    ...session,
    ...(writer.totals.cost.priced > 0 && { usd: writer.totals.cost.usd }),
    ...(writer.totals.score && { score: writer.totals.score }),
  });
  const watch = new LimitWatch(deps.limits ?? {}, clock, writer.totals.cost);
  const behind = new WriteBehind(system.concurrency);
  const record = (lineOf: () => ResultLine): Promise<void> =>
    behind.add(async () => {
      const line = lineOf();
      await writer.append(line);
      onEvent({ type: "progress", line, ...progress() });
    });
  const aside = new SetAside((line) => record(() => line), clock);
  const kept = { shown: plan.shown, passages: (ids: readonly string[]) => deps.passages.get(ids) };
  /** Why the system takes no further question; the calls under way end as they will, because they are paid for. */
  let usedUp: UnavailableError | undefined;
  try {
    onEvent({ type: "started", run: place.run, dir: place.dir, ...progress() });
    if (place.action === "resume" && writer.done < writer.slots.size) await system.preflight?.(signal);
    const asking = {
      plan,
      ...(system.retriever && { retriever: system.retriever }),
      ...(system.generator && { generator: system.generator }),
      passages: kept.passages,
      writer,
      clock,
      sleep,
      async done(reply: Reply, lineOf: () => ResultLine) {
        const recorded = record(lineOf);
        try {
          watch.add(reply);
        } finally {
          await recorded;
        }
        if (reply.kind !== "failure") await aside.answered(reply.kind);
      },
      setAside: (question: QuestionRecord, line: FailureLine) => aside.hold(question, line),
      stopping: () => usedUp !== undefined || watch.reached(session.inFlight) !== undefined,
      inFlight: (change: 1 | -1) => {
        session.inFlight += change;
      },
      onRetry: () => {
        session.retries += 1;
      },
    };
    writer.sealAhead(kept);
    const interrupted = await stoppedBy(signal, async () => {
      const ask = async (questions: Iterable<QuestionRecord>): Promise<void> => {
        const put = async (question: QuestionRecord, stop: AbortSignal): Promise<void> => {
          try {
            await askQuestion(asking, question, stop);
          } catch (error) {
            if (!(error instanceof UnavailableError) || !USED_UP.has(error.code)) throw error;
            usedUp ??= error;
          }
        };
        await forEachLimited(questions, system.concurrency, signal, put);
        await behind.settle();
      };
      await ask(plan.questions.records);
      while (!signal.aborted && !asking.stopping()) {
        const left = await aside.rest();
        // What was recorded just now is not to be asked again.
        await behind.settle();
        if (left.length === 0) return;
        await ask(left);
      }
    });
    await behind.settle();
    if (usedUp !== undefined) throw usedUp;
    const stopped = writer.done < writer.slots.size ? watch.reached(0) : undefined;
    if ((!interrupted && stopped === undefined) || writer.done === writer.slots.size) {
      const endedAt = new Date(clock.now()).toISOString();
      await writer.seal({ endedAt, ...kept });
    }
    const result: RunResult = {
      state: writer.sealed ? "complete" : "interrupted",
      run: place.run,
      dir: place.dir,
      done: writer.done,
      total: writer.slots.size,
      counts: writer.counts,
      questions: writer.slots.queries.length,
      failedQuestions: writer.failedQueries,
      ...(stopped !== undefined && !writer.sealed && { stopped }),
    };
    onEvent({ type: "finished", ...result });
    return result;
  } finally {
    // What was answered before an error is kept; the error is told.
    await behind.settle().catch(() => undefined);
    await writer.close();
  }
}

/**
 * What `bench run` exits with: 130 when interrupted, 4 when a larger share of the questions failed than the suite allows,
 * else 0.
 * @param maxFailures the suite's `max_failures`, 0 to 1
 */
export function exitCodeOf(result: Pick<RunResult, "state" | "questions" | "failedQuestions">, maxFailures: number) {
  if (result.state === "interrupted") return EXIT.interrupted;
  return result.failedQuestions / result.questions > maxFailures ? EXIT.unavailable : EXIT.ok;
}

async function openWriter(plan: Plan, { run, dir, action, retryOf }: Placement, deps: RunDeps): Promise<RunLogWriter> {
  const options = { owner: deps.owner, ...(deps.open && { open: deps.open }) };
  if (action === "resume") return RunLogWriter.resume(dir, options);
  const startedAt = new Date(deps.clock.now()).toISOString();
  const { kind, schema, ...rest } = plan.manifest;
  const carried = retryOf === undefined ? undefined : await carryOver(retryOf);
  const retried = carried && { retried: carried.retried };
  const manifest: Manifest = { kind, schema, run, ...rest, ...retried, startedAt };
  return RunLogWriter.create(dir, manifest, plan.questions.records, options, carried?.lines());
}

/** @returns whether work ended because of the signal; what a user can act on is thrown even then */
async function stoppedBy(signal: AbortSignal, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
  } catch (error) {
    if (!signal.aborted || error instanceof BenchError) throw error;
  }
  return signal.aborted;
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal });
}
