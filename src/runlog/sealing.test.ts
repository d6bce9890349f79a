import { type FileHandle, open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { seeded } from "../core/rng.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import type { OpenFile } from "./append-file.ts";
import { QuestionList } from "./question-list.ts";
import { runFolder } from "./run-folder.ts";
import type { QuestionRecord, ResultLine } from "./schema.ts";
import { answer, manifest, owner, retrieval, sealing } from "./testing/made-log.ts";
import { verifyRun } from "./verify-run.ts";
import { RunLogWriter } from "./writer.ts";

const COUNT = 1500;
const asked: readonly QuestionRecord[] = Array.from({ length: COUNT }, (_, i) => ({
  id: `q${i}`,
  text: "?",
  judgements: [[`gold${i}`, 1]],
}));
const made = manifest({
  conditions: ["rag@2"],
  trials: 1,
  dataset: { ...manifest().dataset, queries: COUNT },
});

/** The results in the order in which 64 questions at once may come back, each ranking before its answer. */
function results(): ResultLine[] {
  const rng = seeded("sealing");
  return asked
    .map(({ id }, i) => [i + rng.below(64), id] as const)
    .sort(([a], [b]) => a - b)
    .flatMap(([, id]) => [retrieval(id), answer(id, "rag@2", 0)]);
}

async function writerAt(dir: string, openFile?: OpenFile): Promise<RunLogWriter> {
  const options = { owner: owner(), ...(openFile && { open: openFile }) };
  return RunLogWriter.create(dir, made, QuestionList.of(asked), options);
}

async function contents(dir: string): Promise<string[]> {
  return Promise.all([runFolder(dir).log, runFolder(dir).passages].map((file) => readFile(file, "utf8")));
}

describe("sealing ahead", () => {
  it("gives the same files as sealing at the end, most of them written before", async () => {
    const folder = await tempFolder();
    const [plain, ahead] = [join(folder, "plain"), join(folder, "ahead")];
    const first = await writerAt(plain);
    for (const line of results()) await first.append(line);
    await first.seal(sealing);

    const writer = await writerAt(ahead);
    let wanted = 0;
    const passages: typeof sealing.passages = (ids) => {
      wanted += ids.length;
      return sealing.passages(ids);
    };
    writer.sealAhead({ ...sealing, passages });
    for (const line of results()) await writer.append(line);
    // The passages of a finished question are wanted although the run is not to be completed yet.
    while (wanted === 0) await new Promise(setImmediate);
    await writer.seal({ ...sealing, passages });
    expect(await contents(ahead)).toEqual(await contents(plain));
    expect(await verifyRun(ahead)).toEqual([]);
    expect((await readdir(ahead)).sort()).toEqual(["passages.jsonl", "questions.jsonl", "run.jsonl"]);
  });

  it("leaves nothing of it in a run that is not finished, which is gone on with as any other", async () => {
    const folder = await tempFolder();
    const [plain, cut] = [join(folder, "plain"), join(folder, "cut")];
    const first = await writerAt(plain);
    for (const line of results()) await first.append(line);
    await first.seal(sealing);

    const writer = await writerAt(cut);
    writer.sealAhead(sealing);
    for (const line of results().slice(0, 1200)) await writer.append(line);
    await writer.close();
    expect((await readdir(cut)).sort()).toEqual(["questions.jsonl", "run.jsonl"]);
    const resumed = await RunLogWriter.resume(cut, { owner: owner() });
    resumed.sealAhead(sealing);
    for (const line of results().slice(1200)) await resumed.append(line);
    await resumed.seal(sealing);
    expect(await contents(cut)).toEqual(await contents(plain));
  });

  it("is given up where there is no room for it: results are taken nevertheless, and the end has another try", async () => {
    const folder = await tempFolder();
    const dir = join(folder, "r");
    let room = false;
    let refused = 0;
    const openFile: OpenFile = async (path, flags) => {
      if (path.startsWith(dir) && path.endsWith(".new") && !room) {
        refused += 1;
        throw Object.assign(new Error("no space"), { code: "ENOSPC" });
      }
      return open(path, flags) as Promise<FileHandle>;
    };
    const writer = await writerAt(dir, openFile);
    writer.sealAhead({
      ...sealing,
      passages: async () =>
        Array.from({ length: 300 }, (_, i) => ({ id: `p${i}`, text: "x".repeat(5000), document: "d" })),
    });
    for (const line of results()) await writer.append(line);
    await expect(writer.seal(sealing)).rejects.toMatchObject({ code: "E_RUN_WRITE" });
    expect(refused).toBe(2);
    room = true;
    await writer.seal(sealing);
    expect(await verifyRun(dir)).toEqual([]);
  });
});
