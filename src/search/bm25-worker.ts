import { parentPort, workerData } from "node:worker_threads";
import type { Bm25Arrays } from "./bm25-arrays.ts";
import { Bm25Index, type Bm25Settings } from "./bm25-index.ts";

/** What a thread of `Bm25Workers` starts with; the arrays lie in shared memory. */
export interface WorkerStart {
  readonly arrays: Bm25Arrays;
  readonly settings: Bm25Settings;
}

/** One message asks, one answers with a ranking a text. The first message says that the thread is ready. */
export interface WorkerRequest {
  readonly texts: readonly string[];
  readonly k: number;
}

const { arrays, settings } = workerData as WorkerStart;
const index = new Bm25Index(arrays, settings);
parentPort!.on("message", ({ texts, k }: WorkerRequest) => {
  parentPort!.postMessage(texts.map((text) => index.search(text, k)));
});
parentPort!.postMessage("ready");
