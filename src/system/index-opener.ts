import type { Bm25Index, Bm25Settings } from "../search/bm25-index.ts";
import { openBm25 } from "../search/open-bm25.ts";
import type { SystemDeps } from "./build-system.ts";

/** Opens the index of a corpus under some settings; the same settings twice give the same index. */
export type OpenIndex = (settings: Bm25Settings) => Promise<Bm25Index>;

/** The indexes of one system: its retriever and its reader usually share one. */
export function indexOpener(deps: SystemDeps): OpenIndex {
  const { passages, corpusSha256, cacheDir, signal, onProgress } = deps;
  const opened = new Map<string, Promise<Bm25Index>>();
  return (settings) => {
    const key = JSON.stringify(settings, Object.keys(settings).sort());
    let index = opened.get(key);
    if (!index) {
      index = openBm25({
        passages,
        corpusSha256,
        settings,
        cacheDir,
        signal,
        onProgress: (done) => onProgress?.({ stage: "index", done }),
      });
      opened.set(key, index);
    }
    return index;
  };
}
