import { describe, expect, it } from "vitest";
import { SystemFailure } from "../../core/errors.ts";
import type { Passage } from "../../core/passage.ts";
import { type Rng, seeded } from "../../core/rng.ts";
import type { QuestionRecord } from "../../runlog/index.ts";
import { ContextProbe } from "./context-probe.ts";
import { DistractorProbe, type DistractorProbeOptions } from "./distractor-probe.ts";
import { questionSet } from "./question-set.ts";

const passage = (id: string, tokens: number, document = id): Passage => ({
  id,
  document,
  text: `${id} `.padEnd(tokens, "x"),
});
const GOLD = passage("gold", 20, "d");
const LONG = passage("long", 90);
const FILLERS = Array.from({ length: 30 }, (_, i) => passage(`f${i}`, 10 + (i % 5)));
const COPY = { ...GOLD, id: "copy", document: "elsewhere" };
const NEIGHBOUR = passage("next", 15, "d");
const CORPUS = new Map([GOLD, LONG, COPY, NEIGHBOUR, ...FILLERS].map((each) => [each.id, each]));
const passages = async (ids: readonly string[]) => ids.map((id) => CORPUS.get(id));
const question = (id: string, ...gold: string[]): QuestionRecord => ({
  id,
  text: `${id}?`,
  judgements: gold.map((each) => [each, 1] as const),
});
const ids = (context: readonly Passage[]): string[] => context.map(({ id }) => id);

describe("ContextProbe", () => {
  const made = (tokens: readonly number[]) =>
    new ContextProbe({
      ...{ tokens, places: ["first", "last"], pool: [...CORPUS.values()] },
      tokensOf: ({ text }) => text.length,
      rng: seeded("p"),
    });

  it("names its cells by place and length, the shortest first, each once", () => {
    expect(made([200, 100, 200]).cells.map(({ name }) => name)).toEqual([
      "first@100",
      "last@100",
      "first@200",
      "last@200",
    ]);
  });

  it("keeps the questions that have a context in every cell, and counts why the others have none", async () => {
    const all = [
      question("a", "gold"),
      question("b"),
      question("c", "long"),
      question("d", "absent"),
      question("e", "gold"),
    ];
    const fit = await made([100, 200]).fit(all, passages);
    expect(fit).toMatchObject({ withoutGold: 2, longGold: 1, unfilled: 0 });
    expect(fit.questions.map(({ id }) => id)).toEqual(["a", "e"]);
    expect(await made([100, 5000]).fit(all, passages)).toMatchObject({ questions: [], unfilled: 2 });
  });

  it("fills each question's contexts with passages of its own, none of them gold, a copy of it or of its document", async () => {
    const probe = made([200]);
    const contexts = await Promise.all(
      ["a", "b"].map((id) => probe.contextOf({ question: question(id, "gold"), passages }, "last@200")),
    );
    expect(ids(contexts[0]!)).not.toEqual(ids(contexts[1]!));
    for (const context of contexts) {
      expect(ids(context).filter((id) => !id.startsWith("f"))).toEqual(["gold"]);
    }
    const again = await probe.contextOf({ question: question("a", "gold"), passages }, "last@200");
    expect(again).toEqual(contexts[0]);
  });
});

describe("DistractorProbe", () => {
  const made = (more: Partial<DistractorProbeOptions> = {}, rng: Rng = seeded("p")) =>
    new DistractorProbe({
      ...{ counts: [1, 3], dropOracle: true, from: "retriever", order: "gold-first", pool: [...CORPUS.values()] },
      ...more,
      rng,
    });
  const RANKED = ["gold", "f3", "copy", "next", "f1", "f2"].map((id, i) => [id, 10 - i] as const);
  const contextOf = (probe: DistractorProbe, condition: string, ranking = RANKED) =>
    probe.contextOf({ question: question("a", "gold"), ranking, passages }, condition).then(ids);

  it("has cells with and without the gold; those of no distractors are oracle and closed-book", () => {
    expect(made().conditions).toEqual([
      { kind: "oracle" },
      { kind: "probe", name: "oracle+1", ranked: 1 },
      { kind: "probe", name: "oracle+3", ranked: 3 },
      { kind: "closed-book" },
      { kind: "probe", name: "distractors@1", ranked: 1 },
      { kind: "probe", name: "distractors@3", ranked: 3 },
    ]);
    expect(made({ from: "random", dropOracle: false }).conditions.map((c) => c.kind === "probe" && c.ranked)).toEqual([
      false,
      0,
      0,
    ]);
  });

  it("takes the best hits that are not gold and no copy of it; more are the fewer ones and the next", async () => {
    expect(await contextOf(made(), "oracle+1")).toEqual(["gold", "f3"]);
    expect(await contextOf(made(), "oracle+3")).toEqual(["gold", "f3", "next", "f1"]);
    expect(await contextOf(made(), "distractors@3")).toEqual(["f3", "next", "f1"]);
    expect(made().depth(2)).toBeGreaterThanOrEqual(3 + 2);
  });

  it("draws at random none of the gold's document, the fewer ones among the more", async () => {
    const probe = made({ from: "random" });
    const [one, three] = [await contextOf(probe, "oracle+1", []), await contextOf(probe, "oracle+3", [])];
    expect(three.slice(0, 2)).toEqual(one);
    expect(three.slice(1).every((id) => id.startsWith("f") || id === "long")).toBe(true);
    expect(await contextOf(made({ from: "random" }, seeded("other")), "oracle+3", [])).not.toEqual(three);
  });

  it("puts the gold anywhere where the order is random, the same each time", async () => {
    const places = new Set<number>();
    for (let i = 0; i < 20; i += 1) {
      const probe = made({ order: "shuffled" });
      const source = { question: question(`q${i}`, "gold"), ranking: RANKED, passages };
      const context = ids(await probe.contextOf(source, "oracle+3"));
      expect(ids(await probe.contextOf(source, "oracle+3"))).toEqual(context);
      places.add(context.indexOf("gold"));
    }
    expect([...places].toSorted()).toEqual([0, 1, 2, 3]);
  });

  it("fails the question, not the run, where the ranking names a passage that the corpus lacks", async () => {
    const ranking = [["ghost", 3] as const, ...RANKED];
    await expect(contextOf(made(), "oracle+1", ranking)).rejects.toThrow(SystemFailure);
  });
});

describe("questionSet", () => {
  it("is hashed by what is asked: another text or order is another set", () => {
    const [a, b] = [question("a", "gold"), question("b")];
    const hash = (...list: QuestionRecord[]) => questionSet("test", list).sha256;
    expect(hash(a, b)).toBe(hash({ ...a }, { ...b }));
    expect(new Set([hash(a, b), hash(b, a), hash(a), hash({ ...a, text: "other" }, b)]).size).toBe(4);
    expect([...questionSet("test", [a, b]).records]).toEqual([a, b]);
  });
});
