import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { hashValue } from "../lib/hash.ts";
import { measuredPart } from "./identity.ts";
import type { Env } from "./load-system.ts";
import { type NamedFile, namedFiles } from "./named-files.ts";
import type { System } from "./resolved.ts";
import { systemParts } from "./system-parts.ts";

/** What determines a generator's replies besides the request. */
export interface GeneratorIdentity {
  /** A plain value to hash: settings, addresses as they resolve, and the content of the files it names. */
  readonly value: unknown;
  /** Whether the name of the condition may reach the model; else equal requests under two conditions are one request. */
  readonly readsCondition: boolean;
  /** Whether ids of the question and of passages may reach it. */
  readonly readsIds: boolean;
}

/** Generators that see of a request what their templates name: no ids, and the condition where one tells it. */
const TEMPLATED: ReadonlySet<string> = new Set(["openai", "http", "local"]);

/**
 * The identity of a system's generator, without its retriever: what a retriever finds is part of the request. A server's
 * address counts, other than in the system's hash: two servers may serve different weights under one name. So do the headers
 * that a system sends; keys do not.
 * @param env the variables that headers are read from
 * @returns undefined for a system that only retrieves
 */
export async function generatorIdentity(system: System, env: Env): Promise<GeneratorIdentity | undefined> {
  const { config, publicConfig, folder = dirname(system.file) } = system;
  const { generator } = publicConfig;
  if (generator === undefined) return undefined;
  const files = await namedFiles({ generator }, folder, folder, (pointer) => pointer, []);
  const parts = systemParts({ generator: config.generator });
  const addresses = parts.map(({ values }) => [values.base_url, values.url]);
  // A header may choose the tenant or the index. Only a hash of its value is ever kept.
  const headers = parts.map(({ values }) =>
    Object.entries((values.headers_env ?? {}) as Readonly<Record<string, string>>).map(([name, variable]) => [
      name.toLowerCase(),
      hashValue(env[variable] ?? null),
    ]),
  );
  const templated = TEMPLATED.has(generator.kind);
  const value = {
    settings: measuredPart(generator),
    addresses,
    headers,
    files: files.map(({ pointer, sha256 }) => [pointer, sha256]),
  };
  return {
    value,
    readsCondition: !templated || (await mentionsCondition(generator, files)),
    readsIds: !templated,
  };
}

async function mentionsCondition(generator: unknown, files: readonly NamedFile[]): Promise<boolean> {
  if (JSON.stringify(generator).includes("condition")) return true;
  const prompt = files.find(({ pointer }) => pointer === "/generator/prompt");
  return prompt !== undefined && (await readFile(prompt.path, "utf8")).includes("condition");
}
