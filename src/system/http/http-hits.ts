import type { HttpRetrieverConfig } from "../../config/retriever-schema.ts";
import { quoteValue } from "../../lib/text.ts";
import type { OutsideHit } from "../outside/outside-ranking.ts";
import { BadHttpReply } from "./ask-http.ts";
import { pick } from "./pick.ts";

type Pointers = Pick<HttpRetrieverConfig, "ids" | "scores" | "texts" | "scores_are">;

/**
 * The hits of a reply.
 * @throws BadHttpReply when a pointer leads nowhere, the lists differ in length, or a value is of the wrong type
 */
export function httpHits(reply: unknown, { ids, scores, texts, scores_are }: Pointers): OutsideHit[] {
  const id = list(reply, "ids", ids, (value) => {
    if (typeof value === "string" && value !== "") return value;
    return Number.isSafeInteger(value) ? String(value) : undefined;
  });
  const text = list(reply, "texts", texts, (value) => (typeof value === "string" ? value : undefined));
  const score = list(reply, "scores", scores, (value) =>
    typeof value === "number" && Number.isFinite(Math.fround(value)) ? value : undefined,
  );
  const lists = [id, text, score].filter((values) => values !== undefined);
  const [length = 0] = lists.map((values) => values.length);
  if (lists.some((values) => values.length !== length)) {
    throw new BadHttpReply(`its ids, texts and scores differ in number: ${lists.map((l) => l.length).join(", ")}`);
  }
  const sign = scores_are === "distances" ? -1 : 1;
  return Array.from({ length }, (_, at) => ({
    ...(id && { id: id[at]! }),
    ...(text && { text: text[at]! }),
    ...(score && { score: sign * score[at]! }),
  }));
}

function list<T>(
  reply: unknown,
  name: "ids" | "scores" | "texts",
  pointer: string | undefined,
  read: (value: unknown) => T | undefined,
): T[] | undefined {
  if (pointer === undefined) return undefined;
  const values = pick(reply, pointer);
  if (!values) throw new BadHttpReply(`nothing at ${name}: ${pointer}`);
  return values.map((value, at) => {
    const made = read(value);
    if (made === undefined) throw new BadHttpReply(`${quoteValue(value)} as item ${at} of ${name}`);
    return made;
  });
}
