import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { hasLlama } from "../../system/testing/local-model.ts";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

describe("bench doctor", () => {
  it("says what is there, and of a variable that is not set how to set it, and that is no error", async () => {
    const project = await starterProject();
    const { exitCode, stdout } = await runCli(["doctor"], project);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ok {7}plumbline \d/m);
    expect(stdout).toMatch(/^ok {7}encoders and exact search: onnxruntime-node$/m);
    expect(stdout).toMatch(/^ok {7}suite example$/m);
    expect(stdout).toMatch(/^ok {7}system bm25-reader$/m);
    expect(stdout).toMatch(/^absent {3}.*my-endpoint\.yaml.*E_SYSTEM_ENV.*MY_URL/m);
    expect(stdout).toContain("fix: export MY_URL=");
  });

  it("says whether a language model can run in this process, and how to get there where not", async () => {
    const { stdout } = await runCli(["doctor"], await tempFolder());
    const said = /^(ok|absent) +language models in this process: node-llama-cpp(.*)(?:\n +(fix: .*))?$/m.exec(stdout)!;
    if (hasLlama) expect(said.slice(1, 3)).toEqual(["ok", ""]);
    else expect(said.slice(1)).toEqual(["absent", ": no such package", expect.stringContaining("npm run local-model")]);
  });

  it("exits 3 when a file of the project is wrong, with its line", async () => {
    const project = await starterProject({ "benchmarks/systems/bad.yaml": "retriever:\n  kind: bm52\n" });
    const { exitCode, stdout } = await runCli(["doctor"], project);
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^wrong {4}benchmarks\/systems\/bad\.yaml:2 /m);
  });

  it("works where there is no project, and never shows a value of the environment", async () => {
    const { exitCode, stdout } = await runCli(["doctor"], await tempFolder(), { env: { MY_KEY: "sk-secret" } });
    expect(exitCode).toBe(0);
    expect(stdout).toContain("bench init");
    expect(stdout).not.toContain("sk-secret");
  });
});

describe("bench embed", () => {
  it("builds a system's index ahead, and finds it the second time", async () => {
    const project = await starterProject();
    const first = await runCli(["embed", "bm25-reader"], project);
    expect(first).toMatchObject({ exitCode: 0 });
    expect(first.stdout).toContain("bm25-reader: 8 passages of example, ");
    const second = await runCli(["embed", "bm25-reader"], project);
    expect(second.stdout).toContain("its index was there already");
  });
});
