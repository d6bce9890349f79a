import type { HistoryWalk } from "../../gate/index.ts";
import { fileNameOf } from "../../lib/text.ts";
import type { Calibrations, Run, Scores } from "../../runlog/index.ts";
import { shortProtocol } from "../text/format-number.ts";
import { type ChosenSeries, chooseSeries } from "./choose-series.ts";
import { collectHistory } from "./collect-history.ts";
import { historyView } from "./history-view.ts";

/** A page of the site: the runs of one system on one suite by one protocol, two or more. */
export interface HistoryPage {
  readonly suite: string;
  readonly system: string;
  readonly title: string;
  readonly protocol: string;
  readonly path: string;
  /** The path as an address: the % of an escaped file name is itself escaped. */
  readonly href: string;
  /** Oldest first. */
  readonly runs: readonly Run[];
  /** What the page shows besides those runs. */
  readonly besides: unknown;
  readonly view: () => Promise<ReturnType<typeof historyView>>;
}

/** Begins a walk along the runs of a system. @param accepted the names of runs that a person accepted */
export type BeginWalk = (accepted: ReadonlySet<string>) => Pick<HistoryWalk, "add">;

interface Known {
  readonly accepted?: ReadonlySet<string>;
  /** Of the judges that are known. */
  readonly calibrations?: Calibrations;
  /** Gives the scores of a run. Default: reads its log. */
  readonly scoresOf?: (run: Run) => Promise<Scores>;
}

/** Every series that runs make. */
export function historyPages(runs: readonly Run[], begin: BeginWalk, known: Known = {}): HistoryPage[] {
  const groups = new Map<string, Run[]>();
  for (const run of runs) {
    const { suite, system } = run.manifest;
    const key = JSON.stringify([suite.id, system.id]);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return Array.from(groups.values()).flatMap((members) => {
    const finished = members.filter(({ state }) => state === "complete");
    const protocols = new Set(finished.map(({ manifest }) => manifest.protocol));
    return Array.from(protocols).flatMap((protocol) => {
      const series = chooseSeries(members, { protocol });
      return series.runs.length < 2 ? [] : [pageOf(series, begin, known)];
    });
  });
}

function pageOf(series: ChosenSeries, begin: BeginWalk, known: Known): HistoryPage {
  const { accepted = new Set(), calibrations, scoresOf } = known;
  const { suite, system, protocol } = series.runs.at(-1)!.manifest;
  const parts = [fileNameOf(suite.id), fileNameOf(system.id), `${fileNameOf(shortProtocol(protocol))}.html`];
  return {
    suite: suite.id,
    system: system.id,
    title: system.title ?? system.id,
    protocol,
    path: ["history", ...parts].join("/"),
    href: ["history", ...parts.map(encodeURIComponent)].join("/"),
    runs: series.runs,
    besides: [series.others, series.interrupted, series.runs.map(({ manifest }) => accepted.has(manifest.run))],
    view: async () => {
      const table = await collectHistory(series, { walk: begin(accepted), calibrations, scoresOf });
      return { ...historyView(table, true), suite: suite.title ?? suite.id };
    },
  };
}
