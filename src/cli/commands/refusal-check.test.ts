import { describe, expect, it } from "vitest";
import { EXIT } from "../../core/errors.ts";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

const LABELS = [
  "id,answer,refused,said",
  "a,I do not know.,yes,true",
  "b,In 1812.,no,false",
  "c,,true,true",
  "d,Weiß ich nicht.,true,false",
  "e,I do not know which of two: Ann.,no,false",
  "",
].join("\r\n");

describe("bench refusal check", () => {
  it("prints confusion, precision and recall with intervals, and what was missed and flagged wrongly", async () => {
    const folder = await starterProject({ "labels.csv": LABELS });
    const { exitCode, stdout } = await runCli(["refusal", "check", "--labels", "labels.csv"], folder);
    expect(exitCode).toBe(EXIT.ok);
    expect(stdout).toContain("5 labelled answers, 3 of them refusals");
    expect(stdout).toMatch(/precision \.667 \[\.208, \.939\] of 3 flagged/);
    expect(stdout).toMatch(/recall +\.667 \[\.208, \.939\] of 3 refusals/);
    expect(stdout).toContain("  d: Weiß ich nicht.");
    expect(stdout).toContain("  e: I do not know which");
  });

  it("measures the system's own word apart, and a suite's own rules", async () => {
    const suite = [
      "dataset: handbook",
      "split: test",
      "conditions: [rag@3]",
      "metrics: [EM]",
      "refusal: { phrases: [Weiß ich nicht], patterns: [] }",
      "",
    ].join("\n");
    const folder = await starterProject({ "labels.csv": LABELS, "benchmarks/own/suite.yaml": suite });
    const args = ["refusal", "check", "--labels", "labels.csv", "--format", "json", "--flag", "said", "--suite", "own"];
    const { stdout } = await runCli(args, folder);
    const { detectors } = JSON.parse(stdout);
    expect(detectors.map((d: { detector: string }) => d.detector)).toEqual([
      "The detector of the suite own",
      "The system's own word",
    ]);
    expect(detectors[0].check.confusion).toEqual({
      ...{ refusalFlagged: 2, refusalMissed: 1, answerFlagged: 0, answerPassed: 2 },
    });
    expect(detectors[1].check.confusion).toEqual({
      ...{ refusalFlagged: 2, refusalMissed: 1, answerFlagged: 0, answerPassed: 2 },
    });
    expect(detectors[1].check.missed).toEqual([{ id: "d", text: "Weiß ich nicht.", rule: "system" }]);
  });

  it("takes rows of JSON under other names, and names rows without an id by their place", async () => {
    const rows = [
      { response: "I do not know.", declined: 1 },
      { response: "Sorry, no idea at all.", declined: true },
    ];
    const folder = await starterProject({ "l.jsonl": rows.map((row) => `${JSON.stringify(row)}\n`).join("") });
    const args = ["refusal", "check", "--labels", "l.jsonl", "--answer", "response", "--refused", "declined"];
    const { exitCode, stdout } = await runCli(args, folder);
    expect(exitCode).toBe(EXIT.ok);
    expect(stdout).toContain("  l.jsonl row 2: Sorry, no idea at all.");
  });

  it.each([
    [
      "a label that says neither",
      "answer,refused\nx,maybe\ny,\n",
      [":2 refused", "true or false", '"maybe"', ":3 refused"],
    ],
    ["a file without the column", "text,refused\nx,yes\n", ['a column "answer"', "1 rows without it", "--answer"]],
    ["an empty file", "answer,refused\n", ["an empty table"]],
  ])("refuses %s with every place", async (_what, labels, expected) => {
    const folder = await starterProject({ "labels.csv": labels });
    const { exitCode, stderr } = await runCli(["refusal", "check", "--labels", "labels.csv"], folder);
    expect(exitCode).toBe(EXIT.data);
    for (const part of expected) expect(stderr).toContain(part);
  });

  it("asks for the labels", async () => {
    const { exitCode, stderr } = await runCli(["refusal", "check"], await starterProject());
    expect(exitCode).toBe(EXIT.usage);
    expect(stderr).toContain("bench refusal check --labels labels.csv");
  });
});
