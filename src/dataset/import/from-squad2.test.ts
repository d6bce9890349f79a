import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkDataset } from "../check/check-dataset.ts";
import { openDataset } from "../dataset.ts";
import { collect, tempDataset } from "../testing/temp-dataset.ts";
import { importDataset } from "./import-dataset.ts";

const qa = (id: string, question: string, answers: string[], is_impossible?: boolean) => ({
  id,
  question,
  answers: answers.map((text) => ({ text, answer_start: 0 })),
  ...(is_impossible === undefined ? {} : { is_impossible }),
});
const SQUAD = {
  version: "v2.0",
  data: [
    {
      title: "Boiling_point",
      paragraphs: [
        {
          context: "Water 💧 boils at 100 degrees.",
          qas: [
            qa("a1", "When does water boil?", ["100 degrees", "at 100 degrees", "100 degrees"], false),
            {
              ...qa("a2", "When does wood boil?", [], true),
              plausible_answers: [{ text: "100 degrees", answer_start: 0 }],
            },
          ],
        },
        {
          context: "Ice melts at 0.",
          qas: [qa("a3", "When does ice melt?", ["0"], false), qa("a1", "Again?", [], true)],
        },
        { context: "Ice melts at 0.", qas: [] },
      ],
    },
  ],
};

async function imported(value: unknown) {
  const dir = await tempDataset({ "dev.json": typeof value === "string" ? value : JSON.stringify(value) });
  const result = await importDataset({
    from: "squad2",
    source: [{ split: "dev", path: `${dir}/dev.json` }],
    into: join(dir, "out"),
  });
  return { ...result, dataset: await openDataset(result.dir) };
}

describe("importing SQuAD 2.0", () => {
  it("makes paragraphs passages of their article, with their place in it", async () => {
    const { dataset, counts, skipped } = await imported(SQUAD);
    expect(counts).toEqual({ passages: 2, queries: 3, judgements: 2, documents: 1 });
    expect([...skipped]).toEqual([
      ["question id that an earlier question has", 1],
      ["paragraph that its article has twice", 1],
    ]);
    expect(await collect(dataset.passages())).toEqual([
      {
        id: expect.stringMatching(/^boiling-point-[0-9a-f]{16}$/),
        title: "Boiling point",
        text: "Water 💧 boils at 100 degrees.",
        document: "Boiling_point",
        start: 0,
        end: 29,
      },
      expect.objectContaining({ text: "Ice melts at 0.", start: 31, end: 46 }),
    ]);
    expect((await checkDataset(dataset.dir)).problems).toEqual([]);
  });

  it("keeps distinct answers in order, and unanswerable questions without answers and judgements", async () => {
    const { dataset } = await imported(SQUAD);
    const queries = await collect(dataset.queries("dev"));
    expect(queries.map(({ id, answers, answerable }) => ({ id, answers, answerable }))).toEqual([
      { id: "a1", answers: ["100 degrees", "at 100 degrees"], answerable: true },
      { id: "a2", answers: undefined, answerable: false },
      { id: "a3", answers: ["0"], answerable: true },
    ]);
    expect(queries[1]?.metadata).toEqual({ plausible_answers: ["100 degrees"] });
    expect([...(await dataset.judgements("dev", "passage")).keys()]).toEqual(["a1", "a3"]);
  });

  it("reads SQuAD 1.1, which does not speak of answerability", async () => {
    const { dataset } = await imported({
      data: [{ title: "T", paragraphs: [{ context: "C", qas: [qa("a", "Q", ["C"])] }] }],
    });
    expect(await collect(dataset.queries("dev"))).toEqual([
      { id: "a", text: "Q", answers: ["C"], document: "T", split: "dev" },
    ]);
  });

  it("lists what is wrong with the file", async () => {
    await expect(imported({ data: [{ title: 1, paragraphs: [{ qas: [] }] }] })).rejects.toMatchObject({
      problems: [
        { where: expect.stringMatching(/dev\.json \/data\/0\/title$/) },
        { where: expect.stringMatching(/\/data\/0\/paragraphs\/0$/) },
      ],
    });
    await expect(imported("{")).rejects.toMatchObject({ code: "E_IMPORT_JSON" });
  });
});
