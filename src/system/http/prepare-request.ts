import type { HttpKeys } from "../../config/http-keys.ts";
import { BenchError, DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { type BuildContext, writtenValue } from "../build-context.ts";
import { placeOf } from "../named-file.ts";
import { type HttpEndpoint, type HttpRequest, openHttpEndpoint } from "./http-endpoint.ts";
import { jsonTemplate, requestTemplate, type Template, type TemplateValues } from "./request-template.ts";

export interface PreparedRequest<From> {
  readonly endpoint: HttpEndpoint;
  readonly requestOf: (from: From) => HttpRequest;
}

/**
 * Compiles the templates of a part of a system and opens its server.
 * @param pointer where the part stands: `/retriever`, `/generator`
 * @param called how messages name a server whose address the file does not write
 * @throws DataError with everything that is wrong with templates and headers
 */
export function prepareRequest<From>(
  config: HttpKeys,
  pointer: string,
  { system, deps }: BuildContext,
  values: TemplateValues<From>,
  { called, accept, fetch }: { called: string; accept?: string; fetch?: typeof globalThis.fetch },
): PreparedRequest<From> {
  const place = (key: string): string => placeOf(system, `${pointer}/${key}`);
  const problems: Problem[] = [];
  const compile = (make: typeof jsonTemplate, text: string, key: string): Template<From> => {
    try {
      return make(text, place(key), values);
    } catch (error) {
      if (!(error instanceof BenchError)) throw error;
      problems.push(...error.problems);
      return () => "";
    }
  };
  const body = config.body === undefined ? undefined : compile(jsonTemplate, config.body, "body");
  const params = Object.entries(config.params ?? {}).map(
    ([key, text]) => [key, compile(requestTemplate, text, `params/${key}`)] as const,
  );
  const endpoint = openHttpEndpoint({
    address: config.url,
    written: writtenValue(system, `${pointer}/url`) ?? called,
    headers: Object.entries(config.headers_env ?? {}).map(([name, variable]) => ({
      name,
      variable,
      where: place(`headers_env/${name}`),
    })),
    env: deps.env,
    fetch: fetch ?? deps.fetch ?? globalThis.fetch,
    ...(accept && { accept }),
  });
  if (!("send" in endpoint)) problems.push(...endpoint);
  if (problems.length > 0 || !("send" in endpoint)) throw new DataError(problems);
  return {
    endpoint,
    requestOf: (from) => ({
      method: config.method,
      params: new Map(params.map(([key, render]) => [key, render(from)])),
      ...(body && { body: body(from) }),
    }),
  };
}
