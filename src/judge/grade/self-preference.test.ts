import { describe, expect, it } from "vitest";
import type { Judge, LexicalJudge, ModelJudge } from "../../config/load-judge.ts";
import { isSameModel, selfPreference } from "./self-preference.ts";

const asking = (model: string) => ({ kind: "model", config: { model: { model } } }) as ModelJudge;
const system = (id: string, model?: unknown) => ({ id, config: { generator: { model } } });

describe("selfPreference", () => {
  it.each([
    ["llama-3-8b", "llama-3-8b", true],
    ["meta-llama/Llama-3-8B", "llama-3-8b", true],
    ["C:\\models\\m.Q4.gguf", "/srv/M.q4.GGUF", true],
    ["llama-3-8b", "llama-3-70b", false],
    ["gpt-4o", "gpt-4o-mini", false],
  ])("%s and %s: %s", (a, b, same) => {
    expect([isSameModel(a, b), isSameModel(b, a)]).toEqual([same, same]);
  });

  it("names each part that the judge's model plays", () => {
    const systems = [system("a", "org/M"), system("b", "other"), system("c", "m")];
    expect(selfPreference(asking("m"), systems, ["x", "M"])).toEqual([
      { role: "contestant", model: "m", of: "a" },
      { role: "contestant", model: "m", of: "c" },
      { role: "references", model: "m" },
    ]);
    expect(selfPreference(asking("n"), systems, ["x"])).toEqual([]);
  });

  it("looks at every member of a panel once, and at no model where there is none", () => {
    const lexical = { kind: "lexical" } as LexicalJudge;
    const panel = { kind: "panel", members: [asking("m"), lexical, asking("m"), asking("n")] } as unknown as Judge;
    expect(selfPreference(panel, [system("a", "n")], ["m"])).toEqual([
      { role: "references", model: "m" },
      { role: "contestant", model: "n", of: "a" },
    ]);
    expect(selfPreference(lexical, [system("a", "n")], ["n"])).toEqual([]);
    expect(selfPreference({ kind: "model", config: {} } as ModelJudge, [system("a", "n")], ["n"])).toEqual([]);
  });

  it("takes systems as logs have them, whatever their configuration is", () => {
    for (const config of [null, undefined, "text", {}, { generator: null }, { generator: { model: 7 } }])
      expect(selfPreference(asking("m"), [{ id: "a", config }], [])).toEqual([]);
  });
});
