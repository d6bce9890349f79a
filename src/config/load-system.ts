import { dirname } from "node:path";
import { DataError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { addresses } from "./addresses.ts";
import { checkGenerator } from "./check-generator.ts";
import { checkRetriever } from "./check-retriever.ts";
import { withDefaults } from "./defaults.ts";
import { identity } from "./identity.ts";
import { checkPrice } from "./load-price.ts";
import { namedFiles } from "./named-files.ts";
import { origins } from "./origins.ts";
import { configFile, type Project } from "./project.ts";
import type { System } from "./resolved.ts";
import { withTexts } from "./system-parts.ts";
import { SystemSchema } from "./system-schema.ts";
import { validate } from "./validate.ts";
import { readYamlFile } from "./yaml-file.ts";

/** Environment variables as a parameter. */
export type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads a system file: checked, defaults filled in, `${VAR}` in addresses replaced, files it names found and hashed.
 * @param change makes a variant: gets what the file holds and returns what is read in its place
 * @throws DataError with every problem of the file
 */
export async function loadSystem(
  project: Project,
  id: string,
  env: Env,
  change: (value: unknown) => unknown = (value) => value,
): Promise<System> {
  const path = await configFile(project, "system", id);
  const file = await readYamlFile(path, "E_SYSTEM", project.cwd);
  const filled: string[] = [];
  const complete = withDefaults(SystemSchema, change(file.value), filled);
  const checked = validate(SystemSchema, complete, "E_SYSTEM", file.locate);
  if (!checked.ok) throw new DataError(checked.problems);
  const problems: Problem[] = [];
  const publicConfig = checked.value;
  if (!publicConfig.retriever && !publicConfig.generator) {
    problems.push({
      code: "E_SYSTEM",
      where: file.locate(""),
      expected: "a retriever, a generator or both",
      got: "neither",
      fix: "add `retriever: { kind: bm25 }`",
    });
  }
  const files = await namedFiles(publicConfig, dirname(path), project.cwd, file.locate, problems);
  checkRetriever(publicConfig, file.locate, problems);
  checkGenerator(publicConfig, file.locate, problems);
  if (publicConfig.price) checkPrice(publicConfig.price, (key) => file.locate(`/price${key}`), problems);
  const texts = addresses(publicConfig, env, file.locate, problems);
  for (const { pointer, path: found, resolves } of files) if (resolves) texts.set(pointer, found);
  if (problems.length > 0) throw new DataError(problems);
  return {
    id,
    file: file.name,
    folder: dirname(path),
    sha256: identity(publicConfig, files),
    config: withTexts(publicConfig, texts),
    publicConfig,
    origins: origins(publicConfig, file.locate, filled),
  };
}
