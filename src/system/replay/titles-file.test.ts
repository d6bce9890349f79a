import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { BenchError } from "../../core/errors.ts";
import type { Passage } from "../../core/passage.ts";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { buildForTest, systemOf } from "../testing/build-for-test.ts";
import { describeRetriever } from "../testing/retriever-conformance.ts";

const signal = new AbortController().signal;
const PAGES: readonly Passage[] = [
  { id: "a1", document: "Aaron", title: "Aaron", text: "Aaron was a prophet." },
  { id: "h1", document: "Heroes", title: "Heroes", text: "An album." },
  { id: "a2", document: "Aaron", title: "Aaron", text: "His staff budded." },
  { id: "u1", document: "untitled.txt", text: "A page without a title." },
  { id: "p1", document: "__proto__", title: "__proto__", text: "A title like any other." },
];

async function build(titles: string, questions: string) {
  const folder = await tempFolder({ "preds.tsv": titles, "questions.txt": questions });
  const retriever = { kind: "replay", file: "preds.tsv", format: "titles", questions: "questions.txt" } as const;
  return buildForTest(systemOf({ retriever }, { file: join(folder, "system.yaml") }), PAGES);
}
const search = async (system: Awaited<ReturnType<typeof build>>, text: string, k = 10) =>
  (await system.retriever!.search([{ id: "q", text }], k, signal))[0];

describeRetriever(
  "replay of titles",
  async () => {
    const hostile = "\u0000\u001b[2J <script> ../../x \u202e passages";
    return (await build("Aaron\tHeroes\tAaron\nHeroes\n__proto__\n", `ranking of passages\n${hostile}\nscores\n`))
      .retriever!;
  },
  { stages: [], source: "replayed" },
);

describe("a file of titles", () => {
  it("ranks a page's passages in their order, each time its title comes, quotes and spaces left aside", async () => {
    const system = await build('"Aaron"\tHeroes\t Aaron\tuntitled.txt\n', "Who budded?\n");
    expect(await search(system, "who  BUDDED?")).toEqual([
      ["a1", 1],
      ["h1", 1 / 2],
      ["a2", 1 / 3],
      ["u1", 1 / 4],
    ]);
    expect((await search(system, "Who budded?", 2))?.length).toBe(2);
  });

  it("keeps the ranks of titles that the corpus lacks, and of those that come too often, and counts the first", async () => {
    const system = await build("Moses\tHeroes\tHeroes\n__proto__\tMoses\n", "one\ntwo\n");
    const unknown = expect.stringMatching(/^unknown:[0-9a-f]{16}$/);
    expect(await search(system, "one")).toEqual([
      [unknown, 1],
      ["h1", 1 / 2],
      [expect.stringMatching(/^unknown:[0-9a-f]{16}-1$/), 1 / 3],
    ]);
    expect(await search(system, "two")).toEqual([
      ["p1", 1],
      [unknown, 1 / 2],
    ]);
    expect(system.notes()).toEqual([
      expect.stringContaining("at most 3 passages came where 10 were asked for"),
      'preds.tsv: 2 of 5 returned passages are not in the corpus, such as "Moses"; they keep their ranks and count as not relevant',
    ]);
  });

  it("fails a question that it does not have, or has no title for", async () => {
    const system = await build("Aaron\n\n", "one\ntwo\n");
    await expect(search(system, "two")).rejects.toMatchObject({ code: "E_REPLAY_MISSING", message: /an empty line/ });
    await expect(search(system, "three")).rejects.toThrow('preds.tsv has no line for the question "three"');
  });

  it("reads titles as bench export writes them", async () => {
    const folder = await build("Aaron\\nand more\tHeroes\n", "one\n");
    expect((await search(folder, "one"))?.[1]).toEqual(["h1", 1 / 2]);
  });

  it("takes a question that comes twice with the same titles, and blank lines at the ends", async () => {
    const system = await build("Aaron\nHeroes\nAaron\n\n\n", "one\ntwo\nOne\n\n");
    expect(await search(system, "one")).toEqual([["a1", 1]]);
  });

  it.each([
    [
      "of another length than the questions",
      "Aaron\n",
      "one\ntwo\n",
      "2 lines of titles, one for each line of questions.txt",
    ],
    ["longer than the questions", "Aaron\nHeroes\n", "one\n", "1 lines of titles"],
    ["with a question twice", "Aaron\nHeroes\n", "one\none\n", "one ranking for each question"],
  ])("refuses files %s", async (_, titles, questions, expected) => {
    const error = (await build(titles, questions).catch((e: unknown) => e)) as BenchError;
    expect(error).toMatchObject({ code: "E_REPLAY_RUN" });
    expect(error.problems[0]!.expected).toContain(expected);
  });
});
