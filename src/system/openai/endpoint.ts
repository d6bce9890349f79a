import OpenAI from "openai";
import type { OpenAiConfig } from "../../config/system-schema.ts";
import type { Problem } from "../../core/problem.ts";
import type { NamedServer } from "./endpoint-failure.ts";
import { limitBody } from "./limit-body.ts";
import { redactor, SHORTEST_IN_ANSWER } from "./redact.ts";

/** Longest reply that is read, in bytes; what is longer is a failure, not a full disk. */
export const MAX_REPLY_BYTES = 16 * 1024 * 1024;

/** An OpenAI-compatible server as the system's file names it. */
export interface Endpoint extends NamedServer {
  readonly client: OpenAI;
  /** Takes keys and passwords out of an answer, and nothing else: an answer may well name an address. */
  readonly redactAnswer: (text: string) => string;
}

export interface EndpointOptions {
  readonly config: Pick<OpenAiConfig, "base_url" | "api_key_env">;
  /** The address as it may be shown. */
  readonly publicBaseUrl: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly fetch: typeof globalThis.fetch;
  /** Where a value of the part's configuration stands, for messages. */
  readonly where: (key: string) => string;
}

/** @returns the endpoint, or everything that is wrong with its address and its key */
export function openEndpoint(options: EndpointOptions): Endpoint | readonly Problem[] {
  const { config, publicBaseUrl, env, where } = options;
  const problems: Problem[] = [];
  const url = URL.canParse(config.base_url) ? new URL(config.base_url) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    problems.push({
      code: "E_SYSTEM",
      where: where("base_url"),
      expected: "an http or https address up to /v1",
      got: url ? `the scheme ${url.protocol}` : "something that is no address",
      fix: "write for example http://localhost:8000/v1, or a variable that holds it",
    });
  }
  const key = config.api_key_env === undefined ? undefined : env[config.api_key_env];
  if (config.api_key_env !== undefined && !key) {
    problems.push({
      code: "E_SYSTEM",
      where: where("api_key_env"),
      expected: `the key in the environment variable ${config.api_key_env}`,
      got: key === undefined ? "no such variable" : "an empty variable",
      fix: `set ${config.api_key_env} to the key, or remove api_key_env when the server needs none`,
    });
  } else if (key && !/^[\x21-\x7e]+$/.test(key)) {
    problems.push({
      code: "E_SYSTEM",
      where: where("api_key_env"),
      expected: `a key of visible ASCII characters in ${config.api_key_env}`,
      got: "white space or other characters in it",
      fix: `set ${config.api_key_env} again, without quotes, spaces or line ends`,
    });
  }
  if (!url || problems.length > 0) return problems;

  const credentials =
    url.username === "" ? undefined : `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const authorization = key
    ? `Bearer ${key}`
    : credentials
      ? `Basic ${Buffer.from(credentials).toString("base64")}`
      : undefined;
  const secrets = [
    key,
    authorization?.split(" ")[1],
    url.password,
    decodeURIComponent(url.password),
    ...url.searchParams.values(),
  ];
  const query = Object.fromEntries(url.searchParams);
  const base = new URL(url);
  base.username = "";
  base.password = "";
  base.search = "";
  base.hash = "";
  const addresses = publicBaseUrl === config.base_url ? [] : [base.href, base.host, base.hostname];
  return {
    client: new OpenAI({
      baseURL: base.href.replace(/\/$/, ""),
      apiKey: key ?? "none",
      organization: null,
      project: null,
      adminAPIKey: null,
      webhookSecret: null,
      maxRetries: 0,
      logLevel: "off",
      defaultQuery: query,
      fetch: plainFetch(options.fetch, authorization),
    }),
    name: shownAddress(publicBaseUrl),
    redact: redactor([...secrets, ...addresses]),
    redactAnswer: redactor(secrets, SHORTEST_IN_ANSWER),
  };
}

/**
 * Sends what a request needs and nothing else: the client would add headers about this machine and those of the environment
 * variable OPENAI_CUSTOM_HEADERS. Redirects are not followed: an endpoint is asked, never one that it names.
 */
function plainFetch(fetch: typeof globalThis.fetch, authorization: string | undefined): typeof globalThis.fetch {
  return async (input, init) => {
    const given = new Headers(init?.headers);
    const headers = new Headers({ "user-agent": "plumbline" });
    for (const name of ["accept", "content-type"]) {
      const value = given.get(name);
      if (value !== null) headers.set(name, value);
    }
    if (authorization !== undefined) headers.set("authorization", authorization);
    return limitBody(await fetch(input, { ...init, headers, redirect: "manual" }), MAX_REPLY_BYTES);
  };
}

/** The address as written, without credentials and query. */
export function shownAddress(address: string): string {
  return address.replace(/\/\/[^/@]*@/, "//").replace(/[?#].*$/s, "");
}
