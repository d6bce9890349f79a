import type { Rubric } from "../../config/rubric.ts";

/** The shape of a verdict in words, for models that are not held to a schema: `{"reason": "…", "correctness": 0 | 1 | 2 | 3}`. */
export function replyFormat({ criteria }: Rubric): string {
  const scores = criteria.map(({ id, steps }) => {
    const names = steps.map(({ name, value }) => (name === String(value) ? name : JSON.stringify(name)));
    return `"${id}": ${names.join(" | ")}`;
  });
  return `Reply with one JSON object and nothing else, the reason first:\n{"reason": "one or two sentences", ${scores.join(", ")}}`;
}
