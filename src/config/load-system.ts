import { dirname, relative, resolve } from "node:path";
import { DataError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { hashValue, sha256File } from "../lib/hash.ts";
import { withDefaults } from "./defaults.ts";
import { origins } from "./origins.ts";
import { configFile, type Project } from "./project.ts";
import type { System } from "./resolved.ts";
import { type SystemConfig, SystemSchema } from "./system-schema.ts";
import { type Locate, validate } from "./validate.ts";
import { readYamlFile } from "./yaml-file.ts";

/** Environment variables as a parameter. */
export type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads a system file: checked, defaults filled in, `${VAR}` in addresses replaced, files it names found and hashed.
 * @throws DataError with every problem of the file
 */
export async function loadSystem(project: Project, id: string, env: Env): Promise<System> {
  const path = await configFile(project, "system", id);
  const file = await readYamlFile(path, "E_SYSTEM", project.cwd);
  const filled: string[] = [];
  const complete = withDefaults(SystemSchema, file.value, filled);
  const checked = validate(SystemSchema, complete, "E_SYSTEM", file.locate);
  if (!checked.ok) throw new DataError(checked.problems);
  const problems: Problem[] = [];
  const publicConfig = checked.value;
  if (!publicConfig.retriever && !publicConfig.generator) {
    problems.push({
      code: "E_SYSTEM",
      where: file.locate(""),
      expected: "a retriever, a generator or both",
      got: "neither",
      fix: "add `retriever: { kind: bm25 }`",
    });
  }
  const files = await namedFiles(publicConfig, dirname(path), project.cwd, file.locate, problems);
  const config = withFiles(withAddress(publicConfig, env, file.locate, problems), files);
  if (problems.length > 0) throw new DataError(problems);
  return {
    id,
    file: file.name,
    sha256: identity(publicConfig, files),
    config,
    publicConfig,
    origins: origins(publicConfig, file.locate, filled),
  };
}

/** A file that a system names, by the JSON pointer of its name. */
interface NamedFile {
  readonly pointer: "/retriever/file" | "/generator/file" | "/generator/prompt";
  readonly path: string;
  readonly sha256: string;
}

async function namedFiles(
  config: SystemConfig,
  folder: string,
  cwd: string,
  locate: Locate,
  problems: Problem[],
): Promise<NamedFile[]> {
  const named: [NamedFile["pointer"], string | undefined][] = [
    ["/retriever/file", config.retriever?.kind === "replay" ? config.retriever.file : undefined],
    ["/generator/file", config.generator?.kind === "replay" ? config.generator.file : undefined],
    ["/generator/prompt", config.generator?.kind === "openai" ? config.generator.prompt : undefined],
  ];
  const files: NamedFile[] = [];
  for (const [pointer, name] of named) {
    if (name === undefined) continue;
    const path = resolve(folder, name);
    try {
      files.push({ pointer, path, sha256: await sha256File(path) });
    } catch (error) {
      problems.push({
        code: "E_SYSTEM_FILE",
        where: locate(pointer),
        expected: "a readable file",
        got: `${JSON.stringify(name)}: ${(error as NodeJS.ErrnoException).code ?? "unreadable"}`,
        fix: `paths are relative to the system file; put it at ${relative(cwd, path)}`,
      });
    }
  }
  return files;
}

/** Replaces the names of files by their absolute paths. */
function withFiles(config: SystemConfig, files: readonly NamedFile[]): SystemConfig {
  const copy = structuredClone(config);
  for (const { pointer, path } of files) {
    const [, part, key] = pointer.split("/") as [string, "retriever" | "generator", string];
    Object.assign(copy[part]!, { [key]: path });
  }
  return copy;
}

/** Replaces `${VAR}` in the endpoint's address. */
function withAddress(config: SystemConfig, env: Env, locate: Locate, problems: Problem[]): SystemConfig {
  const generator = config.generator;
  if (generator?.kind !== "openai") return config;
  const where = locate("/generator/base_url");
  const before = problems.length;
  const address = generator.base_url.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => {
    const value = env[name];
    if (value === undefined || value === "") {
      problems.push({
        code: "E_SYSTEM_ENV",
        where,
        expected: `the environment variable ${name}`,
        got: "nothing",
        fix: `export ${name}=http://…/v1`,
      });
    }
    return value ?? "";
  });
  if (problems.length === before) checkAddress(address, generator.base_url, where, problems);
  return { ...config, generator: { ...generator, base_url: address } };
}

function checkAddress(address: string, written: string, where: string, problems: Problem[]): void {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    problems.push({
      code: "E_SYSTEM",
      where,
      expected: "an address that starts with http:// or https://",
      got: written.includes("$") ? `something else in ${written}` : JSON.stringify(written),
      fix: "write for example http://localhost:8000/v1",
    });
  } else if ((url.username || url.password || url.search) && !written.includes("$")) {
    problems.push({
      code: "E_SYSTEM_SECRET",
      where,
      expected: "an address without user name, password or query string",
      got: "one that holds them",
      fix: "put the address into an environment variable and write ${NAME} here",
    });
  }
}

/**
 * The system's hash: its configuration and the content of the files it names. The server's address, the key's name, and
 * what only describes (title, description, licence, tags) or schedules do not change what is measured and are left out.
 */
function identity(config: SystemConfig, files: readonly NamedFile[]): string {
  const { retriever, generator } = config;
  const measured: Record<string, unknown> = { ...generator };
  for (const key of ["base_url", "api_key_env", "concurrency", "timeout_s", "max_attempts"]) delete measured[key];
  return hashValue({
    retriever,
    generator: generator && measured,
    files: files.map((f) => [f.pointer, f.sha256]),
  });
}
