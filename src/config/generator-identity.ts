import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { measuredPart } from "./identity.ts";
import { namedFiles } from "./named-files.ts";
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

/** Generators that see of the condition what their templates name. */
const TEMPLATED: ReadonlySet<string> = new Set(["openai", "http"]);

/**
 * The identity of a system's generator, without its retriever: what a retriever finds is part of the request. A server's
 * address counts, other than in the system's hash: two servers may serve different weights under one name.
 * @returns undefined for a system that only retrieves
 */
export async function generatorIdentity(system: System): Promise<GeneratorIdentity | undefined> {
  const { config, publicConfig, folder = dirname(system.file) } = system;
  const { generator } = publicConfig;
  if (generator === undefined) return undefined;
  const files = await namedFiles({ generator }, folder, folder, (pointer) => pointer, []);
  const addresses = systemParts({ generator: config.generator }).map(({ values }) => [values.base_url, values.url]);
  const value = {
    settings: measuredPart(generator),
    addresses,
    files: files.map(({ pointer, sha256 }) => [pointer, sha256]),
  };
  return {
    value,
    readsCondition: !TEMPLATED.has(generator.kind) || (await mentionsCondition(generator, files)),
    readsIds: generator.kind !== "openai",
  };
}

async function mentionsCondition(generator: unknown, files: readonly { readonly path: string }[]): Promise<boolean> {
  if (JSON.stringify(generator).includes("condition")) return true;
  for (const { path } of files) if ((await readFile(path, "utf8")).includes("condition")) return true;
  return false;
}
