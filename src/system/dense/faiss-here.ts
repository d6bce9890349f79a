import { isMainThread } from "node:worker_threads";
import { UnavailableError } from "../../core/errors.ts";
import { type Faiss, loadFaiss } from "../../search/faiss-module.ts";

/**
 * faiss, where it can be used.
 * @throws UnavailableError where it is not built, with how to build it, and in worker threads: faiss-node keeps one
 *   constructor for the whole process, so that a second thread that makes an index ends the process
 */
export function faissHere(load: () => Faiss = loadFaiss, mainThread = isMainThread): Faiss {
  if (mainThread) return load();
  const expected = "the main thread: faiss-node cannot be loaded by several threads";
  const fix = "search with it in the main thread, or write index: exact";
  throw new UnavailableError([{ code: "E_FAISS_THREAD", where: "faiss", expected, got: "a worker thread", fix }]);
}
