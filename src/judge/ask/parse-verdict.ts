import type { Rubric } from "../../config/rubric.ts";
import { quoteValue } from "../../lib/text.ts";
import { jsonObjects } from "./json-objects.ts";

/** What a judge decided, on the rubric's scales. */
export interface Verdict {
  /** The value of each criterion's score, in the order of the rubric. */
  readonly scores: ReadonlyMap<string, number>;
  readonly reason: string;
}

export type ParsedVerdict =
  | { readonly ok: true; readonly verdict: Verdict }
  /** `code` is stable; `message` says what is wrong, to people and to the judge that is asked once more. */
  | { readonly ok: false; readonly code: string; readonly message: string };

/**
 * Reads a verdict from what a judge said. Taken is exactly one JSON object, alone, fenced or among prose, with a score of every
 * criterion that stands on its scale, as a number or as the same text. Nothing is guessed: `3/3`, `2.5`, a score off the scale, a
 * missing one, the same key twice and a second verdict are failures, never a default.
 */
export function parseVerdict(text: string, { criteria }: Rubric): ParsedVerdict {
  const fail = (code: string, message: string): ParsedVerdict => ({ ok: false, code, message });
  if (text.trim() === "") return fail("E_VERDICT_EMPTY", "the reply is empty");
  const found = jsonObjects(text);
  const verdicts = found.objects.filter((object) => criteria.some(({ id }) => object.some(([key]) => key === id)));
  if (verdicts.length > 1) return fail("E_VERDICT_SEVERAL", `the reply holds ${verdicts.length} verdicts`);
  const [entries] = verdicts;
  if (!entries) {
    if (found.cut) return fail("E_VERDICT_CUT", "the JSON object of the reply is not closed");
    if (found.objects.length > 0)
      return fail("E_VERDICT_MISSING", `the JSON object has no score of ${criteria[0]!.id}`);
    return fail("E_VERDICT_PROSE", "the reply holds no JSON object");
  }
  const scores = new Map<string, number>();
  for (const { id, steps } of criteria) {
    const given = entries.filter(([key]) => key === id);
    if (given.length === 0) return fail("E_VERDICT_MISSING", `there is no score of ${id}`);
    if (given.length > 1) return fail("E_VERDICT_SEVERAL", `there are ${given.length} scores of ${id}`);
    const value = given[0]![1];
    const written = typeof value === "number" || typeof value === "string" ? String(value).trim() : undefined;
    const step = steps.find(({ name }) => name === written);
    if (step === undefined) {
      const scale = steps.map(({ name }) => name).join(", ");
      return fail("E_VERDICT_SCALE", `the score of ${id} is ${quoteValue(value)}, not one of ${scale}`);
    }
    scores.set(id, step.value);
  }
  const reason = entries.find(([key]) => key === "reason")?.[1];
  return { ok: true, verdict: { scores, reason: typeof reason === "string" ? reason.trim() : "" } };
}
