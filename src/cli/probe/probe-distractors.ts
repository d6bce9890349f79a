import { DataError } from "../../core/errors.ts";
import type { Passage } from "../../core/passage.ts";
import { seeded } from "../../core/rng.ts";
import { parseMetric } from "../../metric/index.ts";
import { metricHead } from "../../report/metric-head.ts";
import { metricValues } from "../../report/probe/metric-values.ts";
import type { ProbeCell, ProbeValues } from "../../report/probe/probe-table.ts";
import { loadQuestions } from "../../run/index.ts";
import {
  type DISTRACTOR_ORDERS,
  type DISTRACTORS_FROM,
  type DistractorCell,
  DistractorProbe,
} from "../../run/probe/distractor-probe.ts";
import { drawPool } from "../../run/probe/draw-pool.ts";
import { goldIds, goldOf } from "../../run/probe/made-contexts.ts";
import { questionSet } from "../../run/probe/question-set.ts";
import { tellTruncation } from "../../run/probe/truncation.ts";
import { ANSWERED, isUnjudged, type QuestionRecord, readRun, type Scores } from "../../runlog/index.ts";
import type { Deps } from "../deps.ts";
import { arrivalsOf, blockedText, tokenCount } from "./probe-arrivals.ts";
import type { ProbeOptions } from "./probe-flags.ts";
import {
  clustersOf,
  type OpenedProbe,
  printProbe,
  probeMetrics,
  requirePart,
  runProbe,
  withoutPart,
  withProbe,
} from "./probe-run.ts";

export interface DistractorOptions extends ProbeOptions {
  readonly count: readonly number[];
  readonly from: (typeof DISTRACTORS_FROM)[number];
  readonly order: (typeof DISTRACTOR_ORDERS)[number];
  readonly dropOracle: boolean;
}

const COUNTS = [0, 1, 3, 5, 10];
const FALSE_ANSWER = "FalseAnswer";
const OVER_REFUSAL = "OverRefusal";

/**
 * Carries out `bench probe distractors`.
 * @param name the system's id
 * @returns the exit code
 */
export async function probeDistractors(name: string, options: DistractorOptions, deps: Deps): Promise<number> {
  return withProbe(name, options, deps, async (opened) => {
    requirePart(opened.system, "generator", "name a system that answers");
    const { from, order } = options;
    if (from === "retriever") requirePart(opened.system, "retriever", "draw distractors with --from random");
    const metrics = probeMetrics(opened, options.metric, ["answer"]);
    const { config } = opened.suite;
    const { probe, questions, withoutGold, depth } = await prepare(opened, options);
    const refusals = [OVER_REFUSAL, FALSE_ANSWER].flatMap((metric) => {
      const parsed = parseMetric(metric);
      return parsed.ok && !metrics.some(({ name: other }) => other === metric) ? [parsed.metric] : [];
    });
    const run = await runProbe(
      opened,
      {
        kind: "distractors",
        title: "distractor probe",
        system: from === "random" ? withoutPart(opened.system, "retriever") : opened.system,
        questions: questionSet(config.split, questions),
        conditions: probe.conditions,
        metrics: [...metrics, ...refusals],
        depth,
        settings: { from, order, depth, cells: probe.cells.map((cell) => cell.name) },
        contexts: probe,
      },
      options,
      deps,
    );
    if (!run.done) return run.exitCode;
    const shown = await distractorsShown(run.dir, questions);
    const measure = await tokenCount(opened, undefined, deps);
    const arrivals = await arrivalsOf(run.dir, opened, measure);
    const arrived = tellTruncation(arrivals, "oracle", measure.ofModel ? "counted" : "estimated");
    const columns = [...metrics, ...refusals].map((metric) => metricHead(metric.name));
    const cells = probe.cells.map((cell): ProbeCell => {
      const { name: condition, oracle, distractors } = cell;
      const blocked = blockedText(run.scores, condition, arrived.get(condition));
      return {
        ...(blocked !== undefined && { blocked }),
        label: `${oracle ? "gold + " : "no gold, "}${distractors}`,
        group: oracle ? "with the gold" : "without the gold",
        columns: columns.map((head) => {
          if (head.name === FALSE_ANSWER && !oracle) return falseAnswers(run.scores, condition);
          // Without the gold a refusal is what is wanted.
          if (head.name === OVER_REFUSAL && !oracle) return undefined;
          // Of an unanswerable question there is no gold to be kept or dropped.
          const placeOf = (query: number) =>
            head.name === FALSE_ANSWER || questions[query]!.answerable !== false ? query : undefined;
          return metricValues(run.scores, condition, head.name, placeOf);
        }),
        facts: [shown.get(condition)],
      };
    });
    const few = probe.cells.filter((cell) => (shown.get(cell.name) ?? cell.distractors) < cell.distractors);
    await printProbe(
      {
        title: "distractor probe",
        ...{ system: name, dataset: opened.dataset.id, split: config.split, questions: questions.length },
        ...{ columns, cells, reference: 0, pairs: withoutGoldPairs(probe.cells), facts: ["distractors"] },
        ...clustersOf(opened, questions),
        ...{ level: config.level, seed: config.seed, run: run.scores.manifest.run },
        notes: notesOf(options, withoutGold, few, questions),
      },
      options,
      deps,
    );
    return run.exitCode;
  });
}

async function prepare(opened: OpenedProbe, options: DistractorOptions) {
  const { dataset, suite, fingerprint, passages } = opened;
  const { from, order, dropOracle, limit } = options;
  const counts = options.count.length > 0 ? options.count : COUNTS;
  const rng = seeded(suite.config.seed).fork("probe/distractors");
  const { records } = await loadQuestions(dataset, suite.config.split);
  const questions: QuestionRecord[] = [];
  let withoutGold = 0;
  let mostGold = 0;
  for (const question of records) {
    const gold = await goldOf({ question, passages: (ids) => passages.get(ids) });
    if (gold.length === 0 && question.answerable !== false) {
      withoutGold += 1;
      continue;
    }
    if (questions.length === limit) continue;
    questions.push(question);
    mostGold = Math.max(mostGold, gold.length);
  }
  if (mostGold === 0) throw noGold(opened);
  const wanted = Math.max(...counts) + mostGold + SPARE;
  const size = { corpus: fingerprint.passages, wanted };
  const pool: readonly Passage[] = from === "random" ? await drawPool(dataset.passages(), size, rng.fork("pool")) : [];
  const probe = new DistractorProbe({ counts, dropOracle, from, order, pool, rng });
  return { probe, questions, withoutGold, depth: probe.depth(mostGold) };
}

/** A drawn pool loses the passages of the gold's documents. */
const SPARE = 50;

/** How many passages that are not gold the contexts of a condition had, on average. */
async function distractorsShown(dir: string, questions: readonly QuestionRecord[]): Promise<Map<string, number>> {
  const gold = new Map(questions.map((question) => [question.id, new Set(goldIds(question))]));
  const sums = new Map<string, { answers: number; passages: number }>();
  for await (const line of readRun(dir)) {
    if (line.kind !== "answer") continue;
    const sum = sums.get(line.condition) ?? { answers: 0, passages: 0 };
    sums.set(line.condition, sum);
    sum.answers += 1;
    sum.passages += line.context.filter((id) => !gold.get(line.query)?.has(id)).length;
  }
  return new Map(Array.from(sums, ([condition, { answers, passages }]) => [condition, passages / answers]));
}

/** Without the gold every answer is one too many, whether the question could be answered or not; a failure counts as one. */
function falseAnswers({ groups, queries, refusals }: Scores, condition: string): ProbeValues | undefined {
  const group = groups.get(condition);
  if (group === undefined) return undefined;
  const { answered } = group;
  // A judge has yet to say of these whether they declined; of all, where it has said nothing yet.
  const unjudged = refusals !== undefined && isUnjudged(group, refusals);
  const open = (state: number | undefined): boolean => unjudged || state! > ANSWERED.failed;
  return {
    values: Float64Array.from(queries, (_, i) =>
      open(answered[i]) ? Number.NaN : answered[i] === ANSWERED.refused ? 0 : 1,
    ),
    failed: answered.filter((state) => !unjudged && state === ANSWERED.failed).length,
    unscored: answered.filter(open).length,
  };
}

/** Each number of distractors without the gold against none; row numbers as in the table. */
function withoutGoldPairs(cells: readonly DistractorCell[]): [number, number][] {
  const none = cells.findIndex(({ oracle, distractors }) => !oracle && distractors === 0);
  return none < 0 ? [] : cells.flatMap((_, i): [number, number][] => (i > none ? [[i, none]] : []));
}

function notesOf(
  { from, order, dropOracle }: DistractorOptions,
  withoutGold: number,
  few: readonly DistractorCell[],
  questions: readonly QuestionRecord[],
): string[] {
  const unanswerable = questions.filter(({ answerable }) => answerable === false).length;
  return [
    from === "retriever"
      ? "Distractors are the retriever's best hits that are not gold; more of them are the fewer ones and the next. What nobody has judged may hold the answer all the same."
      : "Distractors are drawn at random from the corpus: no gold, no passage of the gold's documents and no copy of its text; more of them are the fewer ones and others.",
    order === "shuffled"
      ? "The passages of a context stand in random order, the same each time."
      : "The gold stands first, then the distractors, best first.",
    `FalseAnswer is the share answered although the gold is not there: with the gold, of the ${unanswerable} unanswerable questions, whose context is the distractors alone${dropOracle ? "; without it, of all questions" : ""}.`,
    ...(withoutGold > 0 ? [`Left out: ${withoutGold} answerable questions without a gold passage.`] : []),
    ...(few.length > 0 ? ["Some contexts have fewer distractors than asked for: no more were found."] : []),
  ];
}

function noGold({ dataset, suite }: OpenedProbe): DataError {
  const where = `${dataset.dir}, split ${suite.config.split}`;
  const fix = "name a suite whose questions have gold passages";
  return new DataError([
    { code: "E_PROBE_QUESTIONS", where, expected: "questions with a gold passage", got: "none", fix },
  ]);
}
