import { describe, expect, it } from "vitest";
import type { Passage } from "../core/passage.ts";
import type { Bm25Settings } from "../search/bm25-index.ts";
import { buildBm25 } from "../search/build-bm25.ts";
import { bm25Retriever } from "./bm25-retriever.ts";
import { realClock } from "./testing/build-for-test.ts";
import { describeRetriever } from "./testing/retriever-conformance.ts";

const SETTINGS: Bm25Settings = { k1: 1.2, b: 0.75, stopWords: "lucene", stemmer: "snowball-english", title: true };

async function* corpus(): AsyncGenerator<Passage> {
  for (let n = 0; n < 60; n += 1) {
    yield { id: `p${n}`, document: "d", text: `${"ranking ".repeat(n % 4)}of passages ${"and scores ".repeat(n % 3)}` };
  }
}
const retriever = async () => bm25Retriever(await buildBm25(corpus(), SETTINGS), realClock.monotonic);

describeRetriever("bm25", retriever);

describe("bm25 retriever", () => {
  it("lets an abort through while it ranks many queries", async () => {
    const controller = new AbortController();
    // Every look at the clock is a second later, so that each query ends its turn.
    let now = 0;
    const index = await buildBm25(corpus(), SETTINGS);
    const slow = bm25Retriever(index, () => (now += 1000));
    const queries = Array.from({ length: 2000 }, (_, at) => ({ id: `q${at}`, text: "ranking scores" }));
    const call = slow.search(queries, 10, controller.signal);
    setTimeout(() => controller.abort(new Error("interrupted")), 1);
    await expect(call).rejects.toThrow("interrupted");
  });

  it("searches for the question alone, not for what was said before", async () => {
    const [ranking] = await (await retriever()).search(
      [{ id: "q", text: "nothing known", history: [{ role: "user", content: "ranking of passages" }] }],
      5,
      new AbortController().signal,
    );
    expect(ranking).toEqual([]);
  });
});
