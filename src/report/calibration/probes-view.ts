import type { Estimated } from "../../core/estimate.ts";
import type { JudgeProbes, ProbeFigures } from "../../runlog/index.ts";
import { forestView } from "../cells/forest-view.ts";
import { formatCount, formatLevel, formatValue } from "../text/format-number.ts";
import { probeWords } from "./probe-words.ts";

const SHARE = [0, 1] as const;

/** How a judge stood up to answers made to mislead it, as its data sheet shows it. */
export function probesView({ judge, criterion, run, at, level, probes }: JudgeProbes) {
  const asked = probes.filter(({ n }) => n > 0);
  const drawn = asked.flatMap((probe) => {
    const estimate = estimated(probe, level);
    return estimate ? [{ who: probe.id, estimate, kind: "unranked" as const }] : [];
  });
  return {
    run,
    at: at.slice(0, 10),
    level: formatLevel(level),
    // Every answer is put through every probe, and is in one of the three counts.
    answers: formatCount(
      Math.max(0, ...probes.map(({ n, noVerdict, notApplicable }) => n + noVerdict + notApplicable)),
    ),
    sha256: judge.sha256,
    criterion,
    rows: probes.map((probe) => ({
      id: probe.id,
      words: probeWords(probe),
      expects: probe.expects,
      passed: `${formatCount(probe.passed)} of ${formatCount(probe.n)}`,
      failed: probe.passed < probe.n,
      ...numberOf(probe),
      noVerdict: probe.noVerdict > 0 && formatCount(probe.noVerdict),
      notApplicable: probe.notApplicable > 0 && formatCount(probe.notApplicable),
    })),
    misled: asked
      .filter(({ passed, n }) => passed < n)
      .map(({ id, passed, n }) => `${id} (${formatCount(n - passed)} of ${formatCount(n)})`)
      .join(", "),
    plot: drawn.length > 0 && forestView({ ...HEAD, range: SHARE }, [{ rows: drawn }]),
  };
}

const HEAD = {
  name: "Probes passed",
  title: "Probes passed",
  meaning: "",
  unit: "share of answers",
  better: "higher",
  proportion: true,
  group: "judged",
} as const;

function numberOf(probe: ProbeFigures) {
  const { rate, low, high } = probe;
  if (rate === undefined || low === undefined || high === undefined) return { reason: "no answer could be probed" };
  const show = (value: number): string => formatValue(value, SHARE);
  return { number: show(rate), interval: `[${show(low)}, ${show(high)}]` };
}

function estimated({ rate, low, high, n }: ProbeFigures, level: number): Estimated | undefined {
  if (rate === undefined || low === undefined || high === undefined) return undefined;
  return { state: "estimated", mean: rate, low, high, level, method: "wilson", n, unscored: 0, failed: 0 };
}
