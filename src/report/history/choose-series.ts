import { canonicalJson } from "../../lib/hash.ts";
import { truncate } from "../../lib/text.ts";
import type { Manifest, Run } from "../../runlog/index.ts";
import { flatten } from "../group-runs.ts";
import type { OtherProtocol } from "./history-table.ts";

/** The runs whose numbers may stand in one series. */
export interface ChosenSeries {
  /** Finished, of one protocol, oldest first. */
  readonly runs: readonly Run[];
  readonly others: readonly OtherProtocol[];
  readonly interrupted: readonly string[];
}

export interface SeriesChoice {
  /** How the protocol begins, after `sha256:`. Default: that of the newest finished run. */
  readonly protocol?: string | undefined;
  /** Protocols that differ in their questions alone are one. */
  readonly shared?: boolean;
}

/** Sorts the runs of one system on one suite. Copies of a run, told by its name, count once; none finished: no runs. */
export function chooseSeries(runs: readonly Run[], { protocol, shared = false }: SeriesChoice = {}): ChosenSeries {
  const distinct = [...new Map(runs.map((run) => [run.manifest.run, run])).values()];
  const oldestFirst = distinct.sort((a, b) => (a.manifest.startedAt < b.manifest.startedAt ? -1 : 1));
  const finished = oldestFirst.filter(({ state }) => state === "complete");
  const chosen = finished.findLast(({ manifest }) => begins(manifest.protocol, protocol))?.manifest;
  const key = ({ manifest }: Run): string => (shared ? withoutQuestions(manifest) : manifest.protocol);
  const same = chosen && (shared ? withoutQuestions(chosen) : chosen.protocol);
  return {
    runs: finished.filter((run) => key(run) === same),
    others: chosen
      ? othersOf(
          chosen,
          finished.filter((run) => key(run) !== same),
        )
      : [],
    interrupted: oldestFirst.filter(({ state }) => state === "interrupted").map(({ manifest }) => manifest.run),
  };
}

function begins(protocol: string, asked: string | undefined): boolean {
  return asked === undefined || protocol.startsWith(asked) || protocol.replace(/^sha256:/, "").startsWith(asked);
}

/** A protocol but for its questions. */
function withoutQuestions({ protocolFields, dataset }: Manifest): string {
  const { questions: _, ...rest } = protocolFields;
  return canonicalJson([rest, dataset.id, dataset.split, dataset.sha256]);
}

function othersOf(chosen: Manifest, runs: readonly Run[]): OtherProtocol[] {
  const protocols = new Map<string, Run[]>();
  for (const run of runs) protocols.set(run.manifest.protocol, [...(protocols.get(run.manifest.protocol) ?? []), run]);
  const here = fieldsOf(chosen);
  return Array.from(protocols, ([protocol, members]) => {
    const there = fieldsOf(members[0]!.manifest);
    const fields = Array.from(new Set([...here.keys(), ...there.keys()]));
    return {
      protocol,
      runs: members.map(({ manifest }) => manifest.run),
      differs: fields
        .filter((field) => here.get(field) !== there.get(field))
        .map((field) => ({ field, here: shown(here.get(field)), there: shown(there.get(field)) })),
    };
  });
}

/** What a number depends on besides the system, the dataset's hash among it. */
function fieldsOf({ protocolFields, dataset }: Manifest): ReadonlyMap<string, string> {
  const { id, split, sha256 } = dataset;
  return flatten({ dataset: { id, split, sha256 }, ...flattenable(protocolFields) });
}

/** A field of the protocol that is called `dataset` too stands beside it, not in its place. */
function flattenable({ dataset, ...rest }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return dataset === undefined ? rest : { ...rest, "protocol.dataset": dataset };
}

function shown(value: string | undefined): string {
  return truncate(value ?? "(none)", 80);
}
