import type { Estimate } from "../../core/estimate.ts";
import { judgeHref } from "../address/judge-address.ts";
import { intervalBar } from "../cells/interval-bar.ts";
import { formatCount, formatValue } from "../text/format-number.ts";
import type { PairSummary, PairsSummary } from "./summarise-pairs.ts";

const SHARE = [0, 1] as const;

/** What a judge said of two runs' answers side by side, and how the runs' systems are called. */
export interface JudgedPairs extends PairsSummary {
  /** Titles of the systems: of the run whose folder has the verdicts, and of the other. */
  readonly first: string;
  readonly second: string;
}

/**
 * The rows of a table of pairwise verdicts, one a context.
 * @param of the run whose wins are wins; by default the one in whose folder the verdicts stand
 */
export function pairRows({ head, conditions, first, second }: JudgedPairs, of: string = head.run) {
  const turned = of !== head.run;
  const [us, them] = turned ? [second, first] : [first, second];
  return conditions.map((found) => {
    const { condition, pairs, undecided, win, tie, loss, preference, position } = turned ? mirrored(found) : found;
    return {
      judge: head.judge.title ?? head.judge.id,
      judgeHref: judgeHref(head.judge.id),
      ...{ us, them, condition, pairs: formatCount(pairs), undecided: undecided > 0 && formatCount(undecided) },
      win: shareView(win),
      tie: shareView(tie),
      loss: shareView(loss),
      preference: { ...shareView(preference), ...barOf(preference) },
      better: better(preference, us, them),
      kept: shareView(complement(position.changed)),
      placed: shareView(position.first),
    };
  });
}

/** The same verdicts as the other run sees them. */
function mirrored(found: PairSummary): PairSummary {
  return { ...found, win: found.loss, loss: found.win, preference: complement(found.preference) };
}

function complement(estimate: Estimate): Estimate {
  if (estimate.state !== "estimated") return estimate;
  return { ...estimate, mean: 1 - estimate.mean, low: 1 - estimate.high, high: 1 - estimate.low };
}

function shareView(estimate: Estimate) {
  if (estimate.state !== "estimated") return { reason: `not estimable: ${estimate.reason}` };
  const show = (value: number): string => formatValue(value, SHARE);
  return { number: show(estimate.mean), interval: `[${show(estimate.low)}, ${show(estimate.high)}]` };
}

function barOf(estimate: Estimate) {
  return estimate.state === "estimated" ? { bar: intervalBar(estimate, SHARE) } : {};
}

/** By the interval, never by the point value. */
function better(preference: Estimate, us: string, them: string): string {
  if (preference.state !== "estimated") return "cannot tell";
  return preference.low > 0.5 ? us : preference.high < 0.5 ? them : "cannot tell";
}
