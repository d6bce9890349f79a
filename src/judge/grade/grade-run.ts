import type { Judge as LoadedJudge } from "../../config/load-judge.ts";
import { GradeWriter, type GradingHead } from "../../runlog/index.ts";
import { type AnswersToGradeOptions, answersToGrade } from "./answers-to-grade.ts";
import { gradingHead, judgesRefusals } from "./grading-head.ts";
import { type GradeRunDeps, type GradeRunResult, type PlacedRequest, recordGrades } from "./record-grades.ts";

export interface GradeRunOptions extends Pick<AnswersToGradeOptions, "conditions" | "limit"> {
  /** How often each answer is judged. */
  readonly repeats: number;
  /** Whether the judge has anything to say of an answer. @default of all */
  readonly about?: (request: PlacedRequest) => boolean;
  /** Of people: how many they are and how far they agree. */
  readonly people?: GradingHead["people"];
  /** Of a panel's vote: who voted and how far they agree. */
  readonly panel?: GradingHead["panel"];
  /** The models that wrote the dataset's references, where it names them. */
  readonly referencesBy?: readonly string[];
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
  const { clock, owner } = deps;
  const writer = await GradeWriter.open(dir, await gradingHead(dir, judge, options, clock), owner);
  try {
    const result = await recordGrades(writer, gradeRequests(dir, judge, options), judge, deps);
    const whole = result.state === "complete" && options.conditions === undefined && options.limit === undefined;
    if (whole) await writer.seal(new Date(clock.now()).toISOString());
    return result;
  } finally {
    await writer.close();
  }
}

/** Every answer of a complete run that a judge is asked about, as often as it is asked. */
export async function* gradeRequests(
  dir: string,
  judge: LoadedJudge,
  { repeats, conditions, limit, about = () => true }: GradeRunOptions,
): AsyncGenerator<PlacedRequest> {
  const answers = answersToGrade(dir, {
    refusals: judgesRefusals(judge),
    ...(conditions && { conditions }),
    ...(limit !== undefined && { limit }),
  });
  for await (const { answer, ...shown } of answers) {
    const { text, condition, trial } = answer;
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      const request = { ...shown, answer: text, condition, trial, repeat };
      if (about(request)) yield request;
    }
  }
}
