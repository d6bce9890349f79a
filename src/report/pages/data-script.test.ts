import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dataScript, scriptJson } from "./data-script.ts";

/** What a page receives when it loads the script. */
function load(script: string): [name: string, value: unknown] {
  const received: [string, unknown][] = [];
  runInNewContext(script, { plumbline: { piece: (name: string, value: unknown) => received.push([name, value]) } });
  expect(received).toHaveLength(1);
  const [name, value] = received[0]!;
  return [name, JSON.parse(JSON.stringify(value))];
}

describe("dataScript", () => {
  it("gives the page the value under its name", () => {
    expect(load(dataScript("q0003", [{ id: "q1", values: [1, null] }]))).toEqual([
      "q0003",
      [{ id: "q1", values: [1, null] }],
    ]);
  });

  it.each([
    "</script><script>alert(1)</script>",
    "<!-- <script>",
    "]]>",
    "\u2028 and \u2029",
    "back\\slash \"quote\" 'quote' `${1}`",
    "\ud800 alone",
  ])("carries %j unchanged and free of what ends or opens markup", (text) => {
    const script = dataScript("p0000", [text]);
    expect(script).not.toMatch(/[<>&\u2028\u2029]/);
    expect(load(script)).toEqual(["p0000", [text]]);
  });

  it("carries a key __proto__ as a plain key", () => {
    const value = JSON.parse('{"__proto__": {"polluted": true}}') as unknown;
    const script = dataScript("list", value);
    const received: unknown[] = [];
    runInNewContext(script, { plumbline: { piece: (_name: string, v: unknown) => received.push(v) } });
    expect(Object.hasOwn(received[0] as object, "__proto__")).toBe(true);
    expect((received[0] as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it("carries any JSON value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(load(dataScript("x", value))[1]).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 200 },
    );
  });
});

it("scriptJson is JSON", () => {
  const value = { text: "<b>&\u2028" };
  expect(JSON.parse(scriptJson(value))).toEqual(value);
});
