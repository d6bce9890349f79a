import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One request as the server saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Record<string, unknown>;
}

export type Reply = (response: ServerResponse, request: SeenRequest) => void | Promise<void>;

/** A real HTTP server that answers as told, also wrongly. */
export interface FaultServer extends AsyncDisposable {
  /** Its address up to /v1. */
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  /** Replies to the next requests, in order; the last one stays. */
  reply(...replies: Reply[]): void;
}

export async function faultServer(...first: Reply[]): Promise<FaultServer> {
  const seen: SeenRequest[] = [];
  let replies = first;
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const request: SeenRequest = {
      method: incoming.method ?? "",
      path: incoming.url ?? "",
      headers: incoming.headers,
      body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>),
    };
    seen.push(request);
    const next = replies.length > 1 ? replies.shift() : replies[0];
    await next?.(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    seen,
    reply: (...list) => {
      replies = list;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A whole chat completion. */
export function completion(text: string, more: Record<string, unknown> = {}): Reply {
  return json({
    id: "c",
    object: "chat.completion",
    choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
    usage: { prompt_tokens: 11, completion_tokens: 3, total_tokens: 14 },
    ...more,
  });
}

export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Reply {
  return raw(JSON.stringify(value), { "content-type": "application/json", ...headers }, status);
}

export function raw(body: string | Buffer, headers: Record<string, string>, status = 200): Reply {
  return (response) => {
    response.writeHead(status, headers).end(body);
  };
}

/** Server-sent events, one for each part, then `[DONE]`. @param pause waited for before each part */
export function streamed(parts: readonly string[], pause?: (at: number) => Promise<unknown>): Reply {
  return async (response) => {
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
    for (const [at, part] of parts.entries()) {
      await pause?.(at);
      response.write(event({ choices: [{ index: 0, delta: { content: part }, finish_reason: null }] }));
    }
    response.write(event({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }));
    response.write(
      event({ choices: [], usage: { prompt_tokens: 11, completion_tokens: parts.length, total_tokens: 12 } }),
    );
    response.end("data: [DONE]\n\n");
  };
}

export function event(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

/** Takes the request and never answers. */
export const silent: Reply = () => undefined;

/** Closes the connection without a word. */
export const hangUp: Reply = (response) => {
  response.destroy();
};
