import { hashValue } from "../lib/hash.ts";
import type { NamedFile } from "./named-files.ts";
import type { SystemConfig } from "./system-schema.ts";

/** Where a server is, who asks it, how patiently, and where files lie: none of it changes what is measured. */
const NOT_MEASURED: ReadonlySet<string> = new Set([
  "base_url",
  "api_key_env",
  "headers_env",
  "env",
  "concurrency",
  "threads",
  "timeout_s",
  "start_timeout_s",
  "max_attempts",
  "rate",
  "question_timeout_s",
  "context_window",
  "tokenizer",
  "restarts",
  "batch_texts",
  "batch_tokens",
  "path",
]);

/**
 * The system's hash: its configuration and the content of the files it names. A chat or embedding server's address, keys'
 * names, and what only describes (title, licence, size and the like) or schedules are left out. A search server has no
 * model's name that would tell it from another, so that its address counts, as the file writes it.
 */
export function identity({ retriever, generator }: SystemConfig, files: readonly NamedFile[]): string {
  return hashValue({
    retriever: measuredPart(retriever),
    generator: measuredPart(generator),
    files: files.map(({ pointer, sha256 }) => [pointer, sha256]),
  });
}

/**
 * Whether a model asked the same twice says the same, as far as its settings can tell. Of two requests for one answer the faster
 * reply is kept: only where both say the same does that change nothing but the time.
 */
export function saysTheSame({
  temperature,
  seed,
}: {
  readonly temperature?: unknown;
  readonly seed?: unknown;
}): boolean {
  return temperature === 0 || seed !== undefined;
}

/** A part of a system without what does not change its results: see the list above. */
export function measuredPart(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(measuredPart);
  if (value === null || typeof value !== "object") return value;
  const measured = (key: string): boolean => !NOT_MEASURED.has(key) && !(key === "hedge" && saysTheSame(value));
  const kept = Object.entries(value).filter(([key]) => measured(key));
  // What a server alone knows is sent as it is, whatever its keys are called.
  return Object.fromEntries(kept.map(([key, inner]) => [key, key === "extra_body" ? inner : measuredPart(inner)]));
}
