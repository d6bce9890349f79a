import { fileNameOf } from "../../lib/text.ts";
import type { Run } from "../../runlog/index.ts";
import { questionsFolder } from "../address/question-address.ts";
import { runHref } from "../address/run-address.ts";
import { groupRuns, type RunGroup } from "../group-runs.ts";
import type { ProtocolTable, Summary } from "../summary-types.ts";
import { formatCount, shortProtocol } from "../text/format-number.ts";
import { questionColumns } from "./question-columns.ts";
import { PER_PIECE } from "./run-data.ts";

/** From the page to the top of the site. */
const ROOT = "../../../";

/** The page of a suite's questions with the answers of all systems of one protocol. */
export interface QuestionPage {
  /** In the site; the page is its `index.html`, the list of questions `data/list.js`. */
  readonly folder: string;
  /** All runs that the page speaks of. */
  readonly runs: readonly Run[];
  /** The page as its template takes it. */
  readonly view: Readonly<Record<string, unknown>>;
  /** Reads the list of questions. */
  readonly list: () => Promise<QuestionPageList>;
}

export type QuestionPageList = Awaited<ReturnType<typeof listOf>>;

/**
 * One page for every suite and protocol with a finished run. It holds no answers: those it takes from the pieces beside the pages
 * of the runs. Its list has the questions of all runs once, whichever of them each run was asked.
 */
export function questionPages(runs: readonly Run[], summary: Summary): QuestionPage[] {
  return groupRuns(runs).flatMap(({ id, title, groups }) =>
    groups
      .filter(({ ranked }) => ranked.length > 0)
      .map((group): QuestionPage => {
        const { protocol, ranked, superseded, interrupted } = group;
        const table = summary.suites
          .find((suite) => suite.id === id)
          ?.tables.find((found) => found.protocol === protocol);
        const ordered = bestFirst(ranked, table);
        return {
          folder: questionsFolder({ suite: id, protocol }),
          runs: [...ordered, ...superseded, ...interrupted],
          view: {
            title: `Questions of ${title ?? id}`,
            scripts: ["page.js", "list.js", "question.js", "across.js", "systems.js", "questions.js"],
            suite: title ?? id,
            systems: formatCount(ranked.length),
            protocol: shortProtocol(protocol),
            several: summary.suites.find((suite) => suite.id === id)?.tables.length !== 1,
            interrupted: interrupted.map(({ manifest }) => ({
              run: manifest.run,
              system: nameOf(manifest),
              href: ROOT + runHref(manifest.run),
            })),
          },
          list: () => listOf({ ...group, ranked: ordered }),
        };
      }),
  );
}

/** As the leaderboard has them: by the first metric of the last table, which is of answers where there are any. */
function bestFirst(runs: readonly Run[], table: ProtocolTable | undefined): readonly Run[] {
  const part = table?.parts.at(-1);
  const sign = part?.metrics[0]?.better === "lower" ? -1 : 1;
  const value = ({ manifest }: Run): number => {
    const means = (part?.rows ?? []).flatMap(({ run, cells }) =>
      run.run === manifest.run && cells[0]?.estimate.state === "estimated" ? [sign * cells[0].estimate.mean] : [],
    );
    return Math.max(...means, Number.NEGATIVE_INFINITY);
  };
  const values = new Map(runs.map((run) => [run, value(run)]));
  return runs.toSorted((a, b) => values.get(b)! - values.get(a)! || 0);
}

/** Texts are read once from each different file of questions; runs of one protocol usually share one. */
async function listOf({ ranked, superseded }: Pick<RunGroup, "ranked" | "superseded">) {
  const all = new Questions();
  const runs = [];
  for (const run of [...ranked, ...superseded]) {
    const { manifest, end } = run;
    runs.push({
      run: manifest.run,
      name: nameOf(manifest),
      at: manifest.startedAt.slice(0, 10),
      ...(superseded.includes(run) && { older: true }),
      data: `${ROOT}runs/${encodeURIComponent(fileNameOf(manifest.run))}/data/`,
      page: ROOT + runHref(manifest.run),
      trials: manifest.trials,
      groups: [...(manifest.depth > 0 ? ["retrieval"] : []), ...manifest.conditions],
      set: await all.add(run.dir, end!.files.questions),
    });
  }
  return { per: PER_PIECE, runs, ...all.list() };
}

/** The questions of several runs, each once, in the order they are first met. */
class Questions {
  readonly #texts: string[] = [];
  readonly #tags = new Map<string, number[]>();
  readonly #places = new Map<string, number>();
  readonly #files = new Map<string, number>();
  /** Where each question stands in the runs that were asked a file's questions: how many, where those are the first; -1: not asked. */
  readonly #sets: (number | number[])[] = [];

  /** @param file hash of the run's questions @returns which of the sets it was asked */
  async add(dir: string, file: string): Promise<number> {
    const known = this.#files.get(file);
    if (known !== undefined) return known;
    const { ids, texts, tags } = await questionColumns(dir);
    const fresh = new Set<number>();
    const places = ids.map((id, at) => {
      const place = this.#places.get(id);
      if (place !== undefined) return place;
      fresh.add(at);
      this.#places.set(id, this.#texts.length);
      return this.#texts.push(texts[at]!) - 1;
    });
    for (const [tag, questions] of tags) {
      const own = questions.filter((at) => fresh.has(at)).map((at) => places[at]!);
      this.#tags.set(tag, [...(this.#tags.get(tag) ?? []), ...own]);
    }
    const set = this.#sets.push(places.every((place, at) => place === at) ? ids.length : turned(places)) - 1;
    this.#files.set(file, set);
    return set;
  }

  list() {
    return {
      ids: [...this.#places.keys()],
      texts: this.#texts,
      tags: Array.from(this.#tags, ([name, questions]) => ({ name, questions })),
      sets: this.#sets,
    };
  }
}

/** From the places of a run's questions in the list to the list's in the run. */
function turned(places: readonly number[]): number[] {
  const of: number[] = new Array(places.reduce((most, place) => Math.max(most, place), -1) + 1).fill(-1);
  for (const [at, place] of places.entries()) of[place] = at;
  return of;
}

function nameOf({ system }: Run["manifest"]): string {
  return system.title ?? system.id;
}
