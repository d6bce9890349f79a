import { DataError } from "../../core/errors.ts";
import { seeded } from "../../core/rng.ts";
import { metricHead } from "../../report/metric-head.ts";
import { metricValues } from "../../report/probe/metric-values.ts";
import type { ProbeCell } from "../../report/probe/probe-table.ts";
import { formatCount } from "../../report/text/format-number.ts";
import { corpusLengths } from "../../run/estimate/corpus-lengths.ts";
import { ROUGH } from "../../run/estimate/token-measure.ts";
import { loadQuestions } from "../../run/index.ts";
import { type ContextFit, ContextProbe } from "../../run/probe/context-probe.ts";
import { drawPool } from "../../run/probe/draw-pool.ts";
import type { Place } from "../../run/probe/place-gold.ts";
import { questionSet } from "../../run/probe/question-set.ts";
import { type Arrived, tellTruncation } from "../../run/probe/truncation.ts";
import type { Deps } from "../deps.ts";
import { arrivalsOf, blockedText, meansOf, type TokenCount, tokenCount } from "./probe-arrivals.ts";
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

export interface ContextOptions extends ProbeOptions {
  readonly tokens: readonly number[];
  readonly place: readonly Place[];
  readonly encoder: string | undefined;
}

const LENGTHS = [2000, 8000, 32_000];
/** What all cells are compared with: the gold alone. */
const REFERENCE = "oracle";

/**
 * Carries out `bench probe context`.
 * @param name the system's id
 * @returns the exit code
 */
export async function probeContext(name: string, options: ContextOptions, deps: Deps): Promise<number> {
  return withProbe(name, options, deps, async (opened) => {
    requirePart(opened.system, "generator", "name a system that answers");
    const metrics = probeMetrics(opened, options.metric, ["answer"]);
    const measure = await tokenCount(opened, options.encoder, deps);
    const { probe, questions, left } = await prepare(opened, measure, options);
    const run = await runProbe(
      opened,
      {
        kind: "context",
        title: "context probe",
        system: withoutPart(opened.system, "retriever"),
        questions: questionSet(opened.suite.config.split, questions),
        conditions: [{ kind: "oracle" }, ...probe.conditions],
        metrics,
        settings: { cells: probe.cells.map((cell) => cell.name), tokens: measure.how },
        contexts: probe,
      },
      options,
      deps,
    );
    if (!run.done) return run.exitCode;
    const arrivals = await arrivalsOf(run.dir, opened, measure);
    const arrived = tellTruncation(arrivals, REFERENCE, measure.ofModel ? "counted" : "estimated");
    const columns = metrics.map((metric) => metricHead(metric.name));
    const all = [{ name: REFERENCE, tokens: 0, place: undefined }, ...probe.cells];
    const cells = all.map((cell): ProbeCell => {
      const blocked = blockedText(run.scores, cell.name, arrived.get(cell.name));
      return {
        label: cell.place === undefined ? "gold alone" : `${formatCount(cell.tokens)} ${cell.place}`,
        ...(cell.place && { group: `${formatCount(cell.tokens)} tokens` }),
        ...(blocked !== undefined && { blocked }),
        columns: columns.map((head) => metricValues(run.scores, cell.name, head.name)),
        facts: meansOf(arrivals.filter(({ condition }) => condition === cell.name)),
      };
    });
    await printProbe(
      {
        title: "context probe",
        ...{ system: name, dataset: opened.dataset.id, split: opened.suite.config.split, questions: questions.length },
        ...{ columns, cells, reference: 0, pairs: samePlaces(probe), facts: ["tokens", "counted"] },
        ...clustersOf(opened, questions),
        ...{ level: opened.suite.config.level, seed: opened.suite.config.seed, run: run.scores.manifest.run },
        notes: notesOf(left, probe, measure, arrived),
      },
      options,
      deps,
    );
    return run.exitCode;
  });
}

async function prepare(opened: OpenedProbe, { tokensOf }: TokenCount, options: ContextOptions) {
  const { dataset, suite, fingerprint, passages } = opened;
  const tokens = options.tokens.length > 0 ? options.tokens : LENGTHS;
  const rng = seeded(suite.config.seed).fork("probe/context");
  const lengths = await corpusLengths(dataset.passages(), 0);
  const wanted = Math.max(...tokens) / Math.max(1, ROUGH.tokens(lengths.mean));
  const pool = await drawPool(dataset.passages(), { corpus: fingerprint.passages, wanted }, rng.fork("pool"));
  const places = options.place.length > 0 ? options.place : (["first", "middle", "last"] as const);
  const probe = new ContextProbe({ tokens, places, pool, tokensOf, rng });
  const { records } = await loadQuestions(dataset, suite.config.split);
  const left = await probe.fit(records, (ids) => passages.get(ids));
  if (left.questions.length === 0) throw noneFits(opened, left, probe);
  return { probe, left, questions: left.questions.slice(0, options.limit) };
}

/** The places of one length against each other; row 0 is the reference. */
function samePlaces({ cells }: ContextProbe): [number, number][] {
  return cells.flatMap((a, i) =>
    cells.flatMap((b, j): [number, number][] => (i < j && a.tokens === b.tokens ? [[i + 1, j + 1]] : [])),
  );
}

function notesOf(
  { withoutGold, longGold, unfilled }: ContextFit,
  { cells }: ContextProbe,
  { how, ofModel }: TokenCount,
  arrived: ReadonlyMap<string, Arrived>,
): string[] {
  const [shortest, longest] = [cells[0]!.tokens, cells.at(-1)!.tokens];
  const left = [
    ...(withoutGold > 0 ? [`${withoutGold} without a gold passage`] : []),
    ...(longGold > 0 ? [`${longGold} whose gold is longer than a third of ${formatCount(shortest)} tokens`] : []),
    ...(unfilled > 0 ? [`${unfilled} beside whose gold the corpus cannot fill ${formatCount(longest)} tokens`] : []),
  ];
  const unknown = [...arrived.values()].reduce((total, each) => total + each.unknown, 0);
  const all = [...arrived.values()].reduce((total, each) => total + each.prompts, 0);
  return [
    "The gold stands in the first, middle or last third by its middle, all of a question's gold passages together; the other passages of a length are the same at every place, drawn at random: no gold, no passage of the gold's documents and no copy of its text.",
    `Tokens are of the passages alone, without what the prompt writes around them: ${how}. “counted” is the server's count of the whole prompt.`,
    unknown === all
      ? "Whether prompts were cut cannot be told: the server does not count their tokens, or the contexts are too short."
      : `A cell has a score only where every prompt arrived whole. Cut is told from the server's count: less than 85 % of what the passages should add${ofModel ? "" : "; without the model's tokenizer a smaller cut of every length may go unseen"}.${unknown > 0 ? ` ${unknown} of ${all} prompts could not be checked.` : ""}`,
    ...(left.length > 0 ? [`Left out, so that every cell has the same questions: ${left.join(", ")}.`] : []),
  ];
}

function noneFits({ dataset }: OpenedProbe, { withoutGold, longGold, unfilled }: ContextFit, { cells }: ContextProbe) {
  const [shortest, longest] = [cells[0]!.tokens, cells.at(-1)!.tokens];
  const got = `none: ${withoutGold} without gold, ${longGold} whose gold is longer than a third of ${shortest} tokens, ${unfilled} beside whose gold the corpus cannot fill ${longest} tokens`;
  const fix =
    unfilled > 0
      ? "ask for shorter contexts with --tokens, or add passages to the corpus"
      : longGold > 0
        ? "ask for longer contexts with --tokens"
        : "name a suite whose questions have gold passages";
  return new DataError([
    { code: "E_PROBE_QUESTIONS", where: dataset.dir, expected: "questions that fit the contexts", got, fix },
  ]);
}
