import type { Problem } from "../../core/problem.ts";
import { MAX_REPLY_BYTES, shownAddress } from "../openai/endpoint.ts";
import type { NamedServer } from "../openai/endpoint-failure.ts";
import { limitBody } from "../openai/limit-body.ts";
import { redactor, SHORTEST_IN_ANSWER } from "../openai/redact.ts";

/** A server that is asked for JSON at one address. */
export interface HttpEndpoint extends NamedServer {
  /** Takes keys and passwords out of an answer, and nothing else: an answer may well name an address. */
  readonly redactAnswer: (text: string) => string;
  /** @returns the response, its body limited; redirects are not followed: a server is asked, never one that it names */
  send(request: HttpRequest, signal: AbortSignal): Promise<Response>;
}

export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly params?: ReadonlyMap<string, string>;
  /** JSON. */
  readonly body?: string;
}

export interface HttpEndpointOptions {
  readonly address: string;
  /** The address as it may be shown. */
  readonly written: string;
  /** Headers whose value stands in an environment variable: the variable's name, what comes before the value, its place. */
  readonly headers: readonly { name: string; variable: string; before?: string; where: string }[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly fetch: typeof globalThis.fetch;
  /** The kinds of reply that are taken. @default application/json */
  readonly accept?: string;
}

/** @returns the endpoint, or everything that is wrong with the variables its headers need */
export function openHttpEndpoint(options: HttpEndpointOptions): HttpEndpoint | readonly Problem[] {
  const { address, written, env, fetch, accept = "application/json" } = options;
  const problems: Problem[] = [];
  const headers = new Headers({ "user-agent": "plumbline", accept });
  const secrets: string[] = [];
  for (const { name, variable, before = "", where } of options.headers) {
    const value = env[variable];
    if (!value || !/^[\x20-\x7e]+$/.test(value) || value.trim() !== value) {
      problems.push({
        code: "E_SYSTEM",
        where,
        expected: `a value of visible ASCII characters in the environment variable ${variable}`,
        got: value === undefined ? "no such variable" : value === "" ? "an empty variable" : "other characters in it",
        fix: `set ${variable}, without line ends, or remove it from the system file`,
      });
      continue;
    }
    headers.set(name, before + value);
    // What follows the scheme of an authorization is the secret itself.
    secrets.push(value, ...value.split(" "));
  }
  if (problems.length > 0) return problems;
  const url = new URL(address);
  if (url.username !== "" && !headers.has("authorization")) {
    const credentials = Buffer.from(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`);
    headers.set("authorization", `Basic ${credentials.toString("base64")}`);
    secrets.push(credentials.toString("base64"));
  }
  secrets.push(url.password, decodeURIComponent(url.password), ...url.searchParams.values());
  url.username = "";
  url.password = "";
  const hidden = written === address ? [] : [url.href, url.host, url.hostname];
  return {
    name: shownAddress(written),
    redact: redactor([...secrets, ...hidden]),
    redactAnswer: redactor(secrets, SHORTEST_IN_ANSWER),
    async send({ method, params, body }, signal) {
      const target = new URL(url);
      for (const [key, value] of params ?? []) target.searchParams.set(key, value);
      const sent = new Headers(headers);
      if (body !== undefined) sent.set("content-type", "application/json");
      const init = { method, headers: sent, redirect: "manual" as const, signal };
      const response = await fetch(target, body === undefined ? init : { ...init, body });
      return limitBody(response, MAX_REPLY_BYTES);
    },
  };
}
