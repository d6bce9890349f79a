import { seeded } from "../../core/rng.ts";
import { truncate } from "../../lib/text.ts";
import { type Calibrations, RETRIEVAL, type Scores, sampleOf } from "../../runlog/index.ts";
import { estimateMean } from "../../stats/index.ts";
import { badgeView } from "../judged/badge-view.ts";
import { columnHead, metricAnchor } from "../metric-head.ts";
import { formatCount, formatValue, MISSING } from "../text/format-number.ts";

/** Below this many questions the mean of a tag says little, and the page says so. */
export const FEW = 20;
/** More tags than these are counted, not listed: the most frequent ones are. */
const MOST_TAGS = 40;

type Tagged = readonly [tag: string, questions: readonly number[]];

/** The most frequent tags, most questions first. */
export function listedTags(tags: ReadonlyMap<string, readonly number[]>): Tagged[] {
  return [...tags].sort(([, a], [, b]) => b.length - a.length).slice(0, MOST_TAGS);
}

/** The questions of a tag as a list that links of the run's page name. */
export function tagList([tag, questions]: Tagged) {
  return { id: tagId(tag), title: `tagged ${truncate(tag, 120)}`, questions };
}

function tagId(tag: string): string {
  return `tag:${truncate(tag, 200)}`;
}

/**
 * The means of a run's metrics over the questions of each tag, a table per context. Intervals are Wilson's for 0/1 metrics and
 * Student's t for others, clustered where the suite says so: a bootstrap of every tag would take minutes. Nothing is corrected for
 * looking at many tags.
 * @returns undefined where the questions have no tags
 */
export function tagBreakdown(
  scores: Scores,
  tags: ReadonlyMap<string, readonly number[]>,
  calibrations?: Calibrations,
) {
  if (tags.size === 0) return undefined;
  const listed = listedTags(tags);
  return {
    few: FEW,
    hidden: tags.size > listed.length && formatCount(tags.size - listed.length),
    groups: Array.from(scores.groups.values(), ({ name, metrics }) => {
      const columns = Array.from(metrics.keys(), (metric) => meansOf(scores, name, metric));
      return {
        name,
        heads: columns.map(({ head }) => ({
          name: head.name,
          title: head.title,
          anchor: metricAnchor(head),
          badge: badgeView(columnHead(head.name, [scores], calibrations)),
        })),
        rows: listed.map(([tag, questions]) => ({
          tag,
          href: `#${new URLSearchParams({ in: tagId(tag), on: name })}`,
          questions: formatCount(questions.length),
          few: questions.length < FEW,
          cells: columns.map(({ head, over }) => cellOf(head.name, over(questions), questions.length)),
        })),
      };
    }).filter(({ heads }) => heads.length > 0),
  };
}

/** The n stands beside a mean that is not over all questions of its tag. */
function cellOf(label: string, mean: ReturnType<ReturnType<typeof meansOf>["over"]>, questions: number) {
  const { n, ...shown } = mean;
  return { label, ...shown, ...(n > 0 && n < questions && { n: formatCount(n) }) };
}

/** One metric of one group, to be estimated over some of the questions. */
export function meansOf(scores: Scores, group: string, metric: string) {
  const { level, trials, seed } = scores.manifest;
  const head = columnHead(metric, [scores]);
  const sample = sampleOf(scores, group, metric)!;
  const places = new Map(Array.from(sample.queries, (query, i) => [query, i]));
  const proportion = head.proportion && (trials === 1 || group === RETRIEVAL);
  const over = (questions: readonly number[]) => {
    const kept = questions.flatMap((query) => places.get(query) ?? []);
    const values = kept.map((i) => sample.values[i]!);
    const inRange = values.every((x) => head.range === undefined || (x >= head.range[0] && x <= head.range[1]));
    const n = values.length;
    if (!inRange) return { number: MISSING, interval: "", n };
    const { clusters } = sample;
    const estimate = estimateMean(
      { values, failed: 0, unscored: 0, ...(clusters && { clusters: kept.map((i) => clusters[i]!) }) },
      {
        level,
        proportion,
        method: proportion ? "auto" : "t",
        ...(head.range && { range: head.range }),
        rng: seeded(seed),
      },
    );
    if (estimate.state === "not-estimable") {
      return { number: n === 1 ? formatValue(values[0]!, head.range) : MISSING, interval: "", n };
    }
    const [low, high] = [estimate.low, estimate.high].map((x) => formatValue(x, head.range));
    return { mean: estimate.mean, number: formatValue(estimate.mean, head.range), interval: `[${low}, ${high}]`, n };
  };
  return { head, over };
}
