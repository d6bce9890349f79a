import type { ModelJudge } from "../../config/load-judge.ts";
import { hashValue } from "../../lib/hash.ts";
import {
  GRADES_SCHEMA,
  GradeWriter,
  type GradingHead,
  gradeKey,
  type Manifest,
  readGrades,
} from "../../runlog/index.ts";
import { panelGrade } from "../../stats/index.ts";
import { instrumentPart } from "../grade/grading-head.ts";
import { type GradeRunDeps, type GradeRunResult, type PlacedRequest, recordGrades } from "../grade/record-grades.ts";
import type { PassagePool, PooledPair } from "./passage-pool.ts";

/** Everything that a judge of passages is asked of a pool. */
export async function* passageRequests(pool: PassagePool, repeats: number): AsyncGenerator<PlacedRequest> {
  for await (const pair of pool.pairs()) {
    const shown = { query: pair.query, answer: pair.text, passages: [], goldPassages: [] };
    for (let repeat = 0; repeat < repeats; repeat += 1) yield { ...shown, ...placeOf(pair), repeat };
  }
}

/** Where a pair stands among grades: in no context and no trial. What changes in the dataset is another pair, what stays is the same. */
function placeOf({ query, passage: id, text }: PooledPair) {
  return { condition: "passage", trial: 0, passage: { id, sha256: hashValue({ query, text }) } };
}

/**
 * Has a judge grade the pairs of a pool, into the judge's file in a folder of the dataset's split. What that file has is not judged
 * again, whichever runs it came from. The file is never sealed: other runs bring other pairs.
 * @throws DataError when the file is of another number of repeats (E_GRADES_OTHER) or cannot be written; UnavailableError when the
 *   judge's endpoint is down: what was judged stays
 */
export async function judgePassages(
  dir: string,
  judge: ModelJudge,
  { id: dataset, split }: Pick<Manifest["dataset"], "id" | "split">,
  { pool, repeats }: { readonly pool: PassagePool; readonly repeats: number },
  deps: GradeRunDeps,
): Promise<GradeRunResult> {
  const head: GradingHead = {
    kind: "grading",
    schema: GRADES_SCHEMA,
    run: `${dataset}/${split}`,
    log: hashValue({ dataset, split }),
    ...instrumentPart(judge, []),
    repeats,
    refusals: "judged",
    startedAt: new Date(deps.clock.now()).toISOString(),
    passages: { dataset, split },
  };
  const writer = await GradeWriter.open(dir, head, deps.owner);
  try {
    return await recordGrades(writer, passageRequests(pool, repeats), judge, deps);
  } finally {
    await writer.close();
  }
}

/** A pair with its grade, the median of the repeats that have one (the lower of two in the middle); without where none has. */
export interface GradedPair {
  readonly query: string;
  readonly passage: string;
  /** The dataset's. */
  readonly gold?: number;
  readonly grade?: number;
}

/** The pairs of a pool with what a file of grades says of them. @throws DataError when the file is damaged */
export async function* gradedPairs(pool: PassagePool, path: string, repeats: number): AsyncGenerator<GradedPair> {
  const scores = new Map<string, number>();
  for await (const line of readGrades(path)) {
    const [score] = line.kind === "grade" ? Object.values(line.scores) : [];
    if (score !== undefined) scores.set(gradeKey(line), score);
  }
  for await (const pair of pool.pairs()) {
    const { query, passage, gold } = pair;
    const place = { ...placeOf(pair), query: query.id };
    const given = Array.from({ length: repeats }, (_, repeat) => scores.get(gradeKey({ ...place, repeat })));
    const grade = panelGrade(given, { rule: "median", quorum: 1 });
    yield {
      query: query.id,
      passage,
      ...(gold !== undefined && { gold }),
      ...(grade.state === "graded" && { grade: grade.value }),
    };
  }
}
