import type { LexicalJudge, ModelJudge } from "../../config/load-judge.ts";
import type { Grade, Judge } from "../../core/contracts.ts";
import type { Opinion, ProbeItem } from "./probes.ts";

/** One call of the judge; undefined where it gave no verdict. */
type Ask = (answer: string, other?: string) => Promise<ReadonlyMap<string, number> | undefined>;

/**
 * What a judge says of texts as answers to one question. Judges of single answers are taken by one criterion of their rubric; a judge
 * of pairs is asked in both orders. Nothing is asked twice.
 * @param criterion of the judge's rubric; its first where none is named
 */
export function opinionOf(
  judge: ModelJudge | LexicalJudge,
  item: ProbeItem,
  ask: (request: Parameters<Judge["grade"]>[0]) => Promise<Grade | undefined>,
  criterion?: string,
): Opinion {
  const { query, passages, goldPassages } = item;
  const said = new Map<string, Promise<ReadonlyMap<string, number> | undefined>>();
  const once: Ask = (answer, other) => {
    const key = JSON.stringify([answer, other]);
    const known =
      said.get(key) ??
      ask({ query, passages, goldPassages, answer, ...(other !== undefined && { other }), repeat: 0 }).then((grade) =>
        grade?.ok ? grade.scores : undefined,
      );
    said.set(key, known);
    return known;
  };
  const seesReferences = judge.kind === "lexical" || judge.config.sees.includes("references");
  return judge.kind === "pairwise"
    ? { seesReferences, order: "choose this answer", ...ofPairs(once) }
    : { seesReferences, ...ofGrades(judge, once, criterion) };
}

function ofGrades({ rubric }: ModelJudge | LexicalJudge, ask: Ask, criterion?: string) {
  const { id, steps } = rubric.criteria.find((one) => one.id === criterion) ?? rubric.criteria[0]!;
  const [lowest, highest] = [steps[0]!, steps.at(-1)!];
  const gradeOf = async (text: string) => (await ask(text))?.get(id);
  const is = async (text: string, value: number) => {
    const grade = await gradeOf(text);
    return grade === undefined ? undefined : grade === value;
  };
  return {
    order: `give it ${highest.name} for ${id}`,
    async gain(from: string, to: string) {
      const [a, b] = [await gradeOf(from), await gradeOf(to)];
      return a === undefined || b === undefined ? undefined : b - a;
    },
    isBest: (text: string) => is(text, highest.value),
    isWorst: (text: string) => is(text, lowest.value),
  };
}

function ofPairs(ask: Ask) {
  /** The preference for the first text in either order, in [0, 1]. */
  const both = async (one: string, two: string) => {
    const [ab, ba] = [(await ask(one, two))?.get("preference"), (await ask(two, one))?.get("preference")];
    return ab === undefined || ba === undefined ? undefined : ([ab, 1 - ba] as const);
  };
  const gain = async (from: string, to: string) => {
    const found = await both(to, from);
    return found && found[0] + found[1] - 1;
  };
  return {
    gain,
    async isBest(text: string, other: string) {
      const more = await gain(other, text);
      return more === undefined ? undefined : more > 0;
    },
    async isWorst(text: string, other: string) {
      const more = await gain(other, text);
      return more === undefined ? undefined : more < 0;
    },
    async holdsWhenSwapped(one: string, two: string) {
      const found = await both(one, two);
      return found && found[0] === found[1];
    },
  };
}
