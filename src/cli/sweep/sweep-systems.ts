import { type Env, loadSystem, type Project, type System } from "../../config/index.ts";
import { DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { combinations, keyNames, type SetAxis } from "./sweep-axes.ts";

/** A system with other settings than its file has. */
export interface Variant {
  /** What was set, by the key's name in tables, in the order of the axes. */
  readonly settings: readonly (readonly [key: string, value: string])[];
  /** Without its generator unless answers are asked for. */
  readonly system: System;
  /** Whether the file says the same. */
  readonly asFile: boolean;
}

/**
 * The system once per combination of the values.
 * @throws DataError with every problem of every combination, each said once
 */
export async function loadVariants(
  project: Project,
  id: string,
  axes: readonly SetAxis[],
  { env, answers }: { readonly env: Env; readonly answers: boolean },
): Promise<Variant[]> {
  const needed = answers ? withGenerator : retrieverOf;
  const file = needed(await loadSystem(project, id, env));
  const names = keyNames(axes);
  const variants: Variant[] = [];
  const problems = new Map<string, Problem>();
  for (const values of combinations(axes.map((axis) => axis.values))) {
    const change = (value: unknown): unknown =>
      axes.reduce((changed, { path }, i) => withValue(changed, path, values[i]), value);
    try {
      const system = needed(await loadSystem(project, id, env, change));
      const asFile = JSON.stringify(system.config) === JSON.stringify(file.config);
      variants.push({ settings: names.map((name, i) => [name, String(values[i])]), system, asFile });
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      for (const problem of error.problems) {
        const where = `${problem.where} (with --set)`;
        problems.set(JSON.stringify([where, problem.expected, problem.got]), { ...problem, where });
      }
    }
  }
  if (problems.size > 0) throw new DataError([...problems.values()]);
  return variants;
}

/** Rankings need no generator, nor its key or server. */
function retrieverOf(system: System): System {
  const { retriever } = system.config;
  const shown = system.publicConfig.retriever;
  if (retriever && shown) return { ...system, config: { retriever }, publicConfig: { retriever: shown } };
  throw lacks(system, "a retriever", "name a system that retrieves");
}

function withGenerator(system: System): System {
  retrieverOf(system);
  if (system.config.generator) return system;
  throw lacks(system, "a generator", "leave --answers out, or name a system that answers");
}

function lacks({ file }: System, expected: string, fix: string): DataError {
  return new DataError([{ code: "E_SYSTEM", where: file, expected, got: "none", fix }]);
}

/** A copy of a parsed file with one value set; what is on the way is made. */
function withValue(at: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(at)) {
    return /^\d+$/.test(key) ? Object.assign([...at], { [key]: withValue(at[Number(key)], rest, value) }) : at;
  }
  const object = at !== null && typeof at === "object" ? (at as Readonly<Record<string, unknown>>) : {};
  const inner = Object.hasOwn(object, key) ? object[key] : undefined;
  return { ...object, [key]: withValue(inner, rest, value) };
}
