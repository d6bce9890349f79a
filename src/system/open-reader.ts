import type { System } from "../config/resolved.ts";
import { DataError } from "../core/errors.ts";
import { readerSettings, readerStatistics } from "./build-generator.ts";
import type { SystemDeps } from "./build-system.ts";
import { indexOpener } from "./index-opener.ts";
import type { ReaderSettings } from "./reader/read.ts";
import type { TermStatistics } from "./reader/terms.ts";

/**
 * What `fitReader` needs of a system whose generator is a reader: its settings and the statistics of its words.
 * @throws DataError when the generator is something else
 */
export async function openReader(
  system: System,
  deps: SystemDeps,
): Promise<{ readonly settings: ReaderSettings; readonly statistics: TermStatistics }> {
  const { generator, retriever } = system.config;
  if (generator?.kind !== "reader") {
    throw new DataError([
      {
        code: "E_SYSTEM",
        where: `${system.file} /generator/kind`,
        expected: "a generator of kind reader, the one that has a threshold to fit",
        got: generator === undefined ? "no generator" : `kind ${generator.kind}`,
        fix: "name a system whose generator is a reader",
      },
    ]);
  }
  return {
    settings: readerSettings(generator),
    statistics: await readerStatistics(generator, retriever, indexOpener(deps)),
  };
}
