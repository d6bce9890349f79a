import { type Project, priceOfModel, type RefusalJudge } from "../../config/index.ts";
import { DataError, SystemFailure, UnavailableError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { DOWN_AFTER } from "../../judge/index.ts";
import { forEachLimited } from "../../lib/pool.ts";
import { printable, quoteValue, truncate } from "../../lib/text.ts";
import { DetectorTally } from "../../report/refusal/detector-check.ts";
import { type Deps, line } from "../deps.ts";
import { JudgeBudget, requireJudgePrices } from "../judge/judge-budget.ts";
import { buildGrader } from "../judge/judge-grader.ts";
import type { CheckedDetector, RefusalCheckOptions } from "./check-refusals.ts";
import { type LabelRow, readRefusalLabels } from "./refusal-labels.ts";

/** What a row of labels can show a judge besides the answer. */
const SHOWN: ReadonlySet<string> = new Set(["question", "history"]);

/**
 * Asks the judge of a suite about labelled answers, each once; nothing is kept of it but the figures.
 * @throws DataError for a judge that must see more than labels hold; UnavailableError when its endpoint is down; UsageError where a
 *   limit of the cost cannot be kept
 */
export async function askAboutRefusals(
  { judge, criterion }: RefusalJudge,
  project: Project,
  options: Pick<RefusalCheckOptions, "question" | "maxCost" | "labels" | "answer" | "refused" | "flag" | "id">,
  deps: Deps,
): Promise<CheckedDetector> {
  if (judge.kind === "panel" || judge.kind === "lexical") throw unfit(judge.file, `${judge.id}, of kind ${judge.kind}`);
  const more = judge.config.sees.filter((sight) => !SHOWN.has(sight));
  if (more.length > 0) throw unfit(judge.file, `${judge.id}, which sees ${more.join(" and ")} too`);
  await requireJudgePrices(options.maxCost, [judge], project);
  const rows: LabelRow[] = [];
  for await (const row of readRefusalLabels(options, deps)) rows.push(row);
  const problems = judge.config.sees.includes("question")
    ? rows.flatMap((row) => questionProblem(row, options.question))
    : [];
  if (problems.length > 0) throw new DataError(problems.slice(0, 20));

  const { grader, concurrency, preflight } = await buildGrader(judge, project, deps);
  await preflight(deps.signal);
  const price = options.maxCost === undefined ? undefined : await priceOfModel(project, judge.model!.model);
  const budget = price && new JudgeBudget(options.maxCost!, price, concurrency);
  const verdicts = new Map<LabelRow, boolean>();
  let unreached = 0;
  await forEachLimited(rows, concurrency, deps.signal, async (row, signal) => {
    if (budget?.spent) return;
    const query = { id: row.answer.id, text: String(row.cells.get(options.question) ?? "") };
    const shown = { passages: [], goldPassages: [], condition: "", trial: 0, repeat: 0 };
    try {
      const grade = await grader.grade({ ...shown, query, answer: row.answer.text }, signal);
      unreached = 0;
      const { usage, timing, asked } = grade;
      const slot = { query: query.id, condition: "", trial: 0, repeat: 0, reason: "" };
      budget?.add({ kind: "grade", ...slot, scores: {}, asked, ...(usage && { usage }), timing });
      if (grade.ok) verdicts.set(row, (grade.scores.get(criterion) ?? 0) > 0);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof SystemFailure)) throw error;
      unreached += 1;
      if (unreached >= DOWN_AFTER) throw down(judge.file, error.message);
    }
  });
  deps.signal.throwIfAborted();
  if (budget) line(deps.stderr, `note: ${budget.describe()}`);
  const tally = new DetectorTally();
  for (const row of rows) {
    const refused = verdicts.get(row);
    const rule = refused === true ? `judge: ${judge.id}` : "none";
    tally.add(row.answer, refused === undefined ? undefined : { refused, rule });
  }
  return { detector: printable(`The judge ${judge.id}`), tally };
}

function questionProblem({ cells, where }: LabelRow, column: string): Problem[] {
  const text = cells.get(column);
  if (typeof text === "string" && text.trim() !== "") return [];
  const fix = "name its column with --question, or measure a run's own answers with --run";
  const expected = "the question, which the judge sees";
  return [{ code: "E_REFUSAL_LABELS", where: `${where} ${column}`, expected, got: quoteValue(text), fix }];
}

function down(where: string, last: string): UnavailableError {
  const got = `${DOWN_AFTER} failures in a row, the last: ${truncate(last, 500)}`;
  const fix = "mend the endpoint and run the same command again";
  return new UnavailableError([{ code: "E_JUDGE_DOWN", where, expected: "a judge that answers", got, fix }]);
}

function unfit(where: string, got: string): DataError {
  const expected = "a judge that sees no more than question and answer";
  const fix = "measure it on the answers of a run that it graded: bench refusal check --run RUN --labels FILE";
  return new DataError([{ code: "E_REFUSAL_JUDGE", where, expected, got, fix }]);
}
