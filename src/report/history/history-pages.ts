import type { HistoryWalk } from "../../gate/index.ts";
import { fileNameOf } from "../../lib/text.ts";
import type { Calibrations, Run } from "../../runlog/index.ts";
import { shortProtocol } from "../format-number.ts";
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

/** Every series that runs make. @param walk begins a walk along one @param calibrations of the judges that are known */
export function historyPages(
  runs: readonly Run[],
  walk: () => Pick<HistoryWalk, "add">,
  calibrations?: Calibrations,
): HistoryPage[] {
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
      return series.runs.length < 2 ? [] : [pageOf(series, walk, calibrations)];
    });
  });
}

function pageOf(series: ChosenSeries, walk: () => Pick<HistoryWalk, "add">, calibrations?: Calibrations): HistoryPage {
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
    besides: [series.others, series.interrupted],
    view: async () => historyView(await collectHistory(series, { walk: walk(), calibrations }), true),
  };
}
