import type { LexicalJudge, ModelJudge } from "../../config/load-judge.ts";
import type { Grade, GradeRequest, Judge } from "../../core/contracts.ts";
import { SystemFailure, UnavailableError } from "../../core/errors.ts";
import { forEachLimited } from "../../lib/pool.ts";
import type { ProbeFigures } from "../../runlog/index.ts";
import { wilson } from "../../stats/index.ts";
import { answersToGrade } from "../grade/answers-to-grade.ts";
import { DOWN_AFTER } from "../grade/record-grades.ts";
import { opinionOf } from "./opinions.ts";
import { PROBES, type ProbeItem } from "./probes.ts";

export interface ProbeJudgeDeps {
  readonly grader: Judge;
  /** Answers probed at once. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
  /** Whose grades are looked at, of the judge's rubric. Default: its first. */
  readonly criterion?: string;
  /** After each answer that was put through all probes. */
  onItem?(done: number): void;
}

/**
 * Makes answers that a sound judge must treat in a known way, from the answers of a run, and counts how often the judge does. Each
 * probe has an answer to a question at most once, so that its interval is Wilson's.
 * @param level the confidence level of the intervals, in (0, 1)
 * @throws UnavailableError when the judge's endpoint is down
 */
export async function probeJudge(
  judge: ModelJudge | LexicalJudge,
  items: readonly ProbeItem[],
  level: number,
  { grader, concurrency, signal, criterion, onItem = () => undefined }: ProbeJudgeDeps,
): Promise<ProbeFigures[]> {
  const counts = PROBES.map(() => ({ passed: 0, n: 0, noVerdict: 0, notApplicable: 0 }));
  let [done, silent] = [0, 0];
  await forEachLimited(items, concurrency, signal, async (item, stop) => {
    const ask = async (request: GradeRequest): Promise<Grade | undefined> => {
      try {
        const grade = await grader.grade(request, stop);
        silent = 0;
        return grade;
      } catch (error) {
        stop.throwIfAborted();
        if (!(error instanceof SystemFailure)) throw error;
        silent += 1;
        if (silent >= DOWN_AFTER) throw probesBrokenOff(judge, `${done} of ${items.length} answers`, error.message);
        return undefined;
      }
    };
    const opinion = opinionOf(judge, item, ask, criterion);
    for (const [at, probe] of PROBES.entries()) {
      const result = await probe.run(item, opinion);
      const count = counts[at]!;
      if (result === "not-applicable") count.notApplicable += 1;
      else if (result === undefined) count.noVerdict += 1;
      else {
        count.n += 1;
        count.passed += result ? 1 : 0;
      }
    }
    done += 1;
    onItem(done);
  });
  signal.throwIfAborted();
  return PROBES.map(({ id, title, expects }, at) => {
    const count = counts[at]!;
    const { passed, n } = count;
    return { id, title, expects, ...count, ...(n > 0 && { rate: passed / n, ...wilson(passed, n, level) }) };
  });
}

/** @param done how far it came @param last what was said of the last call */
function probesBrokenOff({ file }: ModelJudge | LexicalJudge, done: string, last: string): UnavailableError {
  const got = `${DOWN_AFTER} failures in a row after ${done} were probed, the last: ${last}`;
  const fix = "mend the endpoint and run the same command again: it begins anew, nothing of this try is kept";
  return new UnavailableError([{ code: "E_JUDGE_DOWN", where: file, expected: "a judge that answers", got, fix }]);
}

/**
 * What a judge would be asked by the probes, if it gave each answer the lowest grade: one that gives the highest is asked about
 * another answer besides, and no more.
 */
export async function probeRequests(
  judge: ModelJudge | LexicalJudge,
  items: readonly ProbeItem[],
): Promise<GradeRequest[]> {
  const asked: GradeRequest[] = [];
  const scores = new Map(judge.rubric.criteria.map(({ id, steps }) => [id, steps[0]!.value]));
  const grader: Judge = {
    async grade(request) {
      asked.push(request);
      return { ok: true, scores, reason: "", raw: "", asked: 0, timing: { ms: 0, source: "replayed" } };
    },
  };
  await probeJudge(judge, items, 0.95, { grader, concurrency: 1, signal: new AbortController().signal });
  return asked;
}

/** The first answers of a run that decline nothing, one of each question, each with the answer to the next question beside it. */
export async function probeItems(dir: string, condition: string, limit: number): Promise<ProbeItem[]> {
  const found: ProbeItem[] = [];
  for await (const { answer, ...shown } of answersToGrade(dir, { conditions: [condition], refusals: false })) {
    if (answer.trial === 0) found.push({ ...shown, answer: answer.text });
    if (found.length === limit) break;
  }
  return found.map((item, at) => {
    const others = [...found.slice(at + 1), ...found.slice(0, at)];
    const other = others.find(({ answer, query }) => answer !== item.answer && query.id !== item.query.id);
    return { ...item, ...(other && { stray: other.answer }) };
  });
}
