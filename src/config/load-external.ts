import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { nearest } from "../lib/nearest.ts";
import { pointerKey } from "../lib/pointer.ts";
import { type ExternalConfig, ExternalSchema } from "./external-schema.ts";
import type { Project } from "./project.ts";
import { validate } from "./validate.ts";
import { readYamlFile, type YamlFile } from "./yaml-file.ts";

/** The code of every problem of such a file. */
const CODE = "E_EXTERNAL";

/**
 * The results that others reported: every `.yaml` and `.yml` file of `external/`, by name. None where there is no such folder.
 * @throws DataError (E_EXTERNAL) with every problem of every file
 */
export async function loadExternal(project: Project): Promise<ExternalConfig[]> {
  const names = await readdir(project.external).catch(() => []);
  const found: ExternalConfig[] = [];
  const problems: Problem[] = [];
  for (const name of names.filter((name) => /^[^.].*\.ya?ml$/.test(name)).sort()) {
    try {
      const file = await readYamlFile(join(project.external, name), CODE, project.cwd);
      found.push(checked(file));
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new DataError(problems);
  return found;
}

function checked(file: YamlFile): ExternalConfig {
  const known = validate(ExternalSchema, file.value, CODE, file.locate);
  if (!known.ok) throw new DataError(known.problems);
  const problems: Problem[] = [];
  checkMetrics(known.value, file, problems);
  checkResults(known.value, file, problems);
  if (problems.length > 0) throw new DataError(problems);
  return known.value;
}

function checkMetrics({ metrics }: ExternalConfig, file: YamlFile, problems: Problem[]): void {
  for (const [name, { range }] of Object.entries(metrics)) {
    if (range === undefined || range[0] < range[1]) continue;
    const where = file.locate(`/metrics/${pointerKey(name)}/range`);
    problems.push({
      ...{ code: CODE, where, expected: "the lowest value before the highest" },
      ...{ got: `[${range.join(", ")}]`, fix: "swap or correct the two" },
    });
  }
}

/** What the schema cannot say of results. */
function checkResults({ metrics, results }: ExternalConfig, file: YamlFile, problems: Problem[]): void {
  const seen = new Map<string, number>();
  for (const [at, { system, condition, metric, right, n, mean, sd }] of results.entries()) {
    const say = (key: string, expected: string, got: string, fix: string) =>
      problems.push({ code: CODE, where: file.locate(`/results/${at}${key}`), expected, got, fix });
    const known = Object.hasOwn(metrics, metric) ? metrics[metric] : undefined;
    if (known === undefined) {
      const names = Object.keys(metrics);
      const near = nearest(metric, names);
      const fix = near === undefined ? "declare it there" : `did you mean "${near}"?`;
      say("/metric", `a key of metrics: ${names.join(", ")}`, JSON.stringify(metric), fix);
    }
    if ((right === undefined) === (mean === undefined)) {
      const got = right === undefined ? "neither" : "both";
      say("", "right with n, or mean", got, "give the count of right answers, or the mean where no counts are known");
    } else if (right !== undefined) checkCounts(right, n, sd, say);
    else checkMean(mean!, sd, n, known?.range, say);
    const key = JSON.stringify([system, condition, metric]);
    if (seen.has(key)) {
      say("", "each system, condition and metric once", `what result ${seen.get(key)} has`, "remove one of the two");
    }
    seen.set(key, at);
  }
}

type Say = (key: string, expected: string, got: string, fix: string) => void;

function checkCounts(right: number, n: number | undefined, sd: number | undefined, say: Say): void {
  if (n === undefined) say("", "n beside right", "right alone", "add how many questions were asked");
  else if (right > n) say("/right", `at most n, ${n}`, String(right), "correct the counts");
  if (sd !== undefined) say("/sd", "no sd beside counts", String(sd), "remove it: counts say it");
}

function checkMean(
  mean: number,
  sd: number | undefined,
  n: number | undefined,
  range: readonly [number, number] | undefined,
  say: Say,
): void {
  if (sd !== undefined && (n === undefined || n < 2)) {
    say("/sd", "n of 2 or more beside sd", n === undefined ? "no n" : String(n), "add how many values it is of");
  }
  if (range && !(mean >= range[0] && mean <= range[1])) {
    const fix = "correct the number, or the range: 57.75 per cent is .5775 on [0, 1]";
    say("/mean", `a number in [${range.join(", ")}]`, String(mean), fix);
  }
}
