import type { Judge as LoadedJudge } from "../../config/load-judge.ts";
import type { Clock, Grade, GradeRequest, Usage } from "../../core/contracts.ts";
import { SystemFailure, UnavailableError, USED_UP } from "../../core/errors.ts";
import { forEachLimited } from "../../lib/pool.ts";
import { truncate } from "../../lib/text.ts";
import type { GradedLine, GradeWriter, Owner, PairOrder } from "../../runlog/index.ts";

/** A judge's raw reply is kept for people to read; a page of it is enough. */
const LONGEST_RAW = 4000;
const LONGEST_MESSAGE = 1000;
/** So many answers in a row that the endpoint gave nothing for, and it is taken to be down. */
export const DOWN_AFTER = 8;
/** What no further question will get past either. */
const LASTING: ReadonlySet<string> = new Set(["E_ENDPOINT_REFUSED_KEY", "E_ENDPOINT_QUOTA"]);

/** An answer to grade with its place in the run. */
export interface PlacedRequest extends GradeRequest {
  readonly condition: string;
  readonly trial: number;
  /** Of two answers, which one is shown first. */
  readonly order?: PairOrder;
  /** The passage that is graded, where that is no answer. */
  readonly passage?: GradedLine["passage"];
}

/** What grades the answers of a run: any `Judge`, and what has to know which answer it is. */
export interface Grader {
  /** @throws SystemFailure when the judge could not be asked */
  grade(request: PlacedRequest, signal: AbortSignal): Promise<Grade>;
}

export interface GradeRunDeps {
  /** Asks the judge. */
  readonly grader: Grader;
  /** Answers judged at once. */
  readonly concurrency: number;
  readonly clock: Clock;
  readonly owner: Owner;
  /** Aborting it stops the judging, which can be gone on with. */
  readonly signal: AbortSignal;
  onEvent?(event: GradeEvent): void;
  /** Whether no further answer may be judged; what is under way is finished. */
  enough?(): boolean;
}

export interface GradeProgress {
  readonly graded: number;
  readonly failed: number;
  /** Of this session. */
  readonly usage: Usage;
}

/** `line` is what was just judged; the first event has none. */
export type GradeEvent = GradeProgress & { readonly line?: GradedLine };

export interface GradeRunResult extends GradeProgress {
  readonly state: "complete" | "interrupted";
  readonly path: string;
}

/**
 * Has a judge grade what is asked for, into a file. What the file has is not judged again. A verdict that cannot be used and an
 * answer that the endpoint fails on are recorded as failures of the judge.
 * @returns `complete` when everything was judged; the file is not sealed
 * @throws UnavailableError when the judge's endpoint is down or its budget used up: what was judged stays
 */
export async function recordGrades(
  writer: GradeWriter,
  requests: AsyncIterable<PlacedRequest>,
  judge: Pick<LoadedJudge, "file">,
  deps: GradeRunDeps,
): Promise<GradeRunResult> {
  const { grader, concurrency, signal, onEvent = () => undefined, enough = () => false } = deps;
  const session = { promptTokens: 0, completionTokens: 0 };
  const progress = (): GradeProgress => {
    const { grades, failures } = writer.counts;
    return { graded: grades, failed: failures, usage: { ...session } };
  };
  /** Of answers that the endpoint said nothing to: failures if it answers others, no result at all if it is down. */
  const unanswered: GradedLine[] = [];
  const record = async (lines: readonly GradedLine[]): Promise<void> => {
    for (const line of lines) {
      session.promptTokens += line.usage?.promptTokens ?? 0;
      session.completionTokens += line.usage?.completionTokens ?? 0;
      await writer.append(line);
      onEvent({ line, ...progress() });
    }
  };
  onEvent(progress());
  let limited = false;
  /** Why the judge takes no further answer; what is under way is finished, because it is paid for. */
  let usedUp: UnavailableError | undefined;
  const stopped = await stoppedBy(signal, () =>
    forEachLimited(requests, concurrency, signal, async (request, stop) => {
      if (writer.has(slotOf(request))) return;
      limited ||= enough();
      if (limited || usedUp) return;
      const graded = await gradeOne(grader, request, stop).catch((error: unknown) => {
        if (!(error instanceof UnavailableError) || !USED_UP.has(error.code)) throw error;
        usedUp ??= error;
        return undefined;
      });
      if (graded === undefined) return;
      const { line, reached } = graded;
      unanswered.push(line);
      if (!reached && unanswered.length >= DOWN_AFTER)
        throw judgeDown(judge, "message" in line ? line.message : "nothing");
      if (reached) await record(unanswered.splice(0));
    }),
  );
  if (usedUp) throw usedUp;
  if (!stopped) await record(unanswered.splice(0));
  return { state: stopped || limited ? "interrupted" : "complete", path: writer.path, ...progress() };
}

function slotOf({ query, condition, trial, repeat, order, passage }: PlacedRequest) {
  return {
    query: query.id,
    condition,
    trial,
    repeat,
    ...(order && { order }),
    ...(passage && { passage }),
  };
}

/** @returns `reached`: whether the judge said anything at all */
async function gradeOne(
  grader: Grader,
  request: PlacedRequest,
  signal: AbortSignal,
): Promise<{ readonly line: GradedLine; readonly reached: boolean }> {
  const slot = slotOf(request);
  try {
    const grade = await grader.grade(request, signal);
    const { asked, usage, timing } = grade;
    const cost = { asked, ...(usage && { usage }), timing: { ms: timing.ms, source: timing.source } };
    if (grade.ok) {
      const scores = Object.fromEntries(grade.scores);
      return { line: { kind: "grade", ...slot, scores, reason: grade.reason, ...cost }, reached: true };
    }
    const { code, message, raw } = grade;
    return {
      line: { kind: "judge-failure", ...slot, code, message, raw: truncate(raw, LONGEST_RAW), ...cost },
      reached: true,
    };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SystemFailure)) throw error;
    const { code, attempts, retryable } = error;
    const message = truncate(error.message, LONGEST_MESSAGE);
    // A server that refuses this one request, as too long for example, is up.
    const reached = !retryable && !LASTING.has(code);
    return { line: { kind: "judge-failure", ...slot, code, message, asked: attempts }, reached };
  }
}

/** @param last what was said of the last answer */
export function judgeDown(judge: Pick<LoadedJudge, "file">, last: string): UnavailableError {
  return new UnavailableError([
    {
      code: "E_JUDGE_DOWN",
      where: judge.file,
      expected: "a judge that answers",
      got: `${DOWN_AFTER} failures in a row, the last: ${last}`,
      fix: "mend the endpoint and run the same command again: what was judged is kept",
    },
  ]);
}

/** @returns whether work ended because of the signal */
async function stoppedBy(signal: AbortSignal, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
  } catch (error) {
    if (!signal.aborted || error instanceof UnavailableError) throw error;
  }
  return signal.aborted;
}
