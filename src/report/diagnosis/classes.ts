import type { Estimate } from "../../core/estimate.ts";
import type { Diagnosis, QuestionClass } from "./diagnosis.ts";
import { type Diagnosed, NEAR_DUPLICATE } from "./question-facts.ts";

/** A re-ranker is usually given this many passages; gold beyond is not found in practice. */
const DEEPEST = 100;
/** What most generators are given at least; gold here is used. */
const TOP = 3;
/** What a re-ranker could lift into the top with what is retrieved for a page of results. */
const PAGE = 10;

/** Estimates the share of questions that something is true of. */
export type ShareOf = (questions: readonly Diagnosed[], holds: (question: Diagnosed) => boolean) => Estimate;

/** Sorts questions into classes. @param depth passages retrieved per question */
export function classesOf(
  diagnosed: readonly Diagnosed[],
  depth: number,
  share: ShareOf,
): Pick<Diagnosis, "ranks" | "causes"> {
  const deepest = Math.min(depth, DEEPEST);
  const make = (
    id: QuestionClass["id"],
    title: string,
    hint: string,
    holds: (question: Diagnosed) => boolean,
  ): QuestionClass => ({
    id,
    title,
    hint,
    questions: diagnosed.filter(holds).map(({ at }) => at),
    share: share(diagnosed, holds),
  });
  const ranked =
    (from: number, to: number) =>
    ({ facts }: Diagnosed): boolean =>
      facts?.rank !== undefined && facts.rank >= from && facts.rank <= to;
  const page = Math.min(PAGE, deepest);
  const unknown =
    depth < DEEPEST
      ? ` The run looked no deeper: whether it stands among the first ${DEEPEST} would take a suite with depth: ${DEEPEST}.`
      : "";
  const ranks = [
    make(
      "top",
      `gold at rank 1${deepest > 1 ? ` to ${Math.min(TOP, deepest)}` : ""}`,
      "Found where it is used.",
      ranked(1, TOP),
    ),
    ...(page > TOP
      ? [
          make(
            "rerank",
            `gold first at rank ${TOP + 1}${page > TOP + 1 ? ` to ${page}` : ""}`,
            "A re-ranker over the first passages, or a larger k, would bring it in.",
            ranked(TOP + 1, PAGE),
          ),
        ]
      : []),
    ...(deepest > PAGE
      ? [
          make(
            "deep",
            `gold first at rank ${PAGE + 1} to ${deepest}`,
            "Retrieved but far down: fusion with another retriever, or a re-ranker over many passages.",
            ranked(PAGE + 1, deepest),
          ),
        ]
      : []),
    make(
      "missed",
      `gold not in the first ${deepest}`,
      `No re-ranker helps: another retriever, chunking or wording does.${unknown}`,
      ({ facts }) => facts !== undefined && (facts.rank ?? Number.POSITIVE_INFINITY) > deepest,
    ),
    ...(diagnosed.some(({ facts }) => facts === undefined)
      ? [make("failed", "retrieval failed", "There is no ranking.", ({ facts }) => facts === undefined)]
      : []),
  ];
  const causes = [
    make(
      "near-duplicate",
      "beaten by a near-duplicate of the gold",
      `A passage above the gold has token Jaccard ${String(NEAR_DUPLICATE).slice(1)} or more with it: judge it too, or remove duplicates from the corpus.`,
      ({ facts }) => facts?.nearDuplicate === true,
    ),
    make(
      "unjudged-top",
      "unjudged on top",
      "Nobody has judged the first hit (Judged@10 is below 1), so that it may be right: judge it before trusting the score.",
      ({ facts }) => facts?.unjudgedOnTop === true,
    ),
    make(
      "tie",
      "rank of the gold hangs on equal scores",
      "Another order of passages with the same score would move it; equal scores go by id, as in trec_eval.",
      ({ facts }) => facts?.tieRanks !== undefined && facts.tieRanks[0] !== facts.tieRanks[1],
    ),
  ];
  return { ranks, causes };
}
