import { SystemFailure, UnavailableError } from "../../core/errors.ts";
import { nearest } from "../../lib/nearest.ts";
import { quoteValue } from "../../lib/text.ts";
import { askEndpoint, type Patience } from "./ask-endpoint.ts";
import type { Endpoint } from "./endpoint.ts";

/** What a server says of the model before it is asked anything. */
export interface Served {
  /** Tokens that prompt and answer may have together, where its list of models says so. */
  readonly contextWindow?: number;
}

/**
 * Asks for the server's list of models, so that a server that is down, a refused key or a misspelt model is found before the
 * first question. A server that has no such list, or answers something else, is let pass: the questions will show.
 * @throws UnavailableError
 */
export async function preflight(
  endpoint: Endpoint,
  model: string,
  where: (key: string) => string,
  patience: Patience,
  signal: AbortSignal,
): Promise<Served> {
  let listed: readonly ListedModel[];
  try {
    listed = await askEndpoint(endpoint, patience, signal, async (attempt) =>
      modelsOf(await (await endpoint.client.models.list({ signal: attempt }).asResponse()).text()),
    );
  } catch (error) {
    if (!(error instanceof SystemFailure)) throw error;
    const fix = FIXES.get(error.code);
    if (fix === undefined) return {};
    throw new UnavailableError([
      { code: error.code, where: where("base_url"), expected: "a server that answers", got: error.message, fix },
    ]);
  }
  const found = listed.find(({ id }) => id === model);
  if (found !== undefined) return found.contextWindow === undefined ? {} : { contextWindow: found.contextWindow };
  if (listed.length === 0) return {};
  const served = listed.map(({ id }) => id);
  const near = nearest(model, served);
  throw new UnavailableError([
    {
      code: "E_ENDPOINT_MODEL",
      where: where("model"),
      expected: `a model that ${endpoint.name} serves: ${served.slice(0, 8).map(quoteValue).join(", ")}${served.length > 8 ? ", …" : ""}`,
      got: quoteValue(model),
      fix: near === undefined ? "write one of them" : `did you mean ${quoteValue(near)}?`,
    },
  ]);
}

const FIXES: ReadonlyMap<string, string> = new Map([
  ["E_ENDPOINT_UNREACHABLE", "start the server, or correct its address"],
  ["E_ENDPOINT_TIMEOUT", "see why the server does not answer, or raise timeout_s"],
  ["E_ENDPOINT_REFUSED_KEY", "set the variable that api_key_env names to a key this server takes"],
]);

interface ListedModel extends Served {
  readonly id: string;
}

/** Where servers put the window of a model: vLLM and SGLang, hosted services, LM Studio. */
const WINDOW_KEYS = [
  "max_model_len",
  "context_length",
  "context_window",
  "max_context_length",
  "loaded_context_length",
];

/** The models in `{ data: [{ id }] }`; none when the text is something else. */
function modelsOf(text: string): ListedModel[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  const data = (value as { data?: unknown } | null)?.data;
  if (!Array.isArray(data)) return [];
  return data.flatMap((model: unknown) => {
    const found = (model ?? {}) as Record<string, unknown>;
    if (typeof found.id !== "string") return [];
    const contextWindow = WINDOW_KEYS.map((key) => found[key]).find(isCount);
    return [{ id: found.id, ...(contextWindow !== undefined && { contextWindow }) }];
  });
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
