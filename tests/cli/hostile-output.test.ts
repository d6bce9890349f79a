import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/commands/index.ts";
import { mlflowServer } from "../../src/cli/testing/mlflow-server.ts";
import { tempFolder } from "../../src/lib/testing/temp-folder.ts";
import { faultServer } from "../../src/system/testing/fault-server.ts";
import { EVIL, type HostileProject, hostileProject } from "./hostile-project.ts";

/** What moves a cursor, sets a title, makes a link, overwrites or reverses what is read. */
const RAW =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\r(?!\n)/;
/** What a build server takes for an order in a job's output. */
const ORDER = /^\s*::|##\[|##vso\[/m;
const BAD = "\u001b[31mnone<script>\u202e\n::error::x";

/** Commands that tell of a judge itself, or how many questions a difference takes. */
const ABOUT_JUDGES = /^(?:judge (?!run)|calibrate|plan|explain)/;

type Line = readonly [argv: readonly string[], exitCode?: number];

/** A command line or more of every command, in an order in which each finds what it needs. */
function commandLines({ runs, labels }: HostileProject, mlflow: string): readonly (readonly [string, ...Line[]])[] {
  const [a, newer] = runs.get(`a${EVIL}`)! as [string, string];
  const [b] = runs.get(`b${EVIL}`)! as [string];
  const [constant] = runs.get("constant")! as [string];
  const on = ["-b", EVIL];
  const [judge, by] = [`j${EVIL}`, ["--labels", labels]];
  const graded = ["--run", a, ...by, "--resamples", "99"];
  const html = (name: string) => ["--html", `${name}.html`];
  return [
    ["init", [["sub", "--ci", "gitlab"]]],
    ["metrics", [[]]],
    ["explain", [["suite", EVIL]], [["system", `a${EVIL}`]], [["metric", BAD], 2]],
    ["doctor", [[]]],
    ["dataset show", [["odd"]], [[BAD], 3]],
    ["dataset check", [["odd"], 3]],
    ["dataset duplicates", [["odd", "--threshold", "0.1"]]],
    ["dataset export", [["odd", "--as", "csv", "--out", "csv"]], [["odd", "--as", "trec", "--out", "trec"], 3]],
    ["dataset read", [[`pages${EVIL}`, "--into", `snapshot${EVIL}`]]],
    ["dataset chunk", [[`snapshot${EVIL}`, "--into", "chunked"]]],
    ["dataset import", [["beir", "datasets/odd", "--into", "again", "--force"]]],
    ["run", [[...on, "-s", `a${EVIL},b${EVIL}`, "--baseline", constant, "--topk", "2"]], [["-b", BAD, "-s", "x"], 3]],
    ["ask", [[...on, "-s", `a${EVIL}`, "--full", "thing9 \u001b[31m"]], [[...on, "-s", `a${EVIL}`, "thing3"], 4]],
    ["plan", [[a, b, "--effect", "0.1"]]],
    ["baseline", [[a, "--force"]]],
    ["fit", [["reader", ...on]]],
    ["tune", [["reader", ...on]]],
    ["embed", [["reader", ...on]]],
    ["sweep", [["reader", ...on, "--set", "retriever.b=0.4,0.75", "-k", "1,2", ...html("sweep")]]],
    ["probe context", [[`a${EVIL}`, ...on, "--tokens", "60"], 3]],
    ["probe distractors", [[`a${EVIL}`, ...on, "--count", "0,1", "--limit", "8", ...html("distractors")]]],
    ["probe paraphrase", [[`a${EVIL}`, ...on, "--change", "typos", "--limit", "8", ...html("paraphrase")]]],
    ["load", [["-s", `a${EVIL}`, ...on, "--rate", "20", "--duration", "0.3s", "--warmup", "0", "-o", "load.json"]]],
    ["judge init", [[]]],
    ["judge fit", [["-j", "words", ...by]]],
    ["judge run", [["-j", judge, a, b, constant]], [["-j", "other", a, b]], [["-j", "words", a]], [["-j", BAD, a], 3]],
    ["judge pairs", [["-j", "pair", a, b]]],
    ["judge passages", [["-j", "passages", a, b]]],
    ["judge probe", [["-j", judge, a, "--limit", "3"]]],
    ["judge plan", [["-j", judge, ...by]]],
    ["calibrate", [["-j", judge, ...graded]], [["-j", judge, "--run", b, ...by], 3]],
    ["judge correct", [["-j", judge, a, ...by, "--resamples", "99"]]],
    ["judge compare", [[judge, "other", ...graded]]],
    ["show", [[]], [[BAD], 3], [[`--${BAD}`], 2]],
    ["diagnose", [[a]], [[constant]]],
    ["compare", [[a, b, constant, "--flips"]], [[a, b, "--metric", BAD], 3]],
    ["history", [[EVIL, `a${EVIL}`, ...html("history")]], [[BAD, "y"], 3]],
    ["gate", [[a, b], 1], [[a, newer, "--accept", "--force", "--who", BAD, "--why", BAD], 3]],
    ["refusal check", [["--labels", `${EVIL}.jsonl`]]],
    ["refusal fit", [[a, newer], 2]],
    ["system import", [[`${EVIL}.jsonl`, "--into", "imported", "--force"]]],
    ["cache show", [[]]],
    ["cache prune", [["--older-than", "30d"]]],
    ["log show", [[a]], [[a, "--failed"]], [[a, "--query", BAD], 2]],
    ["log verify", [[]]],
    ["export", [[a, "--as", "csv", "--out", "results.csv", "--force"]], [[a, "--as", "trec", "--out", "x.trec"], 3]],
    ["export mlflow", [[a, "--tracking-uri", mlflow]]],
    ["report", [["--single-file", "board.html", "--baseline", a]]],
  ];
}

/** The formats that a command says it has. */
function formatsOf(name: string): readonly (string | undefined)[] {
  const said = COMMANDS.find((command) => command.name === name)?.options.format?.summary;
  return said === undefined ? [undefined] : (said.match(/\b(?:text|json|csv|markdown|junit)\b/g) ?? []);
}

function isJson(text: string): boolean {
  try {
    return text === "" || JSON.parse(text) !== undefined;
  } catch {
    return false;
  }
}

/** Scores of a judge that stand without its calibration, or without a metric of the answers. */
function judgesAlone(text: string): string[] {
  if (!/\/(?:correctness|constructor)\b/.test(text)) return [];
  return [
    ...(/calibrated|stale/.test(text) ? [] : ["a judge's score without its calibration"]),
    ...(/\b(?:EM|F1)\b/.test(text) ? [] : ["a judge's score without a metric of the answers"]),
  ];
}

/** What is wrong with a text that was printed. */
function faults(text: string, format: string | undefined): string[] {
  const around = ({ index }: RegExpExecArray): string =>
    JSON.stringify(text.slice(Math.max(0, index - 40), index + 40));
  const found = [RAW, ORDER, /^\s+at .+:\d+:\d+\)?$/m, /This is a defect/].flatMap((bad) => {
    const at = bad.exec(text);
    return at ? [`${bad.source.slice(0, 20)} ${around(at)}`] : [];
  });
  if (format === "json" && !text.split("\n").every(isJson) && !isJson(text)) found.push("no JSON");
  if (format === "csv") {
    const cells = (parse(text, { relax_column_count: true }) as string[][]).flat();
    const formulas = cells.filter((cell) => /^[=+\-@\t]/.test(cell) && !Number.isFinite(Number(cell)));
    return [...found, ...formulas.map((cell) => `formula ${cell.slice(0, 40)}`)];
  }
  if (format === "markdown") {
    const markup = /<(?!\/?(?:sub|br|details|summary)>)[a-z/!]|\]\(javascript:|!\[|@everyone/i.exec(
      text.replace(/`[^`]*`/g, ""),
    );
    if (markup) found.push(`markup ${around(markup)}`);
  }
  if (format === "junit" && /<(?:script|img|svg)|[\ufffe\uffff]/.test(text)) found.push("markup");
  if (format !== "json" && text.split("\n").some((line) => line.length > 5000)) found.push("a line of thousands");
  return found;
}

describe("what commands print of a project in which all is hostile", () => {
  it("is inert in every format of every command: terminal, build log, Markdown, CSV, JUnit and JSON", async () => {
    await using server = await faultServer();
    await using mlflow = await mlflowServer();
    const project = await hostileProject(await tempFolder(), server);
    await mkdir(join(project.root, `pages${EVIL}`));
    await writeFile(join(project.root, `pages${EVIL}`, `${EVIL}.md`), "# \u001b[31m<script>\n\ntext one\n");
    await writeFile(join(project.root, `pages${EVIL}`, `bad${EVIL}.pdf`), "%PDF-1.4 \u001b[31m");
    const answers = Array.from({ length: 30 }, (_, i) => ({
      ...{ id: `\u001b[31m ${i}`, question: `x ${i}`, answer: `\u001b[31m no \u202e ${i}`, refused: i % 2 === 0 },
      prediction: `\u001b[31m ${i}`,
    }));
    await writeFile(join(project.root, `${EVIL}.jsonl`), answers.map((row) => JSON.stringify(row)).join("\n"));
    const lines = commandLines(project, mlflow.url);
    expect(lines.map(([name]) => name).toSorted()).toEqual(COMMANDS.map(({ name }) => name).toSorted());
    const found: string[] = [];
    for (const [name, ...cases] of lines) {
      for (const [argv, wanted = 0] of cases) {
        for (const format of formatsOf(name)) {
          const args = [...name.split(" "), ...argv, ...(format === undefined ? [] : ["--format", format])];
          const { exitCode, stdout, stderr } = await project.cli(...args);
          const wrong = [
            ...(exitCode === wanted ? [] : [`exit code ${exitCode}: ${stderr.slice(0, 500)}`]),
            ...faults(stdout, exitCode === 0 ? format : undefined),
            ...faults(stderr, undefined),
            ...(exitCode === 0 && !ABOUT_JUDGES.test(name) ? judgesAlone(stdout) : []),
          ];
          found.push(...wrong.map((what) => `bench ${args.join(" ").slice(0, 120)}: ${what}`));
        }
      }
    }
    expect(found).toEqual([]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  }, 600_000);
});
