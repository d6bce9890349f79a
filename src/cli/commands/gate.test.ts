import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { replayedProject } from "../testing/replayed-project.ts";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

describe("bench gate", () => {
  it("passes an improvement with 0, fails a regression with 1, and cannot tell with 0 or, strictly, 5", async () => {
    const folder = await replayedProject();
    const gate = (...args: string[]) => runCli(["gate", ...args], folder);
    const better = await gate("gated/bad", "gated/good");
    expect(better).toMatchObject({ exitCode: 0, stderr: "" });
    expect(better.stdout).toMatch(/^gate: pass\n/);
    const worse = await gate("gated/good", "gated/bad");
    expect(worse).toMatchObject({ exitCode: 1, stderr: "" });
    expect(worse.stdout).toMatch(/^gate: fail\n/);
    const unclear = await gate("gated/middling", "gated/mixed");
    expect(unclear.exitCode).toBe(0);
    expect(unclear.stdout).toMatch(/^gate: cannot tell\n/);
    expect((await gate("gated/middling", "gated/mixed", "--strict")).exitCode).toBe(5);
    expect((await gate("gated/bad", "gated/good", "--strict")).exitCode).toBe(0);
    expect((await gate("gated/good", "gated/bad", "--strict")).exitCode).toBe(1);

    const json = JSON.parse((await gate("gated/good", "gated/bad", "--format", "json")).stdout) as { word: string };
    expect(JSON.stringify(json)).toContain('"fail"');
    const junit = (await gate("gated/good", "gated/bad", "--format", "junit")).stdout;
    expect(junit).toMatch(/^<\?xml[\s\S]*<failure[\s\S]*<\/testsuites?>\n$/);
    const markdown = (await gate("gated/good", "gated/bad", "--format", "markdown")).stdout;
    expect(markdown).toMatch(/^\|.*\|$/m);
  });

  it("gives the same verdict twice, and takes its seed and error rate from the command line", async () => {
    const folder = await replayedProject();
    const args = ["gate", "gated/middling", "gated/mixed", "--format", "json"];
    const first = await runCli(args, folder);
    expect(await runCli(args, folder)).toEqual(first);
    const other = await runCli([...args, "--seed", "7", "--alpha", "0.2"], folder);
    expect(other.exitCode).toBe(0);
    expect(other.stdout).not.toBe(first.stdout);
    expect((await runCli([...args, "--alpha", "1"], folder)).stderr).toContain(
      "a number between 0 and 1, both excluded",
    );
  });

  it("compares with the committed baseline", async () => {
    const folder = await replayedProject();
    const kept = await runCli(["baseline", "gated/good"], folder);
    expect(kept.exitCode).toBe(0);
    expect(kept.stdout).toContain("is now the baseline benchmarks/baselines/gated/good: 60 questions of test");
    const gated = await runCli(["gate", "benchmarks/baselines/gated/good", "gated/middling"], folder);
    expect(gated.exitCode).toBe(1);
  });

  it("refuses runs of different datasets with 3, naming what differs", async () => {
    const folder = await replayedProject();
    await runCli(["baseline", "gated/good"], folder);
    const corpus = join(folder, "datasets/sixty/corpus.jsonl");
    await writeFile(corpus, (await readFile(corpus, "utf8")).replace("Something else", "Something other"));
    expect((await runCli(["run", "-b", "gated", "-s", "good", "--quiet"], folder)).exitCode).toBe(0);
    const { exitCode, stdout, stderr } = await runCli(
      ["gate", "benchmarks/baselines/gated/good", "gated/good"],
      folder,
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toMatch(/dataset/);
  });

  it("refuses in the summary and in the test results of a job too, with the same exit code", async () => {
    const folder = await replayedProject();
    const args = ["gate", "benchmarks/baselines/gated/good", "gated/good", "--format"];
    const markdown = await runCli([...args, "markdown"], folder);
    expect(markdown.exitCode).toBe(3);
    expect(markdown.stdout).toMatch(/Gate: refused\n[\s\S]*\(E_RUN_UNKNOWN\)[\s\S]*bench baseline gated\/good/);
    expect(markdown.stderr).toContain("(E_RUN_UNKNOWN)");
    const junit = await runCli([...args, "junit"], folder);
    expect(junit.exitCode).toBe(3);
    expect(junit.stdout).toMatch(/^<\?xml[\s\S]*<error type="E_RUN_UNKNOWN"[\s\S]*<\/testsuites>\n$/);
    expect(await runCli([...args, "json"], folder)).toMatchObject({ exitCode: 3, stdout: "" });
  });

  it("refuses a run that is not there, and one that is interrupted with how to finish it", async () => {
    const folder = await replayedProject();
    const unknown = await runCli(["gate", "gated/good", "gated/goood"], folder);
    expect(unknown.exitCode).toBe(3);
    expect(unknown.stderr).toContain('did you mean "gated/good"?');
    const id = (await readdir(join(folder, "runs"))).find((name) => name.startsWith("gated-mixed-"))!;
    const log = join(folder, "runs", id, "run.jsonl");
    await writeFile(log, (await readFile(log, "utf8")).split("\n").slice(0, 20).join("\n").concat("\n"));
    const interrupted = await runCli(["gate", "gated/good", id], folder);
    expect(interrupted.exitCode).toBe(3);
    expect(interrupted.stderr).toContain("(E_RUN_INTERRUPTED)");
    expect(interrupted.stderr).toContain(
      "fix: finish it with --resume: bench run -b gated -s good,bad,middling,mixed --quiet --resume\n",
    );
    const finished = await runCli(
      ["run", "-b", "gated", "-s", "good,bad,middling,mixed", "--quiet", "--resume"],
      folder,
    );
    expect(finished.exitCode).toBe(0);
    expect((await runCli(["gate", "gated/good", id], folder)).exitCode).toBe(1);
  });

  it("means by suite/system the run of the system as its file is now, be it not the newest", async () => {
    const folder = await replayedProject();
    const file = join(folder, "benchmarks/systems/good.yaml");
    const written = await readFile(file, "utf8");
    const run = () => runCli(["run", "-b", "gated", "-s", "good", "--quiet"], folder);
    const gated = async () => {
      const { stdout } = await runCli(["gate", "gated/bad", "gated/good", "--format", "json"], folder);
      return JSON.parse(stdout) as { candidate: { run: string }; notes: string[] };
    };
    const first = (await gated()).candidate.run;
    await writeFile(file, written.replace("good.run", "bad.run"));
    expect((await gated()).notes).toContain(
      "the file of system good has changed since the candidate was run; next: bench run --suite gated --system good",
    );
    await run();
    const second = await gated();
    expect(second.candidate.run).not.toBe(first);
    expect(second.notes.filter((note) => note.includes("since the candidate"))).toEqual([]);
    // Finished before: nothing is run again, so that the run of this file is the older one.
    await writeFile(file, written);
    await run();
    expect((await gated()).candidate.run).toBe(first);
    // Where the run of this file has not ended, no other stands in for it.
    const log = join(folder, "runs", first, "run.jsonl");
    await writeFile(log, (await readFile(log, "utf8")).split("\n").slice(0, 20).join("\n").concat("\n"));
    const interrupted = await runCli(["gate", "gated/bad", "gated/good"], folder);
    expect(interrupted.exitCode).toBe(3);
    expect(interrupted.stderr).toContain(`expected a finished run, got ${first}, an interrupted one`);
  });

  it("says that the suite's gate was changed after the candidate was run", async () => {
    const folder = await replayedProject();
    const suite = join(folder, "benchmarks/gated/suite.yaml");
    await writeFile(suite, (await readFile(suite, "utf8")).replace("min_effect: 0.02", "min_effect: 0.9"));
    const { exitCode, stdout } = await runCli(["gate", "gated/good", "gated/bad"], folder);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      "note: the suite's gate has changed since the candidate was run, and what it was then decides; next: bench run --suite gated --system bad\n",
    );
  });

  it("says what is wrong with a run that cannot be opened, which may be the one that is meant", async () => {
    const folder = await replayedProject();
    const [id] = (await readdir(join(folder, "runs"))).filter((name) => name.startsWith("gated-middling-"));
    const log = join(folder, "runs", id!, "run.jsonl");
    await writeFile(log, (await readFile(log, "utf8")).replace(/"schema":\d+/, '"schema":99'));
    const { exitCode, stderr } = await runCli(["gate", "gated/good", "gated/middling"], folder);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("gated/middling (E_RUN_UNKNOWN)");
    expect(stderr).toContain("got version 99");
  });

  it("does not call a log that goes on behind its end interrupted, since no --resume would mend it", async () => {
    const folder = await replayedProject();
    const [id] = (await readdir(join(folder, "runs"))).filter((name) => name.startsWith("gated-bad-"));
    const log = join(folder, "runs", id!, "run.jsonl");
    const whole = await readFile(log, "utf8");
    await writeFile(log, `${whole}something\n`);
    const damaged = await runCli(["gate", "gated/good", id!], folder);
    expect(damaged.exitCode).toBe(3);
    expect(damaged.stderr).toContain('expected a line of JSON, got "something"');
    expect(damaged.stderr).not.toContain("E_RUN_INTERRUPTED");
    // A torn last line is what an interruption leaves.
    await writeFile(log, whole.slice(0, -40));
    expect((await runCli(["gate", "gated/good", id!], folder)).stderr).toContain("E_RUN_INTERRUPTED");
  });

  it("refuses a run whose log was edited after it ended, and does not keep it as a baseline", async () => {
    const folder = await replayedProject();
    const [run] = (await readdir(join(folder, "runs"))).filter((name) => name.startsWith("gated-bad-"));
    const log = join(folder, "runs", run!, "run.jsonl");
    await writeFile(log, (await readFile(log, "utf8")).replace('"value":0.6309297535714575', '"value":1'));
    const gated = await runCli(["gate", "gated/good", "gated/bad"], folder);
    expect(gated).toMatchObject({ exitCode: 3, stdout: "" });
    expect(gated.stderr).toContain("E_RUN_VERIFY");
    expect((await runCli(["baseline", "gated/bad"], folder)).exitCode).toBe(3);
  });

  it("over different questions is refused with their ids, and with --shared is over those of both", async () => {
    const folder = await replayedProject();
    await runCli(["baseline", "gated/good"], folder);
    await runCli(["run", "-b", "gated", "-s", "bad", "--limit", "50", "--quiet"], folder);
    const args = ["gate", "benchmarks/baselines/gated/good", "gated/bad"];
    const refused = await runCli(args, folder);
    expect(refused).toMatchObject({ exitCode: 3, stdout: "" });
    expect(refused.stderr).toMatch(/only there: "q\d+", "q\d+", "q\d+" and 7 more/);
    expect(refused.stderr).toContain("--shared");
    const shared = await runCli([...args, "--shared"], folder);
    expect(shared.exitCode).toBe(1);
    expect(shared.stdout).toContain(
      "note: only the 50 questions that both were asked: the baseline was asked 60, the candidate 50\n",
    );
  });

  it("says that a run was gated against itself, by whatever names, which every paired check passes", async () => {
    const folder = await replayedProject();
    const [id] = (await readdir(join(folder, "runs"))).filter((name) => name.startsWith("gated-good-"));
    for (const name of ["gated/good", id!, `runs/${id}`]) {
      const { stdout } = await runCli(["gate", "gated/good", name], folder);
      expect(stdout).toContain("note: baseline and candidate are one and the same run: only absolute limits say");
    }
    expect((await runCli(["gate", "gated/good", "gated/bad"], folder)).stdout).not.toContain("one and the same");
  });

  it("wants two runs", async () => {
    const { exitCode, stderr } = await runCli(["gate", "gated/good"], await starterProject());
    expect(exitCode).toBe(2);
    expect(stderr).toContain("missing required argument 'candidate'");
  });
});

describe("bench baseline", () => {
  it("is named as the way to get a baseline that is not there yet", async () => {
    const { exitCode, stderr } = await runCli(
      ["gate", "benchmarks/baselines/example/bm25-reader", "example/bm25-reader"],
      await starterProject(),
    );
    expect(exitCode).toBe(3);
    expect(stderr).toContain("bench baseline example/bm25-reader");
    // Both runs are missing, and both are named.
    expect(stderr.match(/E_RUN_UNKNOWN/g)).toHaveLength(2);
  });

  it("is not replaced by a pilot of fewer questions, unless forced", async () => {
    const folder = await replayedProject();
    expect((await runCli(["baseline", "gated/good"], folder)).exitCode).toBe(0);
    await runCli(["run", "-b", "gated", "-s", "good", "--limit", "2", "--quiet"], folder);
    const refused = await runCli(["baseline", "gated/good"], folder);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("E_BASELINE_SMALLER");
    expect((await runCli(["baseline", "gated/good", "--force"], folder)).stdout).toContain("2 questions of test");
  });

  it("replaces an earlier baseline whole", async () => {
    const folder = await replayedProject();
    await runCli(["baseline", "gated/good"], folder);
    const stray = join(folder, "benchmarks/baselines/gated/good/stray.txt");
    await writeFile(stray, "");
    expect((await runCli(["baseline", "gated/good"], folder)).exitCode).toBe(0);
    await expect(readFile(stray)).rejects.toThrow("ENOENT");
    const copy = await readFile(join(folder, "benchmarks/baselines/gated/good/run.jsonl"), "utf8");
    expect(copy).toContain('"kind":"end"');
  });
});

describe("bench gate --accept", () => {
  const accept = ["gate", "benchmarks/baselines/gated/good", "gated/middling", "--accept"];

  it("makes a failing candidate the baseline with who, when and why, which later gates show", async () => {
    const folder = await replayedProject();
    await runCli(["baseline", "gated/good"], folder);
    await runCli(["baseline", "gated/middling"], folder);
    const why = "shorter passages are wanted \u001b[31m";
    const accepted = await runCli([...accept, "--why", why, "--who", "Ada", "--format", "json"], folder);
    expect(accepted.exitCode).toBe(0);
    const { verdict, candidate } = JSON.parse(accepted.stdout) as { verdict: string; candidate: { run: string } };
    expect(verdict).toBe("fail");
    expect(accepted.stderr).toContain("is now the baseline benchmarks/baselines/gated/middling");
    const file = join(folder, "benchmarks/baselines/gated/middling/accepted.json");
    const kept = JSON.parse(await readFile(file, "utf8")) as Record<string, string>;
    expect(kept).toMatchObject({ kind: "accepted", schema: 1, run: candidate.run, who: "Ada", why, verdict: "fail" });
    expect(Date.parse(kept.when!)).not.toBeNaN();
    const later = await runCli(["gate", "benchmarks/baselines/gated/middling", "gated/good"], folder);
    expect(later).toMatchObject({ exitCode: 0, stderr: "" });
    expect(later.stdout).toMatch(
      /^note: the baseline was accepted by Ada on \d{4}-\d\d-\d\d \(the gate said fail\): shorter passages are wanted/m,
    );
    expect(later.stdout).not.toContain("\u001b");
    expect((await runCli(["log", "verify", "benchmarks/baselines/gated/middling"], folder)).exitCode).toBe(0);
    await runCli(["baseline", "gated/middling"], folder);
    await expect(readFile(file)).rejects.toThrow("ENOENT");
  });

  it("takes the name from CI or from the machine, and wants one and a reason before anything is read", async () => {
    const folder = await replayedProject();
    await runCli(["baseline", "gated/good"], folder);
    const without = await runCli(accept, folder, { env: { USER: "ada" } });
    expect(without).toMatchObject({ exitCode: 2, stdout: "" });
    expect(without.stderr).toContain("--why");
    const nobody = await runCli([...accept, "--why", "wanted"], folder);
    expect(nobody.exitCode).toBe(2);
    expect(nobody.stderr).toContain("add --who NAME");
    expect((await runCli([...accept.slice(0, 3), "--why", "wanted"], folder)).exitCode).toBe(2);
    const ran = await runCli([...accept, "--why", "wanted"], folder, { env: { USER: "root", GITHUB_ACTOR: "ada" } });
    expect(ran.exitCode).toBe(0);
    const kept = await readFile(join(folder, "benchmarks/baselines/gated/middling/accepted.json"), "utf8");
    expect(kept).toContain('"who": "ada"');
  });

  it("does not accept what cannot be compared, nor a pilot of fewer questions unless forced", async () => {
    const folder = await replayedProject();
    await runCli(["baseline", "gated/good"], folder);
    await runCli(["run", "-b", "gated", "-s", "good", "--limit", "20", "--quiet"], folder);
    const args = ["gate", "benchmarks/baselines/gated/good", "gated/good", "--accept", "--why", "w", "--who", "a"];
    expect((await runCli(args, folder)).exitCode).toBe(3);
    const smaller = await runCli([...args, "--shared"], folder);
    expect(smaller.exitCode).toBe(2);
    expect(smaller.stderr).toContain("E_BASELINE_SMALLER");
    expect((await runCli([...args, "--shared", "--force"], folder)).exitCode).toBe(0);
  });

  it.each([
    ["no JSON", "{"],
    [
      "another log",
      JSON.stringify({
        kind: "accepted",
        schema: 1,
        run: "r",
        log: "l",
        who: "a",
        when: "w",
        why: "y",
        verdict: "fail",
        instead_of: "b",
      }),
    ],
    ["a newer version", '{"kind":"accepted","schema":2}'],
  ])("refuses a note that is %s, saying how to mend it", async (_, text) => {
    const folder = await replayedProject();
    await runCli(["baseline", "gated/good"], folder);
    await writeFile(join(folder, "benchmarks/baselines/gated/good/accepted.json"), text);
    const { exitCode, stdout, stderr } = await runCli(accept.slice(0, 3), folder);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain("(E_ACCEPTED)");
    expect(stderr).toContain("remove the file");
  });
});
