import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const CHECKOUT = fileURLToPath(new URL("../..", import.meta.url));
const LOCK = { name: "tiny", version: "1.0.0", lockfileVersion: 3, requires: true };

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "plumbline-setup-"));
  for (const script of ["scripts/setup.mjs", "bin/bench.mjs", "tsconfig.json", "tsconfig.build.json"]) {
    cpSync(join(CHECKOUT, script), join(root, script));
  }
  write(
    "package.json",
    JSON.stringify({ name: "tiny", version: "1.0.0", type: "module", engines: { node: ">=20.19" } }),
  );
  writeLock("1.0.0");
  write("src/cli/main.ts", 'console.log("ran", process.argv.slice(2).join(" "));\n');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), text);
}

function writeLock(version: string): void {
  write("package-lock.json", JSON.stringify({ ...LOCK, packages: { "": { name: "tiny", version } } }));
}

/** The compiler of the checkout stands in the tiny project: what is tested is when it is called, and on what. */
function lendCompiler(): void {
  write(
    "node_modules/typescript/bin/tsc",
    `process.argv[1] = ${JSON.stringify(join(CHECKOUT, "node_modules/typescript/bin/tsc"))};
import(${JSON.stringify(pathToFileURL(join(CHECKOUT, "node_modules/typescript/bin/tsc")).href)});\n`,
  );
  write(
    "tsconfig.json",
    JSON.stringify({
      compilerOptions: {
        target: "es2023",
        module: "nodenext",
        types: ["node"],
        strict: true,
        typeRoots: [join(CHECKOUT, "node_modules/@types")],
      },
    }),
  );
}

function script(file: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(root, file), ...args], { encoding: "utf8", cwd: root });
}

type Setup = {
  ensureSetup(options: object): { installed: boolean; built: boolean };
  installNeeded(root: string, node: string): boolean;
  buildNeeded(root: string): boolean;
  checkNode(version: string, required: string): void;
};
const { ensureSetup, installNeeded, buildNeeded, checkNode } = (await import(
  pathToFileURL(join(CHECKOUT, "scripts/setup.mjs")).href
)) as Setup;
const NODE = process.versions.node;
const INSTALLING = "setup: installing packages (npm ci --ignore-scripts)";
const BUILDING = "setup: building (tsc)";

function setUp(options: object = {}): string[] {
  const said: string[] = [];
  ensureSetup({ root, say: (line: string) => said.push(line), ...options });
  return said;
}

/** Installed and with a compiler, as a clone is after its first command. */
function settle(): void {
  setUp({ build: false });
  lendCompiler();
  setUp();
}

describe("packages", () => {
  it("are installed once: the second start does nothing and says nothing", () => {
    expect(setUp({ build: false })).toEqual([INSTALLING]);
    expect(setUp({ build: false })).toEqual([]);
  });

  it("are installed again when the lock file changed", () => {
    setUp({ build: false });
    writeLock("1.0.1");
    expect(installNeeded(root, NODE)).toBe(true);
  });

  it("are installed again for another major of Node, not for another minor", () => {
    setUp({ build: false });
    const [major] = NODE.split(".");
    expect(installNeeded(root, `${major}.99.0`)).toBe(false);
    expect(installNeeded(root, `${Number(major) + 2}.0.0`)).toBe(true);
  });

  it("are installed again when node_modules was deleted", () => {
    setUp({ build: false });
    rmSync(join(root, "node_modules"), { recursive: true });
    expect(installNeeded(root, NODE)).toBe(true);
  });

  it("are installed again after an install that failed half-way", () => {
    setUp({ build: false });
    write("package-lock.json", "{ not json");
    expect(() => setUp({ build: false })).toThrow(/npm ci failed/);
    // Back to the lock file of the good install: its stamp must not count any more.
    writeLock("1.0.0");
    expect(installNeeded(root, NODE)).toBe(true);
  });

  it("are installed again after an install that was killed", async () => {
    setUp({ build: false });
    writeLock("1.0.1");
    // An npm that never ends, as one that waits for the network.
    const started = join(root, "npm-started");
    write(
      "hang/npm",
      `#!${process.execPath}\nprocess.getBuiltinModule("fs").writeFileSync(${JSON.stringify(started)}, ""); setInterval(() => {}, 1000);\n`,
    );
    spawnSync("chmod", ["+x", join(root, "hang/npm")]);
    const env: NodeJS.ProcessEnv = { ...process.env, PATH: join(root, "hang"), npm_execpath: "" };
    const child = spawn(process.execPath, [join(root, "scripts/setup.mjs")], {
      env,
      cwd: root,
      detached: true,
      stdio: "ignore",
    });
    await vi.waitUntil(() => existsSync(started), { timeout: 20_000 });
    process.kill(-child.pid!, "SIGKILL");
    await once(child, "exit");
    writeLock("1.0.0");
    expect(installNeeded(root, NODE)).toBe(true);
  });
});

describe("the build", () => {
  it("is made once: the second start does nothing and says nothing", () => {
    setUp({ build: false });
    lendCompiler();
    expect(setUp()).toEqual([BUILDING]);
    expect(existsSync(join(root, "dist/cli/main.js"))).toBe(true);
    expect(setUp()).toEqual([]);
  });

  it("is made again when a source is changed, added or removed", () => {
    settle();
    write("src/added.ts", "export const x = 1;\n");
    expect(setUp()).toEqual([BUILDING]);
    utimesSync(join(root, "src/added.ts"), new Date(0), new Date(0));
    expect(setUp()).toEqual([BUILDING]);
    rmSync(join(root, "src/added.ts"));
    expect(setUp()).toEqual([BUILDING]);
  });

  it("is not made again for a test", () => {
    settle();
    write("src/cli/main.test.ts", "export {};\n");
    write("src/cli/testing/helper.ts", "export {};\n");
    expect(buildNeeded(root)).toBe(false);
  });

  it("carries no file whose source is gone", () => {
    write("src/gone.ts", "export const x = 1;\n");
    settle();
    expect(readdirSync(join(root, "dist"))).toContain("gone.js");
    rmSync(join(root, "src/gone.ts"));
    setUp();
    expect(readdirSync(join(root, "dist"))).not.toContain("gone.js");
    expect(readdirSync(join(root, "dist"))).not.toContain("gone.d.ts");
    expect(existsSync(join(root, "dist/cli/main.js"))).toBe(true);
  });

  it("that fails names the place, exits with 1 and is tried again", () => {
    settle();
    write("src/cli/main.ts", "const n: number = 'text';\n");
    const { status, stderr } = script("scripts/setup.mjs");
    expect(status).toBe(1);
    expect(stderr).toContain("src/cli/main.ts(1,7)");
    expect(stderr).not.toContain("    at ");
    expect(buildNeeded(root)).toBe(true);
  });
});

describe("bench in a clone", () => {
  it("sets up on the first call, keeps its own output clean, and starts at once on the second", () => {
    setUp({ build: false });
    lendCompiler();
    expect(script("bin/bench.mjs", "metrics", "--json")).toMatchObject({
      status: 0,
      stdout: "ran metrics --json\n",
      stderr: `${BUILDING}\n`,
    });
    expect(script("bin/bench.mjs", "x")).toMatchObject({ status: 0, stdout: "ran x\n", stderr: "" });
  });

  it("runs from dist alone where there are no sources, as in an installed package", () => {
    settle();
    for (const folder of ["src", "scripts", "node_modules"]) rmSync(join(root, folder), { recursive: true });
    expect(script("bin/bench.mjs", "x")).toMatchObject({ status: 0, stdout: "ran x\n", stderr: "" });
  });
});

describe("an old Node", () => {
  it.each(["18.20.8", "20.18.3"])("%s is refused with what is needed and what to do", (version) => {
    expect(() => checkNode(version, "20.19")).toThrow(
      /^Plumbline needs Node 20\.19 or later; this is .* fix: install a current Node/s,
    );
  });

  it.each(["20.19.0", "22.0.0", "26.10.0"])("%s is accepted", (version) => {
    expect(() => checkNode(version, "20.19")).not.toThrow();
  });
});
