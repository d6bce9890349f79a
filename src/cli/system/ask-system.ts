import { loadPrice, loadSuite, loadSystem, type System } from "../../config/index.ts";
import { findProject } from "../../config/project.ts";
import { formatCondition } from "../../core/condition.ts";
import type { Answer } from "../../core/contracts.ts";
import { EXIT, SystemFailure, UnavailableError } from "../../core/errors.ts";
import type { Passage } from "../../core/passage.ts";
import type { Query } from "../../core/query.ts";
import { openDataset } from "../../dataset/index.ts";
import { openPassageStore } from "../../dataset/passage-store.ts";
import { printable, truncate } from "../../lib/text.ts";
import { type RefusalDetector, type RefusalVerdict, refusalDetector } from "../../metric/index.ts";
import { checkAnswer, pricedGenerator, settleRanking } from "../../run/index.ts";
import { type BuiltSystem, buildSystem } from "../../system/index.ts";
import { datasetFolder } from "../dataset/dataset-folder.ts";
import { type Deps, line } from "../deps.ts";
import { onlySuite } from "../job/prepare-job.ts";
import { systemWorld } from "../job/system-world.ts";
import { formatAsked } from "./ask-format.ts";

export interface AskOptions {
  readonly system: string;
  /** Whose passages are searched; that of the suite when left out. */
  readonly dataset: string | undefined;
  /** The only one when left out. */
  readonly suite: string | undefined;
  readonly topk: number;
  /** Whether the generator is given no passages. */
  readonly closedBook: boolean;
  readonly full: boolean;
  readonly format: "text" | "json";
}

/** A passage that was found; only its id and score where the corpus does not have it. */
export interface FoundPassage extends Partial<Omit<Passage, "id">> {
  readonly id: string;
  readonly score: number;
}

/** What a system said to one question. */
export interface Asked {
  readonly question: string;
  readonly system: string;
  readonly dataset: string;
  readonly condition: string;
  /** Best first; absent where nothing was searched for. */
  readonly passages?: readonly FoundPassage[];
  /** What was searched for, where a rewriter made other words of the question. */
  readonly rewritten?: string;
  /** The search alone, in milliseconds. */
  readonly retrievalMs?: number;
  readonly answer?: Omit<Answer, "refused"> & { readonly refused?: boolean; readonly refusedBy: string };
}

const ID = "ask";

/**
 * Carries out `bench ask`: one question to one system, without a suite's gold and without a log.
 * @returns the exit code
 * @throws UnavailableError when the system has no answer, with its code
 */
export async function askSystem(question: string, options: AskOptions, deps: Deps): Promise<number> {
  const { cwd, env, stdout, stderr, clock, signal } = deps;
  const project = await findProject(cwd);
  const system = await loadSystem(project, options.system, env);
  const { folder, ...deciding } = await corpusOf(options, deps);
  const dataset = await openDataset(folder);
  const { corpusSha256 } = await dataset.fingerprint();
  const passages = await openPassageStore(dataset);
  let built: BuiltSystem | undefined;
  try {
    built = await buildSystem(system, {
      passages: () => dataset.passages(),
      corpusSha256,
      ...systemWorld(project.cache, deps),
      lookup: (ids) => passages.get(ids),
      onProgress: ({ done }) => line(stderr, `${system.id}: ${done} passages read`),
    });
    await built.preflight(signal);
    const price = await loadPrice(project, system);
    if (price && built.generator) built = { ...built, generator: pricedGenerator(built.generator, price, clock) };
    const asked = await ask({ id: ID, text: question }, { system, built, passages, ...deciding }, options, deps);
    const all = { question, system: system.id, dataset: dataset.id, ...asked };
    const columns = stdout.columns ?? 100;
    stdout.write(
      options.format === "json" ? `${JSON.stringify(all, undefined, 2)}\n` : formatAsked(all, columns, options.full),
    );
    for (const note of built.notes()) line(stderr, `note: ${printable(note)}`);
  } finally {
    await built?.close();
    await passages.close();
  }
  return EXIT.ok;
}

/** The folder of the passages, and the detector of the suite where one is meant. */
async function corpusOf(
  { dataset, suite }: AskOptions,
  { cwd }: Deps,
): Promise<{ folder: string; detector: RefusalDetector; judge?: string }> {
  if (dataset !== undefined && suite === undefined) {
    return { folder: await datasetFolder(dataset, cwd), detector: refusalDetector() };
  }
  const project = await findProject(cwd);
  const { datasetDir, config } = await loadSuite(project, suite ?? (await onlySuite(project)));
  const folder = dataset === undefined ? datasetDir : await datasetFolder(dataset, cwd);
  const judge = config.refusal?.judge;
  if (judge === undefined) return { folder, detector: refusalDetector(config.refusal) };
  // The judge is not asked for one answer; what needs none is told all the same.
  return { folder, detector: refusalDetector({ phrases: [], patterns: [] }), judge };
}

interface Parts {
  readonly system: System;
  readonly built: BuiltSystem;
  readonly passages: { get(ids: readonly string[]): Promise<readonly (Passage | undefined)[]> };
  readonly detector: RefusalDetector;
  /** The judge that the suite leaves to say what is a refusal. */
  readonly judge?: string;
}

async function ask(
  query: Query,
  { system, built, passages, detector, judge }: Parts,
  { topk, closedBook }: AskOptions,
  { clock, signal }: Deps,
): Promise<Pick<Asked, "condition" | "passages" | "rewritten" | "retrievalMs" | "answer">> {
  const { retriever, generator } = built;
  try {
    let found: FoundPassage[] | undefined;
    let context: Passage[] = [];
    let retrievalMs: number | undefined;
    let rewritten: string | undefined;
    if (retriever && !closedBook) {
      const started = clock.monotonic();
      const told = (_: number, text: string): void => {
        rewritten = text;
      };
      const ranking = settleRanking(await retriever.search([query], topk, signal, told), topk);
      retrievalMs = clock.monotonic() - started;
      const texts = await passages.get(ranking.map(([id]) => id));
      found = ranking.map(([id, score], at) => ({ ...texts[at], id, score }));
      context = texts.filter((passage) => passage !== undefined);
    }
    const condition = formatCondition(found ? { kind: "rag", k: topk } : { kind: "closed-book" });
    const answer =
      generator && checkAnswer(await generator.answer({ query, passages: context, condition, trial: 0 }, signal));
    return {
      condition,
      ...(found && { passages: found }),
      ...(rewritten !== undefined && { rewritten }),
      ...(retrievalMs !== undefined && { retrievalMs }),
      ...(answer && { answer: { ...answer, ...verdictOf(detector(answer.text, answer.refused), judge) } }),
    };
  } catch (error) {
    if (!(error instanceof SystemFailure)) throw error;
    const where = system.file;
    const fix = "see what the system or its server says; `bench doctor` looks at the files";
    throw new UnavailableError([
      { code: error.code, where, expected: "an answer", got: truncate(error.message, 500), fix },
    ]);
  }
}

function verdictOf({ refused, rule }: RefusalVerdict, judge?: string): { refused?: boolean; refusedBy: string } {
  return judge !== undefined && rule === "none" ? { refusedBy: `judge: ${judge}` } : { refused, refusedBy: rule };
}
