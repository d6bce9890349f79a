import type { HttpRetrieverConfig } from "../../config/retriever-schema.ts";
import type { Retriever } from "../../core/contracts.ts";
import { BenchError, DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import type { Query } from "../../core/query.ts";
import { type BuildContext, patienceOf, writtenValue } from "../build-context.ts";
import { limiter } from "../limiter.ts";
import { placeOf } from "../named-file.ts";
import { CorpusMatch } from "../outside/corpus-match.ts";
import { noCounts, type OutsideHit, outsideNotes, outsideRanking } from "../outside/outside-ranking.ts";
import { askHttp } from "./ask-http.ts";
import { openHttpEndpoint } from "./http-endpoint.ts";
import { httpHits } from "./http-hits.ts";
import { probeServer } from "./probe-server.ts";
import { jsonTemplate, type RequestTemplate, requestTemplate } from "./request-template.ts";

/** What is asked before the first question. */
const PROBE: Query = { id: "preflight", text: "preflight" };

/** Any search server that answers with JSON. */
export async function buildHttp(
  config: HttpRetrieverConfig,
  pointer: string,
  context: BuildContext,
): Promise<Retriever> {
  const { system, deps } = context;
  const place = (key: string): string => placeOf(system, `${pointer}/${key}`);
  const problems: Problem[] = [];
  const template = (make: typeof jsonTemplate, text: string, key: string): RequestTemplate | undefined => {
    try {
      return make(text, place(key));
    } catch (error) {
      if (!(error instanceof BenchError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const body = config.body === undefined ? undefined : template(jsonTemplate, config.body, "body");
  const params = Object.entries(config.params ?? {}).map(
    ([key, text]) => [key, template(requestTemplate, text, `params/${key}`)] as const,
  );
  const endpoint = openHttpEndpoint({
    address: config.url,
    written: writtenValue(system, `${pointer}/url`) ?? "the search server",
    headers: Object.entries(config.headers_env ?? {}).map(([name, variable]) => ({
      name,
      variable,
      where: place(`headers_env/${name}`),
    })),
    env: deps.env,
    fetch: deps.fetch ?? globalThis.fetch,
  });
  if (!("send" in endpoint)) problems.push(...endpoint);
  if (problems.length > 0 || !("send" in endpoint)) throw new DataError(problems);

  const match = await CorpusMatch.of(deps.passages(), {
    texts: config.texts !== undefined,
    signal: deps.signal,
    onProgress: (done) => deps.onProgress?.({ stage: "match", done }),
  });
  const counts = noCounts();
  const patience = patienceOf(config, deps);
  const limit = limiter(config.concurrency);
  const ask = (query: Query, k: number, own: AbortSignal): Promise<OutsideHit[]> => {
    const request = {
      method: config.method,
      params: new Map(params.map(([key, render]) => [key, render!(query, k)])),
      ...(body && { body: body(query, k) }),
    };
    return askHttp(endpoint, request, patience, own, (reply) => httpHits(reply, config));
  };
  context.limits.push(config.concurrency);
  context.notes.push(() => outsideNotes(endpoint.name, counts));
  context.preflights.push((signal) => probeServer(() => ask(PROBE, 1, signal), place("url")));
  return {
    async search(queries, k, signal) {
      signal.throwIfAborted();
      return Promise.all(
        queries.map(async (query) =>
          outsideRanking(await limit(() => ask(query, k, signal), signal), k, match, counts),
        ),
      );
    },
  };
}
