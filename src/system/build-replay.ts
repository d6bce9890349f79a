import type { ReplayRankingConfig } from "../config/retriever-schema.ts";
import type { Retriever } from "../core/contracts.ts";
import { type BuildContext, writtenValue } from "./build-context.ts";
import { besideSystem } from "./named-file.ts";
import { CorpusMatch } from "./outside/corpus-match.ts";
import { noCounts, outsideNotes } from "./outside/outside-ranking.ts";
import { readLocalrqaFile } from "./replay/localrqa-file.ts";
import { replayRetriever } from "./replay/replay-retriever.ts";
import { readRunFile } from "./replay/run-file.ts";
import { readTitlesFile } from "./replay/titles-file.ts";

/** A retriever whose rankings stand in a file: a TREC run, or what another tool saved. */
export async function buildReplay(
  config: ReplayRankingConfig,
  pointer: string,
  { system, deps, notes }: BuildContext,
): Promise<Retriever> {
  const shown = (key: "file" | "questions", value: string) => ({
    path: besideSystem(system, value),
    name: writtenValue(system, `${pointer}/${key}`) ?? value,
  });
  const file = shown("file", config.file);
  const { path, name } = file;
  if (config.format === "titles") {
    const counts = noCounts();
    notes.push(() => outsideNotes(name, counts));
    return readTitlesFile(file, shown("questions", config.questions!), deps.passages(), counts);
  }
  if (config.format !== "localrqa") return replayRetriever(await readRunFile(path, name), name);
  const match = await CorpusMatch.of(deps.passages(), { texts: true, signal: deps.signal });
  const counts = noCounts();
  notes.push(() => outsideNotes(name, { ...counts, byText: 0 }));
  return readLocalrqaFile(path, name, match, counts);
}
