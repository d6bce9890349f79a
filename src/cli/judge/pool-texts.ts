import { join } from "node:path";
import type { Project } from "../../config/index.ts";
import { BenchError } from "../../core/errors.ts";
import type { Passage } from "../../core/passage.ts";
import { openDataset, openPassageStore, type PassageStore } from "../../dataset/index.ts";
import type { Manifest } from "../../runlog/index.ts";

/** Texts of a project's dataset, for passages that a run ranked and does not keep. The corpus is opened when the first is asked for. */
export function poolTexts(
  project: Project,
  { id, sha256 }: Manifest["dataset"],
): { get(passage: string): Promise<Passage | undefined>; close(): Promise<void> } {
  let opened: Promise<PassageStore | undefined> | undefined;
  const open = async (): Promise<PassageStore | undefined> => {
    try {
      const dataset = await openDataset(join(project.datasets, id));
      // Another state of it may say something else under the same id.
      return (await dataset.fingerprint()).sha256 === sha256 ? await openPassageStore(dataset) : undefined;
    } catch (error) {
      if (error instanceof BenchError) return undefined;
      throw error;
    }
  };
  return {
    async get(passage) {
      opened ??= open();
      return (await (await opened)?.get([passage]))?.[0];
    },
    close: async () => (await opened)?.close(),
  };
}
