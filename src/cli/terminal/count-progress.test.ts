import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { countProgress } from "./count-progress.ts";

/** An output that keeps what it is told, and a clock that stands until it is moved. */
function world(interactive: boolean) {
  const state = { now: 0, text: "" };
  const stream = new PassThrough();
  stream.on("data", (data: Buffer) => {
    state.text += data.toString();
  });
  const write = (text: string): void => {
    state.text += text;
  };
  const stderr = { write, stream, interactive, columns: interactive ? 20 : undefined, colour: false };
  return { state, deps: { stderr, clock: { now: () => 0, monotonic: () => state.now } } };
}

describe("countProgress", () => {
  it("prints a line every ten seconds where nobody watches", () => {
    const { state, deps } = world(false);
    const progress = countProgress(false, deps);
    for (const at of [0, 9_000, 10_000, 15_000, 20_000]) {
      state.now = at;
      progress.update(`at ${at}`);
    }
    progress.stop();
    expect(state.text).toBe("at 10000\nat 20000\n");
  });

  it("rewrites one line where a person watches, no wider than the terminal, and takes it away", async () => {
    const { state, deps } = world(true);
    const progress = countProgress(false, deps);
    progress.update("1 page");
    state.now = 50;
    progress.update("too soon");
    state.now = 200;
    progress.update("a line that is longer than the terminal");
    progress.stop();
    await new Promise(setImmediate);
    expect(state.text).toContain("1 page");
    expect(state.text).not.toContain("too soon");
    expect(state.text).toContain("a line that is lon…");
    expect(state.text).not.toContain("\n");
    expect(state.text.match(/\u001b\[2K/g)?.length).toBe(2);
  });

  it("says nothing when quiet", () => {
    const { state, deps } = world(false);
    const progress = countProgress(true, deps);
    state.now = 20_000;
    progress.update("x");
    progress.stop();
    expect(state.text).toBe("");
  });
});
