import { questionsHref } from "../address/question-address.ts";
import { runFolder, runHref } from "../address/run-address.ts";
import { cellView } from "../cells/cell-view.ts";
import { forestView } from "../cells/forest-view.ts";
import { nameIn, titleOf } from "../cells/row-name.ts";
import type { CompareLinks } from "../compare/compare-links.ts";
import type { ReportedResults } from "../external/reported-results.ts";
import { reportedView } from "../external/reported-view.ts";
import { type AnswerFlag, FLAG_WORDS, flagReasons, flagText, worstFlags } from "../gaming/answer-flags.ts";
import type { SameAnswerPair } from "../gaming/same-answer-pairs.ts";
import { sameAnswersMark, sameAnswersView } from "../gaming/same-answer-words.ts";
import type { HistoryPage } from "../history/history-pages.ts";
import { badgeView } from "../judged/badge-view.ts";
import { metricAnchor } from "../metric-head.ts";
import { MOST_RANKED } from "../rank-intervals.ts";
import { judgingLines } from "../refusal/judging-text.ts";
import type { RiskCurve } from "../refusal/risk-curve.ts";
import type { MetricHead, ProtocolTable, Row, RunHead, Summary, TablePart } from "../summary-types.ts";
import { formatCount, formatLevel, shortProtocol } from "../text/format-number.ts";
import { bestFirst, boardCharts, lostCharts } from "./board-charts.ts";
import { type CountView, counts, moreCounts, optionalColumns } from "./board-counts.ts";
import { type BesideReference, besideReference, groupsOf } from "./board-marks.ts";
import { pinPieces } from "./board-pins.ts";
import { type BoardTiers, boardTiers } from "./board-tiers.ts";
import { boardVerdict } from "./board-verdict.ts";

/** Rows of one picture; a longer table says how many are not drawn. */
const MOST_PLOTTED = 24;

/** Findings above a table; a longer list is folded. */
const MOST_FLAGGED = 3;

/** What the leaderboard shows besides the tables. */
export interface BoardOptions {
  /** Pages of two runs, of each protocol of each suite. */
  readonly compared?: CompareLinks;
  /** Where the card of a table's dataset stands, by the protocol. */
  readonly datasets?: ReadonlyMap<string, string>;
  /** Pages of systems over time. */
  readonly histories?: readonly Pick<HistoryPage, "suite" | "protocol" | "title" | "href">[];
  /** What looks canned about the answers of a run, by its name. */
  readonly flags?: ReadonlyMap<string, readonly AnswerFlag[]>;
  /** The pairs of systems of a table that give too often the same answers. */
  readonly alike?: ReadonlyMap<ProtocolTable, readonly SameAnswerPair[]>;
  /** The tags of a table's questions that numbers can be shown for, most questions first. */
  readonly tagsOf?: (table: ProtocolTable) => readonly string[];
  /** Results that others reported. */
  readonly reported?: readonly ReportedResults[];
  /** Risk over coverage of the answers of a run. */
  readonly risksOf?: (run: RunHead) => readonly RiskCurve[];
}

/** The leaderboard page as its template takes it. */
export function boardView(summary: Summary, options: BoardOptions = {}) {
  const levels = new Set(summary.suites.flatMap(({ tables }) => tables.map(({ level }) => level)));
  const { reported = [] } = options;
  const suites = summary.suites.map(({ id }) => id);
  const tables = reportedView(reported);
  const below = (suite?: string) =>
    tables.filter((_, at) => {
      const named = reported[at]!.suite;
      return suite === undefined ? named === undefined || !suites.includes(named) : named === suite;
    });
  return {
    title: "Leaderboard",
    scripts: ["page.js", "board.js"],
    level: levels.size === 0 ? "confidence" : Array.from(levels, formatLevel).join(" or "),
    suites: summary.suites.map(({ id, title, tables }, s) => ({
      title: title ?? id,
      reported: below(id),
      tables: tables.map((table, t) => ({
        ...tableView(table, `${s}-${t}`, options),
        compared: options.compared?.of(id, table.protocol),
        card: options.datasets?.get(table.protocol),
        histories: options.histories?.filter(({ suite, protocol }) => suite === id && protocol === table.protocol),
        // There is no such page without a finished run.
        across: table.parts.length > 0 && questionsHref({ suite: id, protocol: table.protocol }),
      })),
    })),
    reported: below(),
  };
}

function tableView(table: ProtocolTable, key: string, { flags, alike, tagsOf, risksOf }: BoardOptions) {
  const { dataset, superseded } = table;
  const found = flaggedOf(table, flags);
  const pairs = alike?.get(table) ?? [];
  const runs = new Map(found.map(({ run }) => [run.run, run]));
  const nameOf = (run: string) => titleOf(runs.get(run)!);
  const marksOf = ({ run, condition }: Row) => [
    ...(flags?.get(run.run) ?? [])
      .filter((flag) => flag.condition === condition)
      .map((flag) => ({ word: FLAG_WORDS[flag.kind], says: flagText(flag) })),
    ...sameAnswersMark(pairs, run.run, condition, nameOf),
  ];
  const flagged = found.flatMap(({ run, flags: own }) =>
    worstFlags(own).map(({ kind, says }) => ({
      system: titleOf(run),
      href: runHref(run.run),
      word: FLAG_WORDS[kind],
      says,
    })),
  );
  return {
    flagged: flagged.slice(0, MOST_FLAGGED),
    moreFlagged: flagged.slice(MOST_FLAGGED),
    flagReasons: flagReasons(found.flatMap(({ flags: own }) => own)),
    alike: sameAnswersView(pairs, (run) => ({ system: nameOf(run), href: runHref(run) })),
    tags: JSON.stringify(tagsOf?.(table) ?? []),
    questions: formatCount(dataset.queries),
    passages: dataset.passages === 0 ? "no" : formatCount(dataset.passages),
    dataset: dataset.id,
    split: dataset.split,
    protocol: shortProtocol(table.protocol),
    differs: table.differs.map(differenceView),
    parts: table.parts.map((part) => partView(part, `${key}-${part.kind}`, marksOf, risksOf)),
    interrupted: table.interrupted.map(link),
    superseded: superseded.map(link),
    older: `${superseded.length} older ${superseded.length === 1 ? "run" : "runs"} of the same systems`,
  };
}

function link(head: RunHead) {
  return { run: head.run, system: titleOf(head), href: runHref(head.run), startedAt: head.startedAt.slice(0, 10) };
}

/** A field of the protocol; of a hash its beginning. */
function differenceView({ field, value }: ProtocolTable["differs"][number]) {
  const [, hash] = /^"([0-9a-f]{64})"$/.exec(value) ?? [];
  return { field: field === "questions" ? "which questions are asked" : field, value: hash?.slice(0, 8) ?? value };
}

/** The flags of a table's runs. */
function flaggedOf({ parts }: ProtocolTable, flags: BoardOptions["flags"]) {
  const runs = new Map(parts.flatMap(({ rows }) => rows.map(({ run }) => [run.run, run])));
  return Array.from(runs.values(), (run) => ({ run, flags: flags?.get(run.run) ?? [] }));
}

function partView(
  part: TablePart,
  key: string,
  marksOf: (row: Row) => readonly { readonly word: string; readonly says: string }[],
  risksOf: BoardOptions["risksOf"],
) {
  const answers = part.kind === "answers";
  const rows = byFirstMetric(part);
  const columns = optionalColumns(part.rows);
  const lonely = answers && part.metrics.length > 0 && part.metrics.every(({ group }) => !isAnswerMetric(group));
  const beside = part.metrics.map((_, at) => besideReference(part, at));
  const nameOf = nameIn(part.rows);
  const tiers = part.metrics.map((_, column) => boardTiers(part, column, (at) => nameOf(part.rows[at]!)));
  const intervals = part.metrics.flatMap((metric, at) => plotView(metric, at, bestFirst(part)) ?? []);
  return {
    key,
    pins: pinPieces(part, key),
    title: answers ? "Answers" : "Retrieval",
    lonely,
    verdict: boardVerdict(part, nameOf),
    judging: judgingLines(part.rows),
    heads: headsOf(part, columns, answers, tiers),
    rows: rows.map(({ row, at }) => rowView(row, at)),
    plots: [boardCharts(part, risksOf), lostCharts(part)].filter((charts) => charts.length > 0),
    intervals,
    groups: part.metrics
      .map(({ name }, at) => ({ name, groups: groupsOf(part, at, nameOf) }))
      .filter(({ groups }) => groups.length > 0),
    ranked: part.rows.length <= MOST_RANKED ? undefined : String(MOST_RANKED),
  };

  function rowView(row: Row, at: number) {
    const { card } = row.run.system;
    const fields = { type: card?.type, size: card?.size, "trained on": card?.trainingData, licence: card?.licence };
    return {
      at: String(at),
      system: titleOf(row.run),
      condition: row.condition,
      find: [row.run.system.id, titleOf(row.run), row.condition, ...Object.values(fields), ...(card?.tags ?? [])]
        .filter((word) => word !== undefined)
        .join(" ")
        .toLowerCase(),
      fields: JSON.stringify({ ...fields, tag: card?.tags }),
      folder: runFolder(row.run.run),
      group: row.condition ?? "retrieval",
      reference: card?.reference,
      flags: answers ? marksOf(row) : [],
      href: runHref(row.run.run),
      cells: row.cells.map((cell, column) => ({
        ...cellView(cell, row, part.metrics[column]!),
        ...markBeside(beside[column], at),
        tier: tiers[column]?.of.get(at)?.toString(),
      })),
      counts: counts(row, answers),
      more: moreCounts(row, columns),
    };
  }
}

/** Whether a metric says by itself something about answers; a judge's column needs one beside it. */
function isAnswerMetric(group: MetricHead["group"]): boolean {
  return group !== "judged" && group !== "unknown" && group !== "refusal";
}

function markBeside(beside: BesideReference | undefined, at: number) {
  return { besideBest: beside?.best.has(at) === true, besideTied: beside?.tied.has(at) === true };
}

function headsOf(
  part: TablePart,
  columns: ReturnType<typeof optionalColumns>,
  answers: boolean,
  tiers: readonly (BoardTiers | undefined)[],
) {
  const name = { type: "text", first: "ascending", fixed: true } as const;
  return [
    { key: "system", name: "system", ...name, meaning: "The system under test. It leads to the page of its run." },
    ...(answers
      ? [
          {
            ...{ key: "context", name: "context", ...name },
            meaning: "How the generator got its context: rag@k, oracle or closed-book.",
          },
        ]
      : []),
    ...counts(undefined, answers).map(countHead),
    ...part.metrics.map((metric, at) => ({
      key: metric.name,
      name: metric.name,
      type: "number",
      first: metric.better === "higher" ? "descending" : "ascending",
      sorted: at === 0 ? (metric.better === "higher" ? "descending" : "ascending") : undefined,
      meaning: `${metric.title}. ${metric.meaning}${metric.unit === "" ? "" : ` Unit: ${metric.unit}.`}`,
      anchor: metricAnchor(metric),
      badge: badgeView(metric),
      family: metric.group,
      tiers: tiers[at] && JSON.stringify(tiers[at].says),
      ...arrowOf(metric),
    })),
    ...moreCounts(undefined, columns).map(countHead),
  ];
}

function arrowOf({ better, group }: MetricHead) {
  if (group === "unknown") return {};
  return better === "higher"
    ? { arrow: "↑", arrowTitle: "higher is better" }
    : { arrow: "↓", arrowTitle: "lower is better" };
}

/** Best first by the first metric, where there is one, each with its place in the table; the page can be sorted by any other. */
function byFirstMetric({ rows, metrics }: TablePart) {
  const sign = metrics[0]?.better === "lower" ? -1 : 1;
  const value = (row: Row): number => {
    const estimate = row.cells[0]?.estimate;
    return estimate?.state === "estimated" ? sign * estimate.mean : Number.NEGATIVE_INFINITY;
  };
  return rows.map((row, at) => ({ row, at })).sort((a, b) => value(b.row) - value(a.row) || 0);
}

function countHead({ label, meaning, words, fixed }: CountView) {
  const order = words ? { type: "text", first: "ascending" } : { type: "number", first: "descending", numeric: true };
  return { key: label, name: label, ...order, meaning, fixed };
}

/** The picture of one metric: every row's interval on one axis. */
function plotView(metric: MetricHead, at: number, rows: readonly Row[]) {
  const drawn = rows.flatMap((row) => {
    const cell = row.cells[at];
    return cell?.estimate.state === "estimated" ? [{ row, estimate: cell.estimate, kind: cell.standing.kind }] : [];
  });
  if (drawn.length < 2) return undefined;
  const shown = drawn.slice(0, MOST_PLOTTED);
  const nameOf = nameIn(rows);
  const groups = groupBySystem(shown).map(({ title, members }) => ({
    title,
    rows: members.map(({ row, estimate, kind }) => ({
      who: title === undefined ? nameOf(row) : row.condition!,
      estimate,
      kind,
    })),
  }));
  const hidden = drawn.length > shown.length ? `${shown.length} of ${drawn.length} rows are drawn` : undefined;
  return { ...arrowOf(metric), ...forestView(metric, groups, { note: hidden }) };
}

/** Rows of one system that follow each other, under its name; systems with one row each need no name above. */
function groupBySystem<T extends { readonly row: Row }>(
  rows: readonly T[],
): { readonly title: string | undefined; readonly members: readonly T[] }[] {
  const groups: { readonly run: string; readonly title: string; readonly members: T[] }[] = [];
  for (const item of rows) {
    const { run } = item.row;
    if (groups.at(-1)?.run === run.run) groups.at(-1)!.members.push(item);
    else groups.push({ run: run.run, title: titleOf(run), members: [item] });
  }
  return groups.some(({ members }) => members.length > 1) ? groups : [{ title: undefined, members: rows }];
}
