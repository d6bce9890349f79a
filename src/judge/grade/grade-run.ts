import type { Judge as LoadedJudge } from "../../config/load-judge.ts";
import type { Clock, Grade, GradeRequest, Usage } from "../../core/contracts.ts";
import { SystemFailure, UnavailableError } from "../../core/errors.ts";
import { forEachLimited } from "../../lib/pool.ts";
import { truncate } from "../../lib/text.ts";
import {
  GRADES_SCHEMA,
  type GradedLine,
  GradeWriter,
  type GradingHead,
  type Owner,
  openRun,
} from "../../runlog/index.ts";
import { type AnswersToGradeOptions, type AnswerToGrade, answersToGrade } from "./answers-to-grade.ts";

/** A judge's raw reply is kept for people to read; a page of it is enough. */
const LONGEST_RAW = 4000;
const LONGEST_MESSAGE = 1000;
/** So many answers in a row that the endpoint gave nothing for, and it is taken to be down. */
const DOWN_AFTER = 8;
/** What no further question will get past either. */
const LASTING: ReadonlySet<string> = new Set(["E_ENDPOINT_REFUSED_KEY", "E_ENDPOINT_QUOTA"]);

/** An answer to grade with its place in the run. */
export interface PlacedRequest extends GradeRequest {
  readonly condition: string;
  readonly trial: number;
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

export interface GradeRunOptions extends Pick<AnswersToGradeOptions, "conditions" | "limit"> {
  /** How often each answer is judged. */
  readonly repeats: number;
}

/**
 * Has a judge grade the answers of a complete run, into the judge's file in the run's folder. What that file has is not judged
 * again. A verdict that cannot be used and an answer that the endpoint fails on are recorded as failures of the judge.
 *
 * With `limit` or `conditions` the file stays without its end line, for the rest to follow.
 * @throws DataError when the file is of another log or cannot be written; UnavailableError when the judge's endpoint is down: what
 *   was judged stays
 */
export async function gradeRun(
  dir: string,
  judge: LoadedJudge,
  options: GradeRunOptions,
  deps: GradeRunDeps,
): Promise<GradeRunResult> {
  const { grader, concurrency, clock, owner, signal, onEvent = () => undefined, enough = () => false } = deps;
  const { repeats, conditions, limit } = options;
  const writer = await GradeWriter.open(dir, await headOf(dir, judge, repeats, clock), owner);
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
  try {
    onEvent(progress());
    const refusals = judgesRefusals(judge);
    let limited = false;
    const answers = answersToGrade(dir, {
      refusals,
      ...(conditions && { conditions }),
      ...(limit !== undefined && { limit }),
    });
    const stopped = await stoppedBy(signal, () =>
      forEachLimited(eachRepeat(answers, repeats), concurrency, signal, async ([item, repeat], stop) => {
        const { query, condition, trial } = item.answer;
        if (writer.has({ query, condition, trial, repeat })) return;
        limited ||= enough();
        if (limited) return;
        const { line, reached } = await gradeOne(grader, item, repeat, stop);
        unanswered.push(line);
        if (!reached && unanswered.length >= DOWN_AFTER) throw down(judge, line);
        if (reached) await record(unanswered.splice(0));
      }),
    );
    if (!stopped) await record(unanswered.splice(0));
    const whole = !stopped && !limited && conditions === undefined && limit === undefined;
    if (whole) await writer.seal(new Date(clock.now()).toISOString());
    return { state: stopped || limited ? "interrupted" : "complete", path: writer.path, ...progress() };
  } finally {
    await writer.close();
  }
}

/** Whether answers that decline are graded too; by a panel where all of its members grade them. */
export function judgesRefusals(judge: LoadedJudge): boolean {
  return judge.kind === "panel" ? judge.members.every(judgesRefusals) : judge.config.refusals === "judged";
}

async function headOf(dir: string, judge: LoadedJudge, repeats: number, clock: Clock): Promise<GradingHead> {
  const { manifest, end } = await openRun(dir);
  if (!end)
    throw new UnavailableError([
      {
        code: "E_RUN_INTERRUPTED",
        where: dir,
        expected: "a complete run",
        got: "one without its end",
        fix: "finish it with `bench run --resume`",
      },
    ]);
  const { id, sha256, rubric, config } = judge;
  return {
    kind: "grading",
    schema: GRADES_SCHEMA,
    run: manifest.run,
    log: end.sha256,
    judge: { id, sha256, rubric: rubric.sha256, ...(config.title && { title: config.title }), config },
    criteria: rubric.criteria.map(({ id: name, question, steps, weight }) => ({
      id: name,
      question,
      steps: [...steps],
      ...(weight !== undefined && { weight }),
    })),
    repeats,
    refusals: judgesRefusals(judge) ? "judged" : "apart",
    startedAt: new Date(clock.now()).toISOString(),
  };
}

async function* eachRepeat(answers: AsyncIterable<AnswerToGrade>, repeats: number) {
  for await (const answer of answers)
    for (let repeat = 0; repeat < repeats; repeat += 1) yield [answer, repeat] as const;
}

/** @returns `reached`: whether the judge said anything at all */
async function gradeOne(
  grader: Grader,
  { query, answer, passages, goldPassages }: AnswerToGrade,
  repeat: number,
  signal: AbortSignal,
): Promise<{ readonly line: GradedLine; readonly reached: boolean }> {
  const slot = { query: query.id, condition: answer.condition, trial: answer.trial, repeat };
  try {
    const { text, condition, trial } = answer;
    const grade = await grader.grade({ query, passages, goldPassages, answer: text, condition, trial, repeat }, signal);
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

function down(judge: LoadedJudge, line: GradedLine): UnavailableError {
  const got = "message" in line ? line.message : "nothing";
  return new UnavailableError([
    {
      code: "E_JUDGE_DOWN",
      where: judge.file,
      expected: "a judge that answers",
      got: `${DOWN_AFTER} failures in a row, the last: ${got}`,
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
