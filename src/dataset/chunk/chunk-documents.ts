import { mkdir, writeFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { stringify } from "yaml";
import { layoutOf } from "../layout.ts";
import type { DatasetManifest } from "../manifest.ts";
import { newFolder } from "../new-folder.ts";
import type { DocumentRow } from "../row-schema.ts";
import { type ChunkSettings, chunkingOf } from "./chunk-settings.ts";
import type { TokenOffsets } from "./unit-starts.ts";
import { DOCUMENTS, writeChunks } from "./write-chunks.ts";
import { writeRows } from "./write-rows.ts";

/** Documents to make a dataset of that has no questions yet. */
export interface ChunkDocumentsOptions {
  /** For example `readSnapshot(dir)`. */
  readonly documents: AsyncIterable<DocumentRow>;
  /** The folder to make; its name becomes the dataset's id. */
  readonly into: string;
  readonly settings: ChunkSettings;
  /** Where tokens start, for the unit `tokens`. */
  readonly tokenOffsets?: TokenOffsets;
  readonly title?: string;
  readonly license?: string;
  readonly language?: string;
  /** The splits that questions will belong to. @default ["test"] */
  readonly splits?: readonly string[];
  /** What the manifest says of where the documents come from. */
  readonly provenance?: unknown;
  /** Replaces a folder that is there already. @default false */
  readonly force?: boolean;
}

/**
 * Makes a dataset of documents: they are kept, cut into passages, and `dataset.yaml` says how. `queries.jsonl` is empty:
 * questions are added by hand or by `bench synth`.
 * @throws DataError when an id is unfit or the target is not empty
 * @throws BadArgument when the settings contradict themselves
 */
export async function chunkDocuments(
  options: ChunkDocumentsOptions,
): Promise<{ readonly dir: string; readonly documents: number; readonly passages: number }> {
  const { documents, into, settings, tokenOffsets, title, license, language, provenance } = options;
  const chunking = chunkingOf(settings);
  return newFolder(into, options.force ?? false, async (dir) => {
    const layout = layoutOf(dir);
    const counts = await writeChunks(documents, layout, settings, tokenOffsets);
    await writeRows(layout.queries, []);
    await mkdir(layout.qrelsFolder);
    const manifest: DatasetManifest = {
      id: basename(resolve(into)),
      ...(title === undefined ? {} : { title }),
      ...(license === undefined ? {} : { license }),
      ...(language === undefined ? {} : { language }),
      splits: [...(options.splits ?? ["test"])],
      documents: DOCUMENTS,
      chunking,
      ...(provenance === undefined ? {} : { provenance }),
    };
    await writeFile(layout.manifest, stringify(manifest));
    return { dir: into, ...counts };
  });
}
