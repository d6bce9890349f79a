import { fork } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/**
 * SmolLM2-135M-Instruct, which `npm run local-model` puts into the ignored `.cache/` together with what runs it. Tests that need
 * it use `describe.skipIf(!hasLocalModel)`, so that its absence is shown as skipped.
 */
export const LOCAL_MODEL = at(".cache/models/smollm2-135m-instruct-q4_1.gguf");
export const hasLlama = existsSync(at(".cache/llama/node_modules/node-llama-cpp/package.json"));
export const hasLocalModel = hasLlama && existsSync(LOCAL_MODEL);
/** What a skipped test says. */
export const NO_LOCAL_MODEL = hasLocalModel ? "" : " (skipped: run npm run local-model first)";

/** An OpenAI-compatible server over that model. */
export interface ChatServer extends AsyncDisposable {
  /** Its address up to /v1. */
  readonly url: string;
  /** The model as the server lists it. */
  readonly model: string;
}

/** Starts `fixtures/servers/chat-server.mjs` in a process of its own on a free port; ready after one to three seconds. */
export async function chatServer({ context = 2048 } = {}): Promise<ChatServer> {
  const options = ["--port", "0", "--context", String(context)];
  const child = fork(at("fixtures/servers/chat-server.mjs"), options, { stdio: ["ignore", "ignore", "pipe", "ipc"] });
  let stderr = "";
  child.stderr?.on("data", (text: Buffer) => {
    stderr += text.toString();
  });
  const ready = await new Promise<{ url: string; model: string }>((resolve, reject) => {
    child.once("message", resolve as (message: unknown) => void);
    child.once("exit", (code) => reject(new Error(`the chat server ended with ${code}: ${stderr.slice(-2000)}`)));
  });
  return {
    ...ready,
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
    },
  };
}
