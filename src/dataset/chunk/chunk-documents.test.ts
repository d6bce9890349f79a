import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { datasetProblems } from "../check/check-dataset.ts";
import { openDataset } from "../dataset.ts";
import type { DocumentRow } from "../row-schema.ts";
import { collect } from "../testing/temp-dataset.ts";
import { chunkDocuments } from "./chunk-documents.ts";

async function* documents(...rows: DocumentRow[]): AsyncGenerator<DocumentRow> {
  yield* rows;
}

describe("chunkDocuments", () => {
  it("makes a dataset without questions", async () => {
    const into = join(await tempFolder(), "shop");
    const pages = documents(
      { _id: "https://x/a", title: "A", text: "one two three", metadata: { source: "https://x/a" } },
      { _id: "empty", text: " " },
    );
    const settings = { unit: "words", size: 2 } as const;
    expect(await chunkDocuments({ documents: pages, into, settings, title: "Shop", license: "MIT" })).toEqual({
      dir: into,
      documents: 2,
      passages: 2,
    });
    const made = await openDataset(into);
    expect(made.manifest).toMatchObject({ id: "shop", title: "Shop", license: "MIT", splits: ["test"] });
    expect(made.manifest.chunking).toMatchObject({ unit: "words", size: 2, overlap: 0 });
    expect(await collect(made.passages())).toEqual([
      { id: "https://x/a#1", title: "A", text: "one two ", document: "https://x/a", start: 0, end: 8 },
      { id: "https://x/a#2", title: "A", text: "three", document: "https://x/a", start: 8, end: 13 },
    ]);
    const problems = await collect(datasetProblems(into));
    expect(problems.filter((p) => p.code.startsWith("E_") && p.code !== "E_DATASET_SPLIT_EMPTY")).toEqual([]);
  });
});
