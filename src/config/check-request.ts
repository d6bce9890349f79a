import type { HttpKeys } from "./http-keys.ts";

/** Adds a problem at a key of the part that is looked at. */
export type Say = (key: string, expected: string, got: string, fix: string) => void;

/** That a request over HTTP sends the question, and in a place that its method has. */
export function checkRequest(
  { method, body, params }: Pick<HttpKeys, "method" | "body" | "params">,
  names: readonly string[],
  example: string,
  say: Say,
): void {
  if (method === "GET" && body !== undefined) {
    say("body", "no body with GET", "one", "put its values into params, or write method: POST");
  }
  const sends = (template: string | undefined): boolean => names.some((name) => template?.includes(name));
  if (sends(body) || Object.values(params ?? {}).some(sends)) return;
  const [key, fix] =
    method === "GET" ? ["params", `write q: "{{${names[0]}}}"`] : ["body", `write for example '${example}'`];
  const got = body === undefined ? "nothing" : `one without ${names.join(" or ")}`;
  say(key!, "a template that sends the question", got, fix!);
}
