import type { PeopleJudge } from "../../config/load-judge.ts";
import type { Grade } from "../../core/contracts.ts";
import type { Problem } from "../../core/problem.ts";
import type { Rng } from "../../core/rng.ts";
import type { GradingHead, Run } from "../../runlog/index.ts";
import { panelGrade, tallyGrades } from "../../stats/index.ts";
import { agreementFigures } from "../calibrate/figures.ts";
import type { Grader, PlacedRequest } from "../grade/record-grades.ts";
import { type GradedItem, questionNumbers } from "../labels/graded-set.ts";
import { raterSlots } from "../labels/rater-slots.ts";
import { readLabels } from "../labels/read-labels.ts";
import { runItem, runItems } from "../labels/run-items.ts";

/** What people said of the answers of a run. */
export interface PeopleVotes {
  /** Puts the labels of an answer together; asks nobody. */
  readonly grader: Grader;
  /** Whether anybody labelled it. */
  labelled(request: Pick<PlacedRequest, "query" | "condition" | "trial">): boolean;
  /** How many people there are, and how far they agree where two or more labelled an answer: ordinal Krippendorff's α. */
  agreement(options: {
    readonly level: number;
    readonly resamples?: number;
    readonly rng: Rng;
  }): NonNullable<GradingHead["people"]>;
  /** What was odd in the files, and how many of their labels are of other answers. */
  readonly notes: readonly Problem[];
}

/** How the files of a judge of people are read. */
export function labelsForm({ columns, raters, scores }: PeopleJudge["config"]) {
  return {
    partly: true,
    ...(columns && { columns }),
    ...(raters && { raterColumns: raters }),
    ...(scores && { scores: new Map(Object.entries(scores)) }),
  };
}

/**
 * Reads what people said of the answers of a run. A label that does not give its answer's text has to name the system: by question
 * and context alone it would be of every run.
 * @throws DataError with every problem of the files, or where none of their labels is of the run
 */
export async function readPeopleVotes(run: Run, judge: PeopleJudge): Promise<PeopleVotes> {
  const system = run.manifest.system.id;
  const known = new Map<string, GradedItem>();
  for await (const item of runItems(run, system)) known.set(item.id, item);
  const { criteria } = judge.rubric;
  const paths = judge.labels.map(({ path }) => path);
  const labels = await readLabels(paths, { criteria, items: known, ...labelsForm(judge.config) });
  const given = new Map<string, Map<string, (readonly [rater: string, score: number])[]>>();
  for (const [criterion, { people }] of labels.criteria) {
    for (const [rater, scores] of people) {
      for (const [at, score] of scores.entries()) {
        if (score === undefined) continue;
        const { id } = labels.items[at]!;
        const ofItem = given.get(id) ?? new Map<string, (readonly [string, number])[]>();
        given.set(id, ofItem.set(criterion, [...(ofItem.get(criterion) ?? []), [rater, score]]));
      }
    }
  }
  const idOf = ({ query, condition, trial }: Pick<PlacedRequest, "query" | "condition" | "trial">): string =>
    runItem(system, query.id, condition, trial);
  return {
    notes: labels.notes,
    labelled: (request) => given.has(idOf(request)),
    grader: { grade: async (request) => vote(judge, given.get(idOf(request)) ?? new Map()) },
    agreement({ level, resamples, rng }) {
      const clusters = questionNumbers(labels.items);
      const options = { level, ...(resamples !== undefined && { resamples }), clusters };
      const agreement = Array.from(labels.criteria, ([criterion, { people, scale }]) => {
        const slots = raterSlots(people);
        const { alpha = { reason: "one person labelled", n: 0 } } = Object.fromEntries(
          slots.length > 1
            ? agreementFigures(tallyGrades(slots, scale), ["alpha"], { ...options, rng: rng.fork(criterion) })
            : [],
        );
        return { criterion, alpha };
      });
      const raters = new Set(Array.from(labels.criteria.values(), ({ people }) => [...people.keys()]).flat()).size;
      return { raters, files: judge.labels.map(({ sha256 }) => sha256), agreement };
    },
  };
}

/** A criterion that nobody labelled, or that people are split on where more than half must agree, has no score; the others keep theirs. */
function vote(
  { config, rubric }: PeopleJudge,
  given: ReadonlyMap<string, readonly (readonly [rater: string, score: number])[]>,
): Grade {
  const scores = new Map<string, number>();
  const reasons: string[] = [];
  for (const { id, steps } of rubric.criteria) {
    const labels = given.get(id);
    if (labels === undefined) continue;
    const result = panelGrade(
      labels.map(([, score]) => score),
      { rule: config.vote, quorum: 1 },
    );
    if (result.state === "graded") scores.set(id, result.value);
    const said = labels
      .map(([rater, score]) => `${rater} ${steps.find(({ value }) => value === score)!.name}`)
      .join(", ");
    const split = result.state === "graded" ? "" : " (split)";
    reasons.push(`${rubric.criteria.length > 1 ? `${id}: ` : ""}${said}${split}`);
  }
  const reason = reasons.join("; ");
  const common = { raw: "", asked: 0, timing: { ms: 0, source: "replayed" as const } };
  return scores.size > 0
    ? { ok: true, scores, reason, ...common }
    : { ok: false, code: "E_PEOPLE_SPLIT", message: `people are split: ${reason}`, ...common };
}
