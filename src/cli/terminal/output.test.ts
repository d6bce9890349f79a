import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { outputRules, streamOutput } from "./output.ts";

const TERMINAL = { isTTY: true, columns: 90 };

describe("outputRules", () => {
  it.each([
    ["a terminal", TERMINAL, {}, { interactive: true, columns: 90, colour: true }],
    ["a pipe", {}, {}, { interactive: false, columns: undefined, colour: false }],
    [
      "a terminal of unknown width",
      { isTTY: true, columns: 0 },
      {},
      { interactive: true, columns: undefined, colour: true },
    ],
    ["NO_COLOR", TERMINAL, { NO_COLOR: "1" }, { interactive: true, columns: 90, colour: false }],
    [
      "an empty NO_COLOR, which counts as none",
      TERMINAL,
      { NO_COLOR: "" },
      { interactive: true, columns: 90, colour: true },
    ],
    ["CI", TERMINAL, { CI: "true" }, { interactive: false, columns: 90, colour: false }],
    ["CI=false", TERMINAL, { CI: "false" }, { interactive: true, columns: 90, colour: true }],
    ["TERM=dumb", TERMINAL, { TERM: "dumb" }, { interactive: false, columns: 90, colour: false }],
    ["FORCE_COLOR in a pipe", {}, { FORCE_COLOR: "1" }, { interactive: false, columns: undefined, colour: true }],
    ["FORCE_COLOR in CI", TERMINAL, { CI: "1", FORCE_COLOR: "1" }, { interactive: false, columns: 90, colour: true }],
    ["FORCE_COLOR=0", TERMINAL, { FORCE_COLOR: "0" }, { interactive: true, columns: 90, colour: false }],
  ])("%s", (_, stream, env, expected) => {
    expect(outputRules(stream, env)).toEqual(expected);
  });
});

/** A stream whose writes fail, as a pipe's or a full disk's do: the error comes as an event. */
function failing(code: string): NodeJS.WriteStream {
  const error = Object.assign(new Error(code), { code });
  return new Writable({ write: (_chunk, _encoding, done) => done(error) }) as unknown as NodeJS.WriteStream;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("streamOutput", () => {
  it("goes on quietly when the reader has gone away", async () => {
    const failures: unknown[] = [];
    const output = streamOutput(failing("EPIPE"), {}, (error) => failures.push(error));
    output.write("a");
    await turn();
    output.write("b");
    await turn();
    expect(failures).toEqual([]);
  });

  it("tells of any other failure, once", async () => {
    const failures: (string | undefined)[] = [];
    const output = streamOutput(failing("ENOSPC"), {}, (error) => failures.push(error.code));
    output.write("a");
    await turn();
    output.write("b");
    await turn();
    expect(failures).toEqual(["ENOSPC"]);
  });
});
