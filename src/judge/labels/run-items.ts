import { type Run, readQuestions, readRun } from "../../runlog/index.ts";
import type { GradedItem } from "./graded-set.ts";
import { answerItem } from "./label-table.ts";

/** An answer of a run as labels name it. */
export interface RunItem extends GradedItem {
  readonly answer: string;
  readonly tags: readonly string[];
}

/** Every answer of a run. @param system what comes before the names of its answers, where there are several runs */
export async function* runItems({ dir, manifest }: Run, system?: string): AsyncGenerator<RunItem> {
  const questions = new Map<string, { readonly text: string; readonly tags: readonly string[] }>();
  for await (const { id, text, tags = [] } of readQuestions(dir)) questions.set(id, { text, tags });
  for await (const line of readRun(dir)) {
    if (line.kind !== "answer") continue;
    const { query, condition, trial, text: answer } = line;
    const { text: question, tags } = questions.get(query)!;
    const id = runItem(system, query, condition, trial);
    yield { id, query, systems: [manifest.system.id], question, answer, tags };
  }
}

/** The name of an answer in labels: `query condition trial`, after its system where there are several. */
export function runItem(system: string | undefined, query: string, condition: string, trial: number): string {
  return `${system === undefined ? "" : `${system} `}${answerItem(query, condition, trial)}`;
}
