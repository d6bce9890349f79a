import type { Problem } from "../core/problem.ts";
import { systemParts } from "./system-parts.ts";
import type { SystemConfig } from "./system-schema.ts";
import type { Locate } from "./validate.ts";

/** The key of a part that holds a server's address, by the part's kind. */
const ADDRESS_KEY: ReadonlyMap<string, string> = new Map([
  ["openai", "base_url"],
  ["http", "url"],
]);

/**
 * The addresses of a system's servers with `${VAR}` replaced, by JSON pointer. A variable that is missing and an address
 * that cannot be used or holds a secret become problems.
 */
export function addresses(
  config: SystemConfig,
  env: Readonly<Record<string, string | undefined>>,
  locate: Locate,
  problems: Problem[],
): Map<string, string> {
  const found = new Map<string, string>();
  for (const { pointer, kind, values } of systemParts(config)) {
    const key = ADDRESS_KEY.get(kind);
    if (key === undefined) continue;
    const written = values[key] as string;
    const where = locate(`${pointer}/${key}`);
    const before = problems.length;
    const address = written.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => {
      const value = env[name];
      if (value === undefined || value === "") {
        problems.push({
          code: "E_SYSTEM_ENV",
          where,
          expected: `the environment variable ${name}`,
          got: "nothing",
          fix: `export ${name}=http://…${key === "base_url" ? "/v1" : ""}`,
        });
      }
      return value ?? "";
    });
    if (problems.length === before) checkAddress(address, written, where, problems);
    found.set(`${pointer}/${key}`, address);
  }
  return found;
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
