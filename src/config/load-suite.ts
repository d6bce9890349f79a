import { join } from "node:path";
import { type Condition, formatCondition, parseCondition } from "../core/condition.ts";
import { DataError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { hashValue } from "../lib/hash.ts";
import { pointerKey } from "../lib/pointer.ts";
import { parseMetric } from "../metric/parse.ts";
import { compilePattern } from "../metric/refusal-pattern.ts";
import { withDefaults } from "./defaults.ts";
import { origins } from "./origins.ts";
import { configFile, type Project } from "./project.ts";
import type { Suite } from "./resolved.ts";
import { type GateLimitConfig, type SuiteConfig, SuiteSchema } from "./suite-schema.ts";
import { type Locate, validate } from "./validate.ts";
import { readYamlFile } from "./yaml-file.ts";

/** What the command line may change of a suite. */
export interface SuiteOverrides {
  /** Replaces the rag conditions: `--topk 3,5,7`. */
  readonly topk?: readonly number[];
  readonly trials?: number;
  readonly seed?: number;
}

/**
 * Reads a suite: checked, defaults filled in, names in canonical form, overrides applied.
 * @throws DataError with every problem of the file
 */
export async function loadSuite(project: Project, id: string, overrides: SuiteOverrides = {}): Promise<Suite> {
  const path = await configFile(project, "suite", id);
  const file = await readYamlFile(path, "E_SUITE", project.cwd);
  const filled: string[] = [];
  const complete = withDefaults(SuiteSchema, file.value, filled);
  const checked = validate(SuiteSchema, complete, "E_SUITE", file.locate);
  if (!checked.ok) throw new DataError(checked.problems);
  const problems: Problem[] = [];
  const written = readNames(checked.value, file.locate, problems);
  const datasetDir = folderOf(project, written.config.dataset, file.locate, problems);
  if (problems.length > 0) throw new DataError(problems);
  const { config, conditions, changed } = override(written, overrides);
  return {
    id,
    file: file.name,
    sha256: hashValue(config),
    config,
    conditions,
    datasetDir,
    origins: origins(config, file.locate, filled, changed),
  };
}

interface Named {
  readonly config: SuiteConfig;
  readonly conditions: readonly Condition[];
}

/** Parses the names of metrics and conditions and writes them back in their canonical form. */
function readNames(config: SuiteConfig, locate: Locate, problems: Problem[]): Named {
  const conditions: Condition[] = [];
  config.conditions.forEach((text, i) => {
    const condition = parseCondition(text);
    if (condition) conditions.push(condition);
    else problems.push(badCondition(text, locate(`/conditions/${i}`)));
  });
  const metrics = config.metrics.map((text, i) => metricName(text, locate(`/metrics/${i}`), problems));
  once(metrics, (i) => locate(`/metrics/${i}`), problems);
  once(config.conditions, (i) => locate(`/conditions/${i}`), problems);
  for (const [i, source] of (config.refusal?.patterns ?? []).entries()) {
    const compiled = compilePattern(source);
    if (!compiled.ok) problems.push({ code: "E_SUITE", where: locate(`/refusal/patterns/${i}`), ...compiled.problem });
  }
  const rules = (["phrases", "patterns"] as const).filter((key) => config.refusal?.[key] !== undefined);
  if (config.refusal?.judge !== undefined && rules.length > 0) {
    problems.push({
      code: "E_SUITE",
      where: locate("/refusal"),
      expected: "a judge, or phrases and patterns",
      got: `a judge and ${rules.join(" and ")}`,
      fix: "remove one of the two: two detectors at once have no precision and recall of their own",
    });
  }
  const gate: Record<string, GateLimitConfig> = {};
  for (const [name, limit] of Object.entries(config.gate ?? {})) {
    const at = `/gate/${pointerKey(name)}`;
    // A judge's column is known when its grades are there.
    const judged = name.includes("/");
    const canonical = judged ? name : metricName(name, locate(at), problems);
    gate[canonical] = limit;
    if (limit.point && limit.at_least === undefined && limit.at_most === undefined) {
      problems.push({
        code: "E_SUITE",
        where: locate(`${at}/point`),
        expected: "at_least or at_most beside it",
        got: "neither",
        fix: "name the limit, or remove the key: a difference is judged by its interval",
      });
    }
    if (!judged && !metrics.includes(canonical)) {
      problems.push({
        code: "E_SUITE",
        where: locate(at),
        expected: "a metric of this suite",
        got: JSON.stringify(name),
        fix: `add it to "metrics" or gate one of ${metrics.join(", ")}`,
      });
    }
    for (const [i, condition] of (limit.conditions ?? []).entries()) {
      if (config.conditions.includes(condition)) continue;
      problems.push({
        code: "E_SUITE",
        where: locate(`${at}/conditions/${i}`),
        expected: `a condition of this suite: ${config.conditions.join(", ")}`,
        got: JSON.stringify(condition),
        fix: 'add it to "conditions" or remove it here',
      });
    }
  }
  return { config: { ...config, metrics, ...(config.gate ? { gate } : {}) }, conditions };
}

function override(named: Named, overrides: SuiteOverrides): Named & { changed: ReadonlyMap<string, string> } {
  const changed = new Map<string, string>();
  let { config, conditions } = named;
  if (overrides.topk) {
    const rag = overrides.topk.map((k): Condition => ({ kind: "rag", k }));
    conditions = [...rag, ...conditions.filter((c) => c.kind !== "rag")];
    config = { ...config, conditions: conditions.map(formatCondition) };
    changed.set("/conditions", "--topk");
  }
  if (overrides.trials !== undefined) {
    config = { ...config, trials: overrides.trials };
    changed.set("/trials", "--trials");
  }
  if (overrides.seed !== undefined) {
    config = { ...config, seed: overrides.seed };
    changed.set("/seed", "--seed");
  }
  return { config, conditions, changed };
}

function metricName(text: string, where: string, problems: Problem[]): string {
  const parsed = parseMetric(text);
  if (parsed.ok) return parsed.metric.name;
  problems.push({ code: "E_METRIC", where, ...parsed.problem });
  return text;
}

function badCondition(text: string, where: string): Problem {
  return {
    code: "E_CONDITION",
    where,
    expected: "rag@k with k from 1, oracle or closed-book",
    got: JSON.stringify(text),
    fix: 'write for example "rag@5"',
  };
}

function once(names: readonly string[], where: (index: number) => string, problems: Problem[]): void {
  names.forEach((name, i) => {
    if (names.indexOf(name) === i) return;
    problems.push({
      code: "E_SUITE",
      where: where(i),
      expected: "each name once",
      got: `${JSON.stringify(name)} again`,
      fix: "remove one of the two",
    });
  });
}

function folderOf(project: Project, dataset: string, locate: Locate, problems: Problem[]): string {
  if (!/^[\w][\w.-]*$/.test(dataset)) {
    problems.push({
      code: "E_SUITE",
      where: locate("/dataset"),
      expected: "the name of a folder in datasets/ (letters, digits, '.', '_', '-')",
      got: JSON.stringify(dataset),
      fix: "import the dataset with `bench dataset import` and name it here",
    });
  }
  return join(project.datasets, dataset);
}
