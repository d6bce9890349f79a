import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataError } from "../../core/errors.ts";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { openDataset } from "../dataset.ts";
import { openPassageStore } from "../passage-store.ts";
import { collect } from "../testing/temp-dataset.ts";
import { checkDataset } from "./check-dataset.ts";

const TINY = fileURLToPath(new URL("../../../fixtures/datasets/tiny", import.meta.url));
const FILES = ["dataset.yaml", "corpus.jsonl", "queries.jsonl", "qrels/test.tsv", "qrels/train.spans.jsonl"];

/** Reads everything a run reads. */
async function readAll(dir: string): Promise<void> {
  const dataset = await openDataset(dir);
  await (await openPassageStore(dataset)).close();
  for (const split of dataset.splits) {
    await collect(dataset.queries(split));
    await dataset.judgements(split, "passage");
    await dataset.judgements(split, "document");
  }
  await dataset.fingerprint();
}

const outcome = (work: Promise<unknown>) =>
  work.then(
    () => "reads",
    (error: unknown) => (error instanceof DataError ? "refused" : error),
  );

describe("a dataset with random damage", () => {
  it("never makes the check fail, and what cannot be read is always among its errors", async () => {
    const damage = fc.record({
      file: fc.constantFrom(...FILES),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      bytes: fc.oneof(
        fc.constantFrom("", "\n", "\0", '"', "}", "{", ",", "\t", "\r", ":", "[]", "null", "\ufeff"),
        fc.uint8Array({ maxLength: 3 }),
      ),
      removed: fc.integer({ min: 0, max: 40 }),
    });
    const dir = join(await tempFolder(), "tiny");
    await cp(TINY, dir, { recursive: true });
    const whole = new Map(
      await Promise.all(FILES.map(async (file) => [file, await readFile(join(TINY, file))] as const)),
    );
    await fc.assert(
      fc.asyncProperty(damage, async ({ file, at, bytes, removed }) => {
        const before = whole.get(file)!;
        const from = Math.floor(at * before.length);
        await writeFile(
          join(dir, file),
          Buffer.concat([before.subarray(0, from), Buffer.from(bytes), before.subarray(from + removed)]),
        );
        const { problems } = await checkDataset(dir);
        const read = await outcome(readAll(dir));
        await writeFile(join(dir, file), before);
        expect(["reads", "refused"]).toContain(read);
        if (problems.length === 0) expect(read).toBe("reads");
      }),
      { numRuns: 80 },
    );
  });
});
