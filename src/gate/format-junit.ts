import type { Problem } from "../core/problem.ts";
import { printable } from "../lib/text.ts";
import { checkCells, explain, explainFailures, explainUnscored, footnote, runLabel } from "./describe-check.ts";
import type { GateCheck, GateVerdict, GateWord } from "./verdict.ts";

/**
 * The verdict as JUnit XML: a test case per check and one for the candidate's failures. A check that cannot tell is a
 * skipped test, so that build servers show it as neither passed nor failed.
 */
export function gateJunit(verdict: GateVerdict): string {
  const { checks, failures, unscored, notes, suite } = verdict;
  const words = [...checks.map((check) => check.verdict), failures.verdict, ...unscored.map((check) => check.verdict)];
  const count = (word: GateWord): number => words.filter((w) => w === word).length;
  const counts = `tests="${words.length}" failures="${count("fail")}" errors="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="bench gate" ${counts}>`,
    `  <testsuite name=${quoted(`gate ${suite}`)} ${counts} skipped="${count("cannot tell")}">`,
    "    <properties>",
    property("verdict", verdict.verdict),
    property("baseline", runLabel(verdict.baseline)),
    property("candidate", runLabel(verdict.candidate)),
    property("protocol", verdict.protocol),
    ...notes.map((note) => property("note", note)),
    "    </properties>",
    ...checks.map((check) =>
      testCase(suite, check.condition, `${check.metric} ${check.kind}`, check.verdict, explain(check), evidence(check)),
    ),
    testCase(suite, "failures", "max_failures", failures.verdict, explainFailures(failures), ""),
    ...unscored.map((check) =>
      testCase(suite, check.condition, `${check.metric} unscored`, check.verdict, explainUnscored(check), ""),
    ),
    `    <system-out>${escaped(footnote(verdict))}</system-out>`,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

/** Runs that cannot be compared: a test with an error per reason. */
export function refusalJunit(problems: readonly Problem[]): string {
  const counts = `tests="${problems.length}" failures="0" errors="${problems.length}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="bench gate" ${counts}>`,
    `  <testsuite name="gate" ${counts}>`,
    ...problems.map(({ code, where, expected, got, fix }) => {
      const message = `message=${quoted(`expected ${expected}, got ${got}`)}`;
      const error = `<error type=${quoted(code)} ${message}>${escaped(`fix: ${fix}`)}</error>`;
      return `    <testcase classname="gate" name=${quoted(where)}>${error}</testcase>`;
    }),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function testCase(
  suite: string,
  condition: string,
  name: string,
  verdict: GateWord,
  message: string,
  detail: string,
): string {
  const open = `    <testcase classname=${quoted(`${suite}.${condition}`)} name=${quoted(name)}`;
  if (verdict === "cannot tell") return `${open}><skipped message=${quoted(`${message}. ${detail}`)}/></testcase>`;
  if (verdict === "fail") {
    return `${open}><failure type="gate" message=${quoted(message)}>${escaped(detail)}</failure></testcase>`;
  }
  return detail === ""
    ? `${open}/>`
    : `${open}><system-out>${escaped(`${message}. ${detail}`)}</system-out></testcase>`;
}

function evidence(check: GateCheck): string {
  const { baseline, candidate, estimate, limit, p, n, failed, wins } = checkCells(check);
  return `baseline ${baseline}, candidate ${candidate}, ${estimate}, limit ${limit}, p ${p}, n ${n}, failed ${failed}, won/tied/lost ${wins}`;
}

function property(name: string, value: string): string {
  return `      <property name="${name}" value=${quoted(value)}/>`;
}

function quoted(text: string): string {
  return `"${escaped(text)}"`;
}

const ENTITIES = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&apos;"],
]);

/** `printable` takes out the control characters that XML 1.0 forbids; halves of surrogate pairs and two others remain. */
function escaped(text: string): string {
  return printable(text)
    .replace(/[&<>"']/g, (c) => ENTITIES.get(c)!)
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|[\ufffe\uffff]/g, "\ufffd");
}
