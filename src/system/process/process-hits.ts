import { SystemFailure } from "../../core/errors.ts";
import { isObject } from "../../embed/json-file.ts";
import { quoteValue } from "../../lib/text.ts";
import type { OutsideHit } from "../outside/outside-ranking.ts";

/**
 * The hits of a process's reply: objects with `id`, `text` or both, and `score` where they have one.
 * @throws SystemFailure E_PROCESS_REPLY for anything else
 */
export function processHits(hits: unknown, name: string): OutsideHit[] {
  const broken = (got: string): SystemFailure =>
    new SystemFailure("E_PROCESS_REPLY", `${name} sent ${got}`, { retryable: false });
  if (!Array.isArray(hits)) throw broken("a reply without a list of hits");
  const made = (hits as unknown[]).map((hit, at): OutsideHit => {
    const { id, text, score } = isObject(hit) ? hit : {};
    const place = `hits/${at}`;
    const named = typeof id === "string" && id !== "";
    if (id !== undefined && !named) throw broken(`${quoteValue(id)} in ${place}/id`);
    if (text !== undefined && typeof text !== "string") throw broken(`${quoteValue(text)} in ${place}/text`);
    if (id === undefined && text === undefined) throw broken(`neither id nor text in ${place}`);
    if (score !== undefined && !(typeof score === "number" && Number.isFinite(Math.fround(score)))) {
      throw broken(`${quoteValue(score)} in ${place}/score`);
    }
    return {
      ...(named && { id }),
      ...(typeof text === "string" && { text }),
      ...(typeof score === "number" && { score }),
    };
  });
  const scored = made.filter(({ score }) => score !== undefined).length;
  if (scored > 0 && scored < made.length) throw broken(`scores for ${scored} of ${made.length} hits`);
  return made;
}
