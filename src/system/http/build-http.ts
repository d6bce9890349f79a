import type { HttpRetrieverConfig } from "../../config/retriever-schema.ts";
import type { Retriever } from "../../core/contracts.ts";
import type { Query } from "../../core/query.ts";
import type { BuildContext } from "../build-context.ts";
import { limiter } from "../limiter.ts";
import { placeOf } from "../named-file.ts";
import type { Patience } from "../openai/ask-endpoint.ts";
import { CorpusMatch } from "../outside/corpus-match.ts";
import { noCounts, type OutsideHit, outsideNotes, outsideRanking } from "../outside/outside-ranking.ts";
import { heardFetch, pacedPatience, patienceOf } from "../paced-patience.ts";
import { askHttp } from "./ask-http.ts";
import { httpHits } from "./http-hits.ts";
import { prepareRequest } from "./prepare-request.ts";
import { probeServer } from "./probe-server.ts";
import { HOSTILE, type TemplateValues, templateNames } from "./request-template.ts";

/** What is asked before the first question. */
const PROBE: Query = { id: "preflight", text: "preflight" };

const VALUES: TemplateValues<{ readonly query: Query; readonly k: number }> = {
  said: "query, id, k and history (each with role, content)",
  names: templateNames("query id k history role content"),
  question: "query",
  probes: [
    { query: { id: HOSTILE, text: HOSTILE }, k: 10 },
    { query: { id: "q", text: HOSTILE, history: [{ role: "user", content: HOSTILE }] }, k: 10 },
  ],
  values: ({ query: { text, id, history = [] }, k }) => ({
    query: text,
    id,
    k,
    history: history.map(({ role, content }) => ({ role, content })),
  }),
};

/** Any search server that answers with JSON. */
export async function buildHttp(
  config: HttpRetrieverConfig,
  pointer: string,
  context: BuildContext,
): Promise<Retriever> {
  const { system, deps } = context;
  const where = placeOf(system, `${pointer}/url`);
  const paced = pacedPatience(config, where, context);
  const { endpoint, requestOf } = prepareRequest(config, pointer, context, VALUES, {
    called: "the search server",
    fetch: heardFetch(deps.fetch ?? globalThis.fetch, paced),
  });
  const match = await CorpusMatch.of(deps.passages(), {
    texts: config.texts !== undefined,
    signal: deps.signal,
    onProgress: (done) => deps.onProgress?.({ stage: "match", done }),
  });
  const counts = noCounts();
  const limit = limiter(config.concurrency);
  const ask = (query: Query, k: number, patience: Patience, own: AbortSignal): Promise<OutsideHit[]> =>
    askHttp(endpoint, requestOf({ query, k }), patience, own, (reply) => httpHits(reply, config));
  context.limits.push(config.concurrency);
  context.notes.push(() => outsideNotes(endpoint.name, counts));
  context.preflights.push((signal) => probeServer(() => ask(PROBE, 1, patienceOf(config, deps), signal), where));
  return {
    async search(queries, k, signal) {
      signal.throwIfAborted();
      return Promise.all(
        queries.map(async (query) =>
          outsideRanking(await limit(() => ask(query, k, paced, signal), signal), k, match, counts),
        ),
      );
    },
  };
}
