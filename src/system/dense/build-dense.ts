import { join } from "node:path";
import type { DenseConfig } from "../../config/retriever-schema.ts";
import type { Retriever } from "../../core/contracts.ts";
import { SystemFailure, UnavailableError } from "../../core/errors.ts";
import { VectorStore } from "../../embed/vector-store.ts";
import type { Faiss } from "../../search/faiss-module.ts";
import type { BuildContext } from "../build-context.ts";
import { limiter } from "../limiter.ts";
import { placeOf } from "../named-file.ts";
import { denseRetriever } from "./dense-retriever.ts";
import { faissHere } from "./faiss-here.ts";
import { openEncoder } from "./open-encoder.ts";
import { openIndex } from "./open-index.ts";

/**
 * Opens the encoder and the index of the corpus under it; what the store of vectors lacks is encoded first.
 * @throws UnavailableError before any of that where the index needs faiss and there is none
 */
export async function buildDense(
  config: DenseConfig,
  pointer: string,
  context: BuildContext,
  load: () => Faiss = faissHere,
): Promise<Retriever> {
  const faiss = config.index === "exact" ? undefined : load();
  const { passages, corpusSha256, cacheDir, signal, onProgress } = context.deps;
  const embedder = await openEncoder(config, pointer, context);
  const opened: typeof openIndex = (...args) =>
    openIndex(...args).catch((error: unknown) => {
      throw error instanceof SystemFailure ? notEncoded(error, placeOf(context.system, `${pointer}/encoder`)) : error;
    });
  const store = await VectorStore.open(vectorFolder(cacheDir), embedder);
  try {
    const { index, notes } = await opened(config.index, faiss, {
      passages,
      corpusSha256,
      embedder,
      store,
      title: config.title,
      cacheDir,
      signal,
      ...(config.threads === undefined ? {} : { threads: config.threads }),
      onProgress: (done, embedded) => onProgress?.({ stage: "embed", done, embedded }),
      onIndexed: (done) => onProgress?.({ stage: "index", done }),
    });
    context.closers.push(() => index.close());
    context.notes.push(() => [...notes]);
    const concurrency = config.encoder.kind === "openai" ? config.encoder.concurrency : 1;
    if (concurrency > 1) context.limits.push(concurrency);
    return denseRetriever(embedder, index, limiter(concurrency), () => context.deps.clock.monotonic());
  } finally {
    await store.close();
  }
}

/** A failure that would belong to one question ends the building of an index. */
function notEncoded({ code, message }: SystemFailure, where: string): UnavailableError {
  const fix = "mend the server, then give the same command again: vectors that it sent are kept";
  return new UnavailableError([{ code, where, expected: "a server that embeds every passage", got: message, fix }]);
}

/** Where vectors are kept below the cache folder. */
export function vectorFolder(cacheDir: string): string {
  return join(cacheDir, "vectors");
}
