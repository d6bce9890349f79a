import type { Run } from "../../runlog/index.ts";
import { describe } from "../../stats/index.ts";
import { runHref } from "../address/run-address.ts";
import { type HistogramChart, histogramChart } from "../chart/histogram-chart.ts";
import { formatCount, MISSING } from "../text/format-number.ts";
import type { DatasetFacts } from "./dataset-facts.ts";

/** Bins of a picture of lengths: as many as have room for their names. */
const BINS = { short: 9, long: 6 } as const;
/** Tags of a longer list are counted, not listed. */
const MOST_TAGS = 100;
/** A question with more relevant passages than this shares a bin with the others that have. */
const MOST_GOLD = 8;
const UNKNOWN = "not in the run logs";

/** The card of a dataset as its template takes it. @param runs that asked it, the first of which the facts are of */
export function datasetView(runs: readonly [Run, ...Run[]], facts: DatasetFacts) {
  const { dataset } = runs[0].manifest;
  const { card } = dataset;
  return {
    title: `${card?.title ?? dataset.id}: dataset`,
    name: card?.title ?? dataset.id,
    facts: [
      { value: formatCount(facts.questions), label: `questions of the split ${dataset.split}` },
      { value: formatCount(dataset.passages), label: "passages" },
    ],
    description: card?.description,
    about: [
      ["Id", dataset.id],
      ["Version", card?.version],
      ["SHA-256", dataset.sha256],
      ["Licence", card?.license],
      ["Language", card?.language],
      ["Source", card?.provenance === undefined ? undefined : sourceText(card.provenance)],
      ["References by", card && (card.referencesBy?.join(", ") ?? "people, or not said")],
      ["Splits", card && `${card.splits.join(", ")}; ${formatCount(card.queries)} questions in all`],
    ].map(([label, value]) => ({ label, value: value ?? MISSING, unknown: value === undefined ? UNKNOWN : "" })),
    counts: countsOf(facts, dataset.split, dataset.passages),
    lengths: [
      lengthRow("questions", facts.questionLengths),
      lengthRow("reference answers, the first of each question", facts.answerLengths),
      lengthRow("passages that were found or are gold", facts.passageLengths),
    ],
    plots: [
      lengthChart("Questions", facts.questionLengths),
      lengthChart("Reference answers", facts.answerLengths),
      lengthChart("Passages", facts.passageLengths),
      goldChart(facts),
    ].flatMap((chart) => chart ?? []),
    grades: Array.from(facts.grades, ([grade, count]) => ({ grade: String(grade), count: formatCount(count) })),
    tags: Array.from(facts.tags)
      .slice(0, MOST_TAGS)
      .map(([tag, count]) => ({ tag, count: formatCount(count), share: share(count, facts.questions) })),
    moreTags: facts.tags.size > MOST_TAGS ? `${formatCount(facts.tags.size - MOST_TAGS)} more tags` : "",
    repeated:
      facts.repeated === 0
        ? ""
        : `${formatCount(facts.repeated)} questions have the text of another one, but for case and spaces: intervals take them for independent.`,
    runs: runs.map(({ manifest }) => ({
      run: manifest.run,
      suite: manifest.suite.title ?? manifest.suite.id,
      system: manifest.system.title ?? manifest.system.id,
      questions: formatCount(manifest.dataset.queries),
      started: manifest.startedAt.slice(0, 10),
      href: runHref(manifest.run),
    })),
  };
}

function sourceText(provenance: unknown): string {
  return typeof provenance === "string" ? provenance : JSON.stringify(provenance);
}

function countsOf(facts: DatasetFacts, split: string, passages: number) {
  const { questions } = facts;
  const row = (label: string, count: number, of?: number) => ({
    label,
    count: formatCount(count),
    share: of === undefined ? "" : share(count, of),
  });
  return [
    row(`questions of the split ${split}`, questions),
    row("answered by the documents", facts.answerable, questions),
    row("not answered by them", facts.unanswerable, questions),
    row("not said", facts.unsaid, questions),
    row("with reference answers", facts.withAnswers, questions),
    row("with turns before them", facts.withHistory, questions),
    row("that name their document", facts.fromDocuments, questions),
    row("documents so named", facts.documents),
    row("passages in all", passages),
    row("of which the logs hold the texts", facts.passageLengths.length, passages),
  ];
}

function share(count: number, of: number): string {
  return of === 0 ? MISSING : `${((100 * count) / of).toFixed(count === of ? 0 : 1)}\u00a0%`;
}

function lengthRow(label: string, lengths: readonly number[]) {
  const found = describe(lengths);
  const at = (p: number): string => (found ? formatCount(Math.round(found.quantile(p))) : MISSING);
  return {
    label,
    n: formatCount(lengths.length),
    cells: [
      { label: "mean", text: found ? found.mean.toFixed(1) : MISSING },
      { label: "least", text: at(0) },
      { label: "median", text: at(0.5) },
      { label: "p90", text: at(0.9) },
      { label: "most", text: at(1) },
    ],
  };
}

/** How many are how long; the last bin holds all that are longer. */
function lengthChart(title: string, lengths: readonly number[]): HistogramChart | undefined {
  const found = describe(lengths);
  if (found === undefined || found.max === found.min) return undefined;
  // A single long one must not press all others into the first bin.
  const most = Math.max(found.quantile(0.98), found.min + 1);
  const all = most < 100 ? BINS.short : BINS.long;
  const width = Math.max(1, Math.ceil((most - found.min + 1) / all));
  const counts = new Array<number>(all).fill(0);
  for (const length of lengths) counts[Math.min(all - 1, Math.floor((length - found.min) / width))]! += 1;
  const used = counts.findLastIndex((count) => count > 0) + 1;
  const from = (bin: number): number => found.min + bin * width;
  const bins = counts.slice(0, used).map((_, bin) => {
    if (bin === all - 1 && found.max >= from(all)) return `≥ ${from(bin)}`;
    return width === 1 ? String(from(bin)) : `${from(bin)}–${from(bin + 1) - 1}`;
  });
  return histogram(title, "words", bins, counts.slice(0, used), `median ${Math.round(found.quantile(0.5))} words`);
}

function goldChart({ gold, questions }: DatasetFacts): HistogramChart | undefined {
  if (questions === 0) return undefined;
  const most = Math.min(MOST_GOLD, Math.max(...gold.keys()));
  const counts = new Array<number>(most + 1).fill(0);
  let total = 0;
  for (const [passages, count] of gold) {
    counts[Math.min(most, passages)]! += count;
    total += passages * count;
  }
  const over = Math.max(...gold.keys()) > most;
  const bins = counts.map((_, passages) => (over && passages === most ? `≥ ${passages}` : String(passages)));
  return histogram("Gold per question", "relevant passages", bins, counts, `mean ${(total / questions).toFixed(2)}`);
}

function histogram(
  title: string,
  name: string,
  bins: string[],
  counts: readonly number[],
  text: string,
): HistogramChart {
  const who = `n ${formatCount(counts.reduce((sum, count) => sum + count, 0))}`;
  const chart = histogramChart({ title, name, bins, rows: [{ who, text, counts }] });
  const parts = counts.map((count, bin) => `${count} of ${bins[bin]}`);
  return { ...chart, says: `${title} by ${name}: ${parts.join(", ")}; ${text}.` };
}
