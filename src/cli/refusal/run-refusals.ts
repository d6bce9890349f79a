import { findProject } from "../../config/index.ts";
import { DataError, UsageError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { printable, quoteValue } from "../../lib/text.ts";
import { DetectorTally } from "../../report/refusal/detector-check.ts";
import { judgingText, refusalJudged } from "../../report/refusal/judging-text.ts";
import { type Manifest, readRun, readScores } from "../../runlog/index.ts";
import { type Deps, line } from "../deps.ts";
import { findCompleteRun } from "../project/find-run.ts";
import type { CheckedDetector } from "./check-refusals.ts";
import { type LabelRow, type RefusalLabelOptions, readRefusalLabels } from "./refusal-labels.ts";

/**
 * Holds what a run takes for refusals against labels of its answers, whatever its detector. A row names its question in the column
 * of the id or in `query`, and where it has them its `condition` and `trial`.
 * @throws DataError where no label is of an answer of the run; UsageError where it is not said which condition they are of
 */
export async function checkRunRefusals(
  name: string,
  options: RefusalLabelOptions & { readonly condition: string | undefined },
  deps: Deps,
): Promise<CheckedDetector> {
  const { dir, manifest } = await findCompleteRun(await findProject(deps.cwd), name);
  const labels = new Map<string, LabelRow["answer"]>();
  const twice: Problem[] = [];
  for await (const row of readRefusalLabels(options, deps, "elsewhere")) {
    const key = keyOf(row, options, manifest);
    if (labels.has(key)) twice.push(again(row));
    labels.set(key, row.answer);
  }
  if (twice.length > 0) throw new DataError(twice.slice(0, 20));
  const tally = new DetectorTally();
  let matched = 0;
  for await (const entry of readRun(dir)) {
    if (entry.kind !== "answer") continue;
    const label = labels.get(JSON.stringify([entry.query, entry.condition, entry.trial]));
    if (label === undefined) continue;
    matched += 1;
    const refused = entry.refused === true;
    const verdict = { refused, rule: refused ? entry.refusedBy : "none" };
    tally.add({ ...label, id: entry.query, text: entry.text }, entry.undecided ? undefined : verdict);
  }
  if (matched === 0) throw noneOfRun(manifest, options);
  if (matched < labels.size)
    line(deps.stderr, `note: ${labels.size - matched} labels are of no answer of the run, or of one that failed`);
  const judged = manifest.refusalJudge && refusalJudged(await readScores(dir));
  for (const text of judged ? judgingText(manifest.run, judged) : []) line(deps.stderr, printable(`note: ${text}`));
  return { detector: `The detector of the run ${manifest.run}`, tally };
}

function keyOf(
  { cells, answer }: LabelRow,
  options: { id: string; condition: string | undefined },
  manifest: Manifest,
) {
  const query = cells.get(options.id) ?? cells.get("query") ?? answer.id;
  const only = manifest.conditions.length === 1 ? manifest.conditions[0] : undefined;
  const condition = cells.get("condition") ?? options.condition ?? only;
  if (condition === undefined || !manifest.conditions.includes(String(condition))) {
    const got = condition === undefined ? "no condition" : quoteValue(condition);
    const expected = `one of the run's conditions: ${manifest.conditions.join(", ") || "it has no answers"}`;
    const fix = `give the labels a column "condition", or write --condition ${manifest.conditions[0] ?? "rag@3"}`;
    throw new UsageError({ code: "E_CONDITION", where: "--condition", expected, got, fix });
  }
  return JSON.stringify([String(query), String(condition), Number(cells.get("trial") ?? 0)]);
}

function again({ where, answer }: LabelRow): Problem {
  const fix = "settle on one label; several raters are compared by bench calibrate";
  return {
    code: "E_REFUSAL_LABELS",
    where,
    expected: "one label of each answer",
    got: `${quoteValue(answer.id)} again`,
    fix,
  };
}

function noneOfRun(manifest: Manifest, { labels, id }: RefusalLabelOptions): DataError {
  const expected = `ids of the run's questions in a column ${quoteValue(id)} or "query"`;
  const fix = "name the column with --id, or the run that the labels are of with --run";
  const got = `none of run ${manifest.run}`;
  return new DataError([{ code: "E_REFUSAL_LABELS", where: labels!, expected, got, fix }]);
}
