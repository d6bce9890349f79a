import { describe, expect, it } from "vitest";
import type { RetrieverConfig, System } from "../../config/index.ts";
import type { Retriever } from "../../core/contracts.ts";
import type { Ranking } from "../../core/ranking.ts";
import { shareParts } from "./sweep-parts.ts";

const part = (name: string): RetrieverConfig => ({ kind: "replay", file: name, format: "trec" }) as never;
const fusion = (weight: number, ...of: RetrieverConfig[]): RetrieverConfig => ({ kind: "fusion", weight, of }) as never;
const system = (retriever: RetrieverConfig): System => ({ config: { retriever } }) as System;
const signal = new AbortController().signal;
const query = (id: string, text = id) => ({ id, text });

/** Ranks the question itself, and keeps what it was asked. */
function counting(asked: string[], fails = 0): Retriever {
  let left = fails;
  return {
    async search(queries, k): Promise<Ranking[]> {
      asked.push(queries.map(({ text }) => `${text}@${k}`).join());
      if (left-- > 0) throw new Error("not now");
      return queries.map(({ text }) => [[text, k]]);
    },
  };
}

describe("shareParts", () => {
  const systems = [fusion(0, part("a"), part("b")), fusion(1, part("a"), part("c"))].map(system);

  it("asks a part of several systems once for each question, text and depth", async () => {
    const asked: string[] = [];
    const share = shareParts(systems);
    const first = share(part("a"), counting(asked));
    const second = share(part("a"), counting(asked));
    expect(await first.search([query("1"), query("2")], 5, signal)).toEqual([[["1", 5]], [["2", 5]]]);
    expect(await second.search([query("3"), query("2"), query("1")], 5, signal)).toEqual([
      [["3", 5]],
      [["2", 5]],
      [["1", 5]],
    ]);
    await second.search([query("1")], 6, signal);
    await second.search([query("1", "rewritten")], 5, signal);
    expect(asked).toEqual(["1@5,2@5", "3@5", "1@6", "rewritten@5"]);
  });

  it("leaves alone what one system has only, the fusions themselves too", () => {
    const share = shareParts(systems);
    const retriever = counting([]);
    for (const config of [part("b"), part("c"), systems[0]!.config.retriever!]) {
      expect(share(config, retriever)).toBe(retriever);
    }
    expect(share(part("a"), retriever)).not.toBe(retriever);
    const alone = shareParts([system(fusion(0, part("a"), part("a")))]);
    expect(alone(part("a"), retriever)).toBe(retriever);
  });

  it("remembers no failure, and hands on a reply of the wrong length", async () => {
    const asked: string[] = [];
    const shared = shareParts(systems)(part("a"), counting(asked, 1));
    await expect(shared.search([query("1")], 5, signal)).rejects.toThrow("not now");
    expect(await shared.search([query("1")], 5, signal)).toEqual([[["1", 5]]]);
    expect(asked).toEqual(["1@5", "1@5"]);
    const short = shareParts(systems)(part("a"), { search: async () => [] });
    expect(await short.search([query("1")], 5, signal)).toEqual([]);
  });
});
