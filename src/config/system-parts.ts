import { pointerKeys } from "../lib/pointer.ts";
import type { SystemConfig } from "./system-schema.ts";

/** One part of a system: a retriever, one inside another, an encoder, a re-ranker, a rewriter, or the generator. */
export interface SystemPart {
  /** JSON pointer of the part, such as `/retriever/of/0/encoder`. */
  readonly pointer: string;
  readonly kind: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** All parts of a system, the retriever's before the generator, each before what is inside it. */
export function systemParts({ retriever, generator }: Pick<SystemConfig, "retriever" | "generator">): SystemPart[] {
  const found: SystemPart[] = [];
  visit(retriever, "/retriever", found);
  visit(generator, "/generator", found);
  return found;
}

/** The keys that hold further parts; others, such as the parameters of a request, are the user's own. */
const INNER = ["of", "encoder", "reranker", "rewriter"] as const;

function visit(value: unknown, pointer: string, found: SystemPart[]): void {
  if (Array.isArray(value)) for (const [at, part] of value.entries()) visit(part, `${pointer}/${at}`, found);
  else if (value !== null && typeof value === "object") {
    const values = value as SystemPart["values"];
    found.push({ pointer, kind: String(values.kind), values });
    for (const key of INNER) visit(values[key], `${pointer}/${key}`, found);
  }
}

/** A copy of a configuration with the texts at some pointers replaced. */
export function withTexts(config: SystemConfig, texts: ReadonlyMap<string, string>): SystemConfig {
  const copy = structuredClone(config);
  for (const [pointer, text] of texts) {
    const keys = pointerKeys(pointer);
    let owner: unknown = copy;
    for (const key of keys.slice(0, -1)) owner = (owner as Record<string, unknown>)[key];
    (owner as Record<string, unknown>)[keys.at(-1)!] = text;
  }
  return copy;
}
