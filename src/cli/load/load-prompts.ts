import { formatCondition } from "../../core/condition.ts";
import type { AnswerRequest, Retriever } from "../../core/contracts.ts";
import { DataError } from "../../core/errors.ts";
import type { Passage } from "../../core/passage.ts";
import type { Query } from "../../core/query.ts";
import { seeded } from "../../core/rng.ts";
import type { Dataset } from "../../dataset/index.ts";
import { ROUGH } from "../../run/estimate/token-measure.ts";
import { settleRanking } from "../../run/index.ts";
import { syntheticPrompts, TASK_TOKENS, wordsFor } from "../../run/load/synthetic-prompt.ts";
import type { LoadPrompts } from "../../runlog/load-record.ts";
import type { InspectedEndpoint } from "../../system/index.ts";

/** What each request of a load test asks, by its number. */
export interface LoadRequests {
  readonly prompts: LoadPrompts;
  request(number: number): AnswerRequest;
}

/** Made-up prompts, whose length can still be corrected by what the server counts. */
export interface MadeUp {
  /** The request that goes before all others. */
  readonly first: AnswerRequest;
  /** @param counted tokens of the first prompt as the server counted; undefined where it does not */
  corrected(counted: number | undefined): LoadRequests;
}

/** @param tokens of a prompt, template included @param endpoint tells what the template adds, where it is known */
export function madeUpPrompts(tokens: number, seed: number, endpoint: InspectedEndpoint | undefined): MadeUp {
  const rng = seeded(seed).fork("load/prompts");
  const frame = TASK_TOKENS + (endpoint ? ROUGH.tokens(Buffer.byteLength(endpoint.requestText(requestOf("", 0)))) : 0);
  const words = Math.max(1, tokens - frame);
  return {
    first: requestOf(syntheticPrompts(words, rng)(0), 0),
    corrected(counted) {
      const length = counted === undefined ? words : wordsFor({ tokens, frame, words, counted });
      const prompt = syntheticPrompts(length, rng);
      return {
        prompts: { kind: "synthetic", tokens, ...(counted !== undefined && { firstCounted: counted }) },
        // That of number 0 has been asked.
        request: (number) => requestOf(prompt(number + 1), number + 1),
      };
    },
  };
}

function requestOf(text: string, number: number): AnswerRequest {
  return { query: { id: `load-${number}`, text }, passages: [], condition: "closed-book", trial: 0 };
}

/** Questions that are kept with their passages; more requests ask them again. */
const MOST_QUESTIONS = 2000;
/** Questions that are retrieved for at once. */
const BATCH = 32;

export interface SuiteSource {
  readonly suite: string;
  readonly dataset: Dataset;
  readonly split: string;
  readonly k: number;
  /** Absent where questions are asked without passages. */
  readonly retriever: Retriever | undefined;
  passages(ids: readonly string[]): Promise<readonly (Passage | undefined)[]>;
}

/**
 * The first questions of a split, each with the passages that the system's retriever finds: all of that is done before the test.
 * @throws DataError when the split has no question
 */
export async function suitePrompts(source: SuiteSource, signal: AbortSignal): Promise<LoadRequests> {
  const { suite, dataset, split, retriever } = source;
  const k = retriever ? source.k : 0;
  const condition = formatCondition(k > 0 ? { kind: "rag", k } : { kind: "closed-book" });
  const requests: AnswerRequest[] = [];
  const take = async (queries: readonly Query[]): Promise<void> => {
    const contexts = await contextsOf(queries, k, source, signal);
    for (const [at, query] of queries.entries()) {
      requests.push({ query, passages: contexts[at] ?? [], condition, trial: 0 });
    }
  };
  let batch: Query[] = [];
  for await (const { id, text, history } of dataset.queries(split)) {
    if (requests.length + batch.length === MOST_QUESTIONS) break;
    batch.push({ id, text, ...(history && { history }) });
    if (batch.length < BATCH) continue;
    await take(batch);
    batch = [];
  }
  if (batch.length > 0) await take(batch);
  if (requests.length === 0) {
    const fix = "name a suite whose split has questions, or leave --suite out for made-up prompts";
    throw new DataError([
      { code: "E_DATASET_SPLIT", where: dataset.dir, expected: `questions in the split ${split}`, got: "none", fix },
    ]);
  }
  return {
    prompts: { kind: "suite", suite, dataset: dataset.id, questions: requests.length, k },
    request: (number) => requests[number % requests.length]!,
  };
}

async function contextsOf(
  queries: readonly Query[],
  k: number,
  { retriever, passages }: SuiteSource,
  signal: AbortSignal,
): Promise<Passage[][]> {
  if (!retriever) return [];
  const rankings = (await retriever.search(queries, k, signal)).map((ranking) => settleRanking([ranking], k));
  return Promise.all(
    rankings.map(async (ranking) => (await passages(ranking.map(([id]) => id))).flatMap((passage) => passage ?? [])),
  );
}
