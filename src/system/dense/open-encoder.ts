import type { OpenAiEncoderConfig } from "../../config/encoder-schema.ts";
import type { DenseConfig } from "../../config/retriever-schema.ts";
import { DataError, SystemFailure, UnavailableError } from "../../core/errors.ts";
import type { Embedder } from "../../embed/embedder.ts";
import { openOnnxEmbedder } from "../../embed/onnx-embedder.ts";
import { openOpenAiEmbedder } from "../../embed/openai-embedder.ts";
import { openStaticEmbedder } from "../../embed/static-embedder.ts";
import { type BuildContext, writtenValue } from "../build-context.ts";
import { besideSystem, placeOf } from "../named-file.ts";
import { askEndpoint } from "../openai/ask-endpoint.ts";
import { openEndpoint } from "../openai/endpoint.ts";
import { heardFetch, pacedPatience, patienceOf } from "../paced-patience.ts";

/**
 * Opens the encoder of a dense retriever.
 * @throws DataError with what is wrong with its folder or its key, UnavailableError when its server cannot be used
 */
export async function openEncoder(
  { encoder, query_prefix, passage_prefix, threads }: DenseConfig,
  pointer: string,
  context: BuildContext,
): Promise<Embedder> {
  const prefixes = {
    ...(query_prefix !== undefined && { query: query_prefix }),
    ...(passage_prefix !== undefined && { passage: passage_prefix }),
  };
  if (encoder.kind === "openai") return openServer(encoder, `${pointer}/encoder`, prefixes, context);
  const { normalise, max_tokens } = encoder;
  const common = {
    folder: besideSystem(context.system, encoder.path),
    prefixes,
    ...(normalise !== undefined && { normalize: normalise }),
    ...(max_tokens !== undefined && { maxTokens: max_tokens }),
  };
  if (encoder.kind === "static") return openStaticEmbedder(common);
  const { model, pooling } = encoder;
  return openOnnxEmbedder({
    ...common,
    ...(model !== undefined && { model }),
    ...(pooling !== undefined && { pooling }),
    ...(threads !== undefined && { threads }),
  });
}

async function openServer(
  config: OpenAiEncoderConfig,
  pointer: string,
  prefixes: Partial<Embedder["prefixes"]>,
  context: BuildContext,
): Promise<Embedder> {
  const { system, deps } = context;
  const { env, signal } = deps;
  const where = (key: string): string => placeOf(system, `${pointer}/${key}`);
  const publicBaseUrl = writtenValue(system, `${pointer}/base_url`) ?? "the endpoint";
  const paced = pacedPatience(config, where("base_url"), context);
  const fetch = heardFetch(deps.fetch ?? globalThis.fetch, paced);
  const endpoint = openEndpoint({ config, publicBaseUrl, env, fetch, where });
  if (!("client" in endpoint)) throw new DataError(endpoint);
  // The first text is a question whether the server is there: nobody waits for it to come back.
  let patience = patienceOf(config, deps);
  const { model, dimensions, batch_texts: batchTexts, batch_tokens: batchTokens } = config;
  try {
    const embedder = await openOpenAiEmbedder(
      {
        endpoint: {
          name: endpoint.name,
          ask: (call, own, tokens, tokensOf) =>
            askEndpoint(endpoint, patience, own, (attempt) => call(endpoint.client, attempt), { tokens, tokensOf }),
        },
        model,
        prefixes,
        batchTexts,
        batchTokens,
        ...(dimensions !== undefined && { dimensions }),
      },
      signal,
    );
    patience = paced;
    return embedder;
  } catch (error) {
    if (!(error instanceof SystemFailure)) throw error;
    const { code, message } = error;
    const fix = "start the server, or correct its address, key and model";
    throw new UnavailableError([
      { code, where: where("base_url"), expected: "a server that embeds a text", got: message, fix },
    ]);
  }
}
