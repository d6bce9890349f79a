import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { runCli } from "./run-cli.ts";

/** What a system says to a question, by the question's number from 0. */
export type Answering = (question: number, reference: string) => string;

/**
 * A project with finished runs of systems whose answers are given here: 40 questions with one reference each, closed-book.
 * @returns the folder and each run's folder by its system
 */
export async function answeredProject(
  systems: Readonly<Record<string, Answering>>,
  referenceOf: (question: number) => string = (i) => `The limit of plan ${i} is ${10 + i} days.`,
): Promise<{ readonly root: string; readonly runs: ReadonlyMap<string, string> }> {
  const names = Object.keys(systems);
  const root = await tempFolder({ "benchmarks/.keep": "" });
  for (const [name, answer] of Object.entries(systems)) {
    const rows = Array.from({ length: 40 }, (_, i) => {
      const reference = referenceOf(i);
      return JSON.stringify({ question: `question ${i}`, answer: [reference], prediction: answer(i, reference) });
    });
    await writeFile(join(root, `${name}.jsonl`), `${rows.join("\n")}\n`);
  }
  const files = names.map((name) => `${name}.jsonl`);
  for (const argv of [
    ["system", "import", ...files, "--into", "made"],
    ["run", "--suite", "made", "--system", names.join(","), "--quiet"],
  ]) {
    const { exitCode, stderr } = await runCli(argv, root);
    if (exitCode !== 0) throw new Error(stderr);
  }
  const dirs = await readdir(join(root, "runs"));
  const runs = new Map<string, string>();
  for (const dir of dirs) {
    const text = await readFile(join(root, "runs", dir, "run.jsonl"), "utf8");
    const { system } = JSON.parse(text.slice(0, text.indexOf("\n"))) as { system: { id: string } };
    runs.set(system.id, join(root, "runs", dir));
  }
  return { root, runs };
}
