import { describe, expect, it } from "vitest";
import { systemCard } from "./system-card.ts";

describe("systemCard", () => {
  it("takes what the file says of the system and nothing of how it is built", () => {
    const card = { licence: "MIT", size: "8B", training_data: "FAQ", type: "hosted", tags: ["raft"], reference: true };
    expect(systemCard({ ...card, retriever: { kind: "bm25" }, title: "RAFT" })).toEqual({
      ...{ licence: "MIT", size: "8B", trainingData: "FAQ", type: "hosted" },
      ...{ tags: ["raft"], reference: true },
    });
  });

  it.each([undefined, null, 3, "text", [], {}, { licence: 7, tags: "raft", reference: "yes", size: "" }])(
    "knows nothing from %j",
    (config) => expect(systemCard(config)).toBeUndefined(),
  );

  it("leaves out tags that are no words", () => {
    expect(systemCard({ tags: ["a", 7, "", null] })).toEqual({ tags: ["a"] });
  });
});
