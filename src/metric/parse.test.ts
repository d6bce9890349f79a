import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatMetric } from "./format.ts";
import type { ParamSpec } from "./params.ts";
import { parseMetric } from "./parse.ts";
import { METRICS } from "./registry.ts";

function parsed(text: string) {
  const result = parseMetric(text);
  if (!result.ok) throw new Error(`${text}: expected ${result.problem.expected}`);
  return result.metric;
}

function problemOf(text: string) {
  const result = parseMetric(text);
  if (result.ok) throw new Error(`${text} was read as ${result.metric.name}`);
  return result.problem;
}

describe("parseMetric", () => {
  it.each([
    ["nDCG@10", "nDCG@10"],
    ["nDCG", "nDCG"],
    ["nDCG(dcg='exp-log2')@10", "nDCG(dcg='exp-log2')@10"],
    ["nDCG(dcg=exp-log2)@10", "nDCG(dcg='exp-log2')@10"],
    ['nDCG( dcg = "exp-log2" )@10', "nDCG(dcg='exp-log2')@10"],
    ["nDCG(dcg='log2')@10", "nDCG@10"],
    ["nDCG()@10", "nDCG@10"],
    ["R@5", "R@5"],
    ["R(at=5)", "R@5"],
    ["R(gold=lenient)@5", "R@5"],
    ["R(rel=2, gold=strict)@5", "R(gold=strict, rel=2)@5"],
    ["P(rel=2)@3", "P(rel=2)@3"],
    ["P(rel=1)@3", "P@3"],
    ["RBP(p=0.8)", "RBP"],
    ["RBP(rel=2,p=.50)@20", "RBP(p=0.5, rel=2)@20"],
    ["ROUGE-L(stem=True, score=precision)", "ROUGE-L(score=precision, stem=true)"],
    ["ROUGE-1(stem=false)", "ROUGE-1"],
    ["F1(squad=1)", "F1(squad=1)"],
    ["AnswerPrecision", "AnswerPrecision"],
    ["AnswerPrecision(by=EM)", "AnswerPrecision"],
    ["AnswerPrecision(by='F1(squad=2)', at_least=0.5)", "AnswerPrecision(at_least=0.5, by=F1)"],
    ["AnswerPrecision(by='F1(squad=1)')", "AnswerPrecision(by='F1(squad=1)')"],
    ["  F1\n", "F1"],
  ])("reads %s as %s", (text, name) => {
    const metric = parsed(text);
    expect(metric.name).toBe(name);
    expect(formatMetric(metric)).toBe(name);
  });

  it("says of every metric of rankings by which rule its gold is found", () => {
    expect(parsed("nDCG(gold=strict)@10")).toMatchObject({ gold: "strict", depth: 10 });
    for (const definition of METRICS.filter(({ kind }) => kind === "ranking")) {
      expect(definition.params).toHaveProperty("gold");
      const name = "at" in definition.params ? `${definition.name}@5` : definition.name;
      expect(parsed(name)).toMatchObject({ gold: "lenient" });
    }
  });

  it("gives the cutoff as depth, and no depth without one", () => {
    expect(parsed("R@5")).toMatchObject({ kind: "ranking", depth: 5 });
    expect(parsed("AP")).toMatchObject({ kind: "ranking", depth: undefined });
  });

  it("fills in the defaults", () => {
    expect(new Map(parsed("RBP@5").params)).toEqual(
      new Map<string, unknown>([
        ["at", 5],
        ["gold", "lenient"],
        ["p", 0.8],
        ["rel", 1],
      ]),
    );
  });

  it.each([
    ["NDCG@10", "did you mean nDCG?"],
    ["ndgc@10", "did you mean nDCG?"],
    ["MRR@10", "did you mean RR?"],
    ["MAP", "did you mean AP?"],
    ["Recall@5", "did you mean R?"],
    ["precision@5", "did you mean P?"],
    ["hits@5", "did you mean Success?"],
    ["rougeL", "did you mean ROUGE-L?"],
    ["exact_match", "did you mean EM?"],
    ["Rouge-l", "did you mean ROUGE-L?"],
    ["Zzzzzzzzzzz", "choose one of AnswerPrecision, AnswerTokens, "],
    ["P", "write for example P@5"],
    ["P@0", "a whole number from 1 to 1000000"],
    ["R@-1", "give a whole number"],
    ["R@1.5", "give a whole number"],
    ["R@three", "give a whole number"],
    ["R@", "give a whole number"],
    ["R@9999999999", "give a whole number"],
    ["Rprec@5", "leave out the @"],
    ["F1@5", "leave out the @"],
    ["R(rell=2)@5", "write rel for rell"],
    ["F1(x=2)", "leave out x"],
    ["nDCG(dcg=exp)@5", "give one of log2, exp-log2"],
    ["nDCG(dcg=exp-log)@5", "write dcg=exp-log2"],
    ["ROUGE-L(stem=yes)", "give true or false"],
    ["RBP(p=1)", "give a number from 0.01 to 0.99"],
    ["RBP(p=NaN)", "give a number"],
    ["RBP(p=)", "separate parameters by commas"],
    ["R(rel=2", "write a name"],
    ["R(rel=2; at=5)", "separate parameters by commas"],
    ["R(rel=2, rel=3)@5", "keep one rel"],
    ["R(at=3)@5", "keep one at"],
    ["R(__proto__=1)", "leave out __proto__"],
    ["__proto__", "choose one of"],
    ["constructor", "choose one of"],
    ["AnswerPrecision(by=AnswerPrecision)", "choose one of BLEU, chrF, Contains, EM, F1"],
    ["AnswerPrecision(by=nDCG@10)", "choose one of BLEU, chrF, Contains, EM, F1"],
    ["Composite", "Composite(of='0.7 F1 + 0.3 ROUGE-L')"],
    ["Composite(of='F1 + EM')", "write for example 0.7 F1 + 0.3 ROUGE-L"],
    ["Composite(of='0 F1')", "write for example 0.7 F1 + 0.3 ROUGE-L"],
    ["Composite(of='1 F1 + 2 F1')", "add up the weights"],
    ["Composite(of='1 Quotes')", "an answer metric from 0 to 1"],
    ["Composite(of='1 FalseAnswer')", "an answer metric from 0 to 1"],
    ["Composite(of='1 nDCG@10')", "an answer metric from 0 to 1"],
    ["Composite(of='1 F11')", "choose one of AnswerPrecision, BLEU"],
    ["", "write a name"],
    ["R@5 ".repeat(100), "write a name"],
  ])("refuses %s and says what to write", (text, fix) => {
    const problem = problemOf(text);
    expect(`${problem.fix} ${problem.expected}`).toContain(fix);
    expect(problem.got.length).toBeLessThanOrEqual(80);
  });

  it("reads back every name it prints, with the same parameters", () => {
    const valueText = (spec: ParamSpec): fc.Arbitrary<string> => {
      switch (spec.type) {
        case "int":
          return fc.integer({ min: spec.min, max: spec.max }).map(String);
        case "float":
          return fc.integer({ min: Math.ceil(spec.min * 1e6), max: spec.max * 1e6 }).map((n) => (n / 1e6).toFixed(6));
        case "choice":
          return fc.constantFrom(...spec.choices);
        case "flag":
          return fc.boolean().map(String);
        case "metric":
          return fc.constantFrom("EM", "F1", "'F1(squad=1)'", "'ROUGE-L(score=recall, stem=true)'", "Contains");
        case "weighted":
          return fc.constantFrom("'1 F1'", "'0.3 ROUGE-L(stem=true) + 2 EM'", "'.5*F1(squad=1)+0.5 Support'");
      }
    };
    const name = fc.constantFrom(...METRICS).chain((definition) => {
      const specs = Object.entries(definition.params);
      const required = specs.filter(([, spec]) => "required" in spec && spec.required).map(([key]) => key);
      const values = Object.fromEntries(specs.map(([key, spec]) => [key, valueText(spec)]));
      return fc.record(values, { requiredKeys: required }).map(
        (given) =>
          `${definition.name}(${Object.entries(given)
            .map(([k, v]) => `${k}=${v}`)
            .join(",")})`,
      );
    });
    fc.assert(
      fc.property(name, (text) => {
        const metric = parsed(text);
        const again = parsed(formatMetric(metric));
        expect(again.name).toBe(metric.name);
        expect(again.params).toEqual(metric.params);
      }),
    );
  });

  it("never throws, whatever the text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => typeof parseMetric(text).ok === "boolean"));
  });
});
