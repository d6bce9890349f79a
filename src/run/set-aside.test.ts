import { describe, expect, it } from "vitest";
import type { FailureLine, QuestionRecord } from "../runlog/index.ts";
import { SetAside } from "./set-aside.ts";

function aside() {
  let now = 0;
  const recorded: string[] = [];
  const made = new SetAside(async (line) => void recorded.push(line.query), { now: () => now, monotonic: () => now });
  const hold = (id: string, stage: FailureLine["stage"] = "answer"): void => {
    const line = {
      kind: "failure",
      query: id,
      trial: 0,
      stage,
      code: "E_X",
      message: "500",
      attempts: 4,
      outcomes: {},
    };
    made.hold({ id, text: id, judgements: [] } as QuestionRecord, line as FailureLine);
  };
  const pass = (ms: number): void => {
    now += ms;
  };
  const ids = async (): Promise<string[]> => (await made.rest()).map((q) => q.id);
  return { made, hold, recorded, pass, ids };
}

describe("SetAside", () => {
  it("records a failure as soon as another question is answered, and goes through its question again", async () => {
    const { made, hold, recorded, ids } = aside();
    hold("a");
    expect(recorded).toEqual([]);
    await made.answered("answer");
    expect(recorded).toEqual(["a"]);
    expect(await ids()).toEqual(["a"]);
    expect(await ids()).toEqual([]);
  });

  it("is not told by a ranking that the generator answers", async () => {
    const { made, hold, recorded } = aside();
    hold("a");
    await made.answered("retrieval");
    expect(recorded).toEqual([]);
  });

  it("asks again what failed while the system was down for a while, twice at most", async () => {
    const { made, hold, recorded, ids } = aside();
    for (let round = 0; round < 2; round += 1) {
      for (const id of ["a", "b", "c", "d", "e"]) hold(id);
      await made.answered("answer");
      expect(recorded).toEqual([]);
      expect(await ids()).toEqual(["a", "b", "c", "d", "e"]);
    }
    for (const id of ["a", "b", "c", "d", "e"]) hold(id);
    await made.answered("answer");
    expect(recorded).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("ends the run when nothing but failures came for 20 s", () => {
    const { hold, recorded, pass } = aside();
    for (const id of ["a", "b", "c", "d"]) {
      hold(id);
      pass(10_000);
    }
    expect(() => hold("e")).toThrow(
      expect.objectContaining({ exitCode: 4, code: "E_SYSTEM_DOWN", message: expect.stringContaining("--resume") }),
    );
    expect(recorded).toEqual([]);
  });

  it("records the last questions' failures when nothing is left to be answered, but not five of them", async () => {
    const few = aside();
    few.hold("a");
    few.hold("b", "retrieval");
    expect((await few.ids()).sort()).toEqual(["a", "b"]);
    expect(few.recorded.sort()).toEqual(["a", "b"]);
    const many = aside();
    for (const id of ["a", "b", "c", "d", "e"]) many.hold(id);
    await expect(many.ids()).rejects.toMatchObject({ code: "E_SYSTEM_DOWN" });
    expect(many.recorded).toEqual([]);
  });
});
