import { DataError } from "../core/errors.ts";
import { IdTable } from "../lib/id-table.ts";
import { quoteValue } from "../lib/text.ts";
import type { Manifest, ResultLine } from "./schema.ts";
import { RETRIEVAL } from "./scores.ts";

/** A group of results: `retrieval`, or a condition. */
export interface SlotGroup {
  readonly name: string;
  readonly trials: number;
}

/**
 * The order of a run's plan: questions as in the dataset, of each its retrieval, then the conditions as in the suite,
 * of each its trials. Every result has one slot, a whole number from 0, so that what is finished is a row of numbers
 * and not a set of names.
 */
export class Slots {
  readonly queries: IdTable;
  readonly groups: readonly SlotGroup[];
  /** Slots of one question. */
  readonly perQuery: number;
  readonly size: number;
  readonly #first = new Map<string, number>();

  /** @throws DataError (E_RUN_FILE) when a question is there twice */
  constructor(queries: Iterable<string>, manifest: Pick<Manifest, "depth" | "conditions" | "trials">) {
    this.queries = queries instanceof IdTable ? queries : tableOf(queries);
    this.groups = [
      ...(manifest.depth > 0 ? [{ name: RETRIEVAL, trials: 1 }] : []),
      ...manifest.conditions.map((name) => ({ name, trials: manifest.trials })),
    ];
    let next = 0;
    for (const { name, trials } of this.groups) {
      this.#first.set(name, next);
      next += trials;
    }
    this.perQuery = next;
    this.size = this.queries.length * next;
  }

  queryIndex(id: string): number | undefined {
    return this.queries.numberOf(id);
  }

  /** @returns undefined where the plan has no such result */
  slotOf(query: string, group: string, trial: number): number | undefined {
    const q = this.queries.numberOf(query);
    const first = this.#first.get(group);
    if (q === undefined || first === undefined) return undefined;
    const trials = this.groups.find((g) => g.name === group)!.trials;
    return trial < trials ? q * this.perQuery + first + trial : undefined;
  }

  /** The slot of a result line. */
  slotOfLine(line: ResultLine): number | undefined {
    return this.slotOf(line.query, groupOf(line), line.trial);
  }

  /** A slot in words, for messages. */
  describe(slot: number): string {
    const query = this.queries.at(Math.floor(slot / this.perQuery)) ?? "?";
    let rest = slot % this.perQuery;
    for (const { name, trials } of this.groups) {
      if (rest < trials) return `question ${JSON.stringify(query)}, ${name}, trial ${rest}`;
      rest -= trials;
    }
    return `question ${JSON.stringify(query)}`;
  }
}

function tableOf(ids: Iterable<string>): IdTable {
  const table = new IdTable();
  for (const id of ids) if (table.add(id) === undefined) throw twice(id);
  return table;
}

function twice(id: string): DataError {
  const [where, fix] = ["questions.jsonl", "restore the file, or run again with --fresh"];
  return new DataError([
    { code: "E_RUN_FILE", where, expected: "each question once", got: `${quoteValue(id)} again`, fix },
  ]);
}

/** The group a result belongs to. */
export function groupOf(line: ResultLine): string {
  return line.kind === "retrieval" ? RETRIEVAL : (line.condition ?? RETRIEVAL);
}
