import type { ModelJudge } from "../../config/load-judge.ts";
import type { Grade, Judge } from "../../core/contracts.ts";
import { DataError } from "../../core/errors.ts";
import { GradeWriter, PAIR_ORDERS, type Run } from "../../runlog/index.ts";
import { answersToGrade } from "../grade/answers-to-grade.ts";
import type { GradeRunOptions } from "../grade/grade-run.ts";
import { gradingHead, judgesRefusals } from "../grade/grading-head.ts";
import { type GradeRunDeps, type GradeRunResult, type PlacedRequest, recordGrades } from "../grade/record-grades.ts";
import { selfPreference } from "../grade/self-preference.ts";
import { AnswersAtHand } from "./answers-at-hand.ts";

/** Questions whose two answers were not compared, and why. */
export interface SetApart {
  /** Declined by both, or by one of them. */
  bothRefused: number;
  firstRefused: number;
  secondRefused: number;
  /** Answered by the first and not by the second, which failed or was not asked. */
  unpaired: number;
}

export interface JudgedPairs extends GradeRunResult {
  readonly apart: Readonly<SetApart>;
}

export type JudgePairsOptions = GradeRunOptions;

/**
 * Has a judge compare the answers of two complete runs of one dataset, question by question, each pair in both orders, into a file
 * in the first run's folder. What that file has is not judged again. Answers that are the same word for word are a tie that nobody
 * is asked about.
 * @throws DataError (E_PAIRS_DATASET, E_PAIRS_CONDITION) when the runs have nothing in common; else as `gradeRun`
 */
export async function judgePairs(
  first: Run,
  second: Run,
  judge: ModelJudge,
  options: JudgePairsOptions,
  deps: GradeRunDeps,
): Promise<JudgedPairs> {
  const apart: SetApart = { bothRefused: 0, firstRefused: 0, secondRefused: 0, unpaired: 0 };
  const requests = pairRequests(first, second, judge, options, apart);
  const head = await gradingHead(first.dir, judge, options, deps.clock);
  const other = await gradingHead(second.dir, judge, options, deps.clock);
  const own = selfPreference(judge, [first.manifest.system, second.manifest.system], options.referencesBy ?? []);
  const asked = { ...head.judge, ...(own.length > 0 && { selfPreference: own }) };
  const against = { run: other.run, log: other.log, system: second.manifest.system.id };
  const writer = await GradeWriter.open(first.dir, { ...head, judge: asked, against }, deps.owner);
  try {
    const result = await recordGrades(writer, requests, judge, { ...deps, grader: sparing(deps.grader) });
    if (result.state === "complete" && options.limit === undefined && options.conditions === undefined)
      await writer.seal(new Date(deps.clock.now()).toISOString());
    return { ...result, apart };
  } finally {
    await writer.close();
  }
}

/** A tie for two answers that are one text; other pairs go to the judge. */
function sparing(grader: GradeRunDeps["grader"]): Judge {
  return {
    async grade(request, signal): Promise<Grade> {
      if (request.answer !== request.other) return grader.grade(request as PlacedRequest, signal);
      return {
        ok: true,
        scores: new Map([["preference", 0.5]]),
        reason: "both answers are the same text",
        raw: "",
        asked: 0,
        timing: { ms: 0, source: "replayed" },
      };
    },
  };
}

/**
 * The pairs of answers that a judge is asked about, both orders of each; of equal texts, too, about which nobody is asked.
 * @param apart counts what is no pair
 * @throws DataError (E_PAIRS_DATASET, E_PAIRS_CONDITION) when the runs have nothing in common
 */
export function pairRequests(
  first: Run,
  second: Run,
  judge: ModelJudge,
  options: JudgePairsOptions,
  apart?: SetApart,
): AsyncGenerator<PlacedRequest> {
  const conditions = sharedConditions(first, second, options.conditions);
  return pairsOf(first.dir, second.dir, { ...options, conditions }, judgesRefusals(judge), apart);
}

async function* pairsOf(
  first: string,
  second: string,
  { conditions, limit, repeats }: JudgePairsOptions,
  refusals: boolean,
  apart: SetApart = { bothRefused: 0, firstRefused: 0, secondRefused: 0, unpaired: 0 },
): AsyncGenerator<PlacedRequest> {
  const others = await AnswersAtHand.open(second);
  const chosen = { refusals: true, ...(conditions && { conditions }), ...(limit !== undefined && { limit }) };
  try {
    for await (const { answer, ...shown } of answersToGrade(first, chosen)) {
      const { text, condition, trial, refused } = answer;
      const other = await others.of(answer);
      if (other === undefined) apart.unpaired += 1;
      else if (!refusals && (refused || other.refused))
        apart[refused ? (other.refused ? "bothRefused" : "firstRefused") : "secondRefused"] += 1;
      else {
        const place = { ...shown, condition, trial };
        for (let repeat = 0; repeat < repeats; repeat += 1) {
          for (const order of PAIR_ORDERS) {
            const [a, b] = order === "ab" ? [text, other.text] : [other.text, text];
            yield { ...place, answer: a, other: b, repeat, order };
          }
        }
      }
    }
  } finally {
    await others.close();
  }
}

function sharedConditions(first: Run, second: Run, wanted: readonly string[] | undefined): readonly string[] {
  const [a, b] = [first.manifest, second.manifest];
  const where = `${a.run}, ${b.run}`;
  const fail = (code: string, expected: string, got: string, fix: string) =>
    new DataError([{ code, where, expected, got, fix }]);
  if (a.dataset.sha256 !== b.dataset.sha256 || a.dataset.split !== b.dataset.split) {
    const got = `${a.dataset.id} ${a.dataset.split} and ${b.dataset.id} ${b.dataset.split}`;
    throw fail("E_PAIRS_DATASET", "two runs of one dataset and split", got, "compare runs of one suite");
  }
  const shared = a.conditions.filter((name) => b.conditions.includes(name) && (wanted?.includes(name) ?? true));
  if (shared.length > 0) return shared;
  const got = `${a.conditions.join(", ") || "rankings only"} and ${b.conditions.join(", ") || "rankings only"}`;
  throw fail("E_PAIRS_CONDITION", "a condition that both runs have", got, "run both under the same condition");
}
