import { join } from "node:path";
import type { Project } from "../../config/index.ts";
import {
  type ChunkSettings,
  chunkingHash,
  type Dataset,
  openDataset,
  rechunk,
  tokenOffsetsByWord,
} from "../../dataset/index.ts";
import { TextTokenizer } from "../../embed/text-tokenizer.ts";
import { hashValue } from "../../lib/hash.ts";
import { loadQuestions } from "../../run/index.ts";
import type { QuestionRecord } from "../../runlog/index.ts";
import { chunkLabel } from "./sweep-axes.ts";

/** The passages that some cells search, with what is gold among them. */
export interface SweepCorpus {
  /** How it was cut; undefined: as the dataset has it. */
  readonly label: string | undefined;
  readonly dataset: Dataset;
  readonly corpusSha256: string;
  readonly passages: number;
  readonly questions: readonly QuestionRecord[];
  readonly notes: readonly string[];
}

/** Which datasets of a sweep are made, and where. */
export interface CorporaOptions {
  readonly project: Project;
  readonly dataset: Dataset;
  readonly split: string;
  readonly chunk: readonly ChunkSettings[];
  /** The folder of the encoder whose tokens are counted, for sizes in tokens. */
  readonly encoder: string | undefined;
  /** Only the first so many questions. */
  readonly limit: number | undefined;
  /** Whether any metric is taken by document. */
  readonly documents: boolean;
}

/**
 * The dataset as it is, or cut anew in each of the ways under `.cache/sweeps/`. It is cut again each time, since its source
 * pages may have changed; indexes are found by the content of the corpus, so equal passages are indexed once.
 * Judged passages become spans; where the dataset names no documents, its passages are put together again, which is noted.
 * @throws DataError when the dataset is wrong or a document is missing
 */
export async function openCorpora(options: CorporaOptions): Promise<SweepCorpus[]> {
  const { project, dataset, split, chunk, encoder } = options;
  if (chunk.length === 0) return [await corpusOf(dataset, options, undefined, [])];
  const tokenizer = encoder === undefined ? undefined : await TextTokenizer.open(encoder);
  const tokenOffsets = tokenizer && tokenOffsetsByWord((word) => tokenizer.encodeBare(word).length);
  const { sha256 } = await dataset.fingerprint();
  const judged = (await hasSpans(dataset, split))
    ? []
    : ["The gold is whole passages of the old cutting: sizes near theirs, or above, are favoured."];
  const corpora: SweepCorpus[] = [];
  for (const settings of chunk) {
    const name = hashValue({ dataset: sha256, chunking: chunkingHash(settings) }).slice(0, 32);
    const into = join(project.cache, "sweeps", name);
    const { notes, lost } = await rechunk({
      dataset: dataset.dir,
      into,
      settings,
      force: true,
      ...(tokenOffsets && { tokenOffsets }),
    });
    const label = chunkLabel(settings);
    const gone = lost.filter((gold) => gold.split === split).length;
    const lostGold = gone > 0 ? [`${gone} judged passages are not in their documents: they are gold no more.`] : [];
    const said = [...notes.map((note) => `${note[0]!.toUpperCase()}${note.slice(1)}.`), ...lostGold, ...judged];
    corpora.push(await corpusOf(await openDataset(into), options, label, said));
  }
  return corpora;
}

async function corpusOf(
  dataset: Dataset,
  { split, limit, documents }: CorporaOptions,
  label: string | undefined,
  notes: readonly string[],
): Promise<SweepCorpus> {
  const { corpusSha256, passages } = await dataset.fingerprint();
  const { records } = await loadQuestions(dataset, split, { documents, ...(limit !== undefined && { limit }) });
  return { label, dataset, corpusSha256, passages, questions: [...records], notes };
}

async function hasSpans(dataset: Dataset, split: string): Promise<boolean> {
  for await (const _ of dataset.spans(split)) return true;
  return false;
}
