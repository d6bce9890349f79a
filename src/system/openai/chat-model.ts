import type { JudgeModelConfig } from "../../config/judge-schema.ts";
import type { ChatModel, ChatRequest, ReplyForm } from "../../core/contracts.ts";
import { SystemFailure } from "../../core/errors.ts";
import { askEndpoint, type Patience, tokensOf } from "./ask-endpoint.ts";
import { readChatReply } from "./chat-reply.ts";
import type { Endpoint } from "./endpoint.ts";
import { likelyTokens } from "./request-body.ts";

/** From the firmest hold on a reply to none. */
const FORMS: readonly ReplyForm[] = ["json-schema", "tool", "text"];

/**
 * A chat model behind an OpenAI-compatible server.
 *
 * With `auto` a shape is asked for by JSON schema first. A server that refuses such a request, and takes the same one in the next
 * form, is asked in that form from then on; one that knows no schemas and says nothing answers freely, which the reader of the
 * reply has to expect of any form.
 */
export function openAiChatModel(
  config: JudgeModelConfig,
  endpoint: Endpoint,
  patience: Patience,
  output: "auto" | ReplyForm,
): ChatModel {
  let known: ReplyForm | undefined = output === "auto" ? undefined : output;
  const completeAs = async (form: ReplyForm, request: ChatRequest, signal: AbortSignal) => {
    const body = bodyOf(config, form, request);
    const once = async (attempt: AbortSignal) => {
      const { clock } = patience;
      const started = clock.monotonic();
      const response = await endpoint.client.post("/chat/completions", { body, signal: attempt }).asResponse();
      const { text, finish, usage } = await readChatReply(response, endpoint, () => clock.monotonic());
      return {
        text: endpoint.redactAnswer(text),
        finish: endpoint.redactAnswer(finish),
        form,
        ...(usage && { usage }),
        timing: { ms: clock.monotonic() - started, source: "measured" as const },
      };
    };
    return askEndpoint(endpoint, patience, signal, once, { tokens: likelyTokens(body, config.max_tokens), tokensOf });
  };
  return {
    async complete(request, signal) {
      if (request.shape === undefined) return completeAs("text", request, signal);
      if (known !== undefined) return completeAs(known, request, signal);
      for (const [at, form] of FORMS.entries()) {
        try {
          const reply = await completeAs(form, request, signal);
          known ??= form;
          return reply;
        } catch (error) {
          // Another question in flight may have found the form meanwhile; a request in words has nothing left to leave out.
          if (!refused(error) || at === FORMS.length - 1) throw error;
        }
      }
      throw new Error("unreachable: the last form returns or throws");
    },
  };
}

/** Whether a server said that it does not take such a request, rather than being busy, down or given too long a prompt. */
function refused(error: unknown): boolean {
  return error instanceof SystemFailure && error.code === "E_ENDPOINT_STATUS" && !error.retryable;
}

function bodyOf(config: JudgeModelConfig, form: ReplyForm, { messages, shape, repeat }: ChatRequest): object {
  const { model, temperature, top_p, max_tokens, seed, extra_body = {} } = config;
  return {
    model,
    messages,
    temperature,
    ...(!("max_completion_tokens" in extra_body) && { max_tokens }),
    ...(top_p !== undefined && { top_p }),
    ...(seed !== undefined && { seed: seed + repeat }),
    stream: false,
    ...(shape &&
      form === "json-schema" && { response_format: { type: "json_schema", json_schema: { ...shape, strict: true } } }),
    ...(shape &&
      form === "tool" && {
        tools: [{ type: "function", function: { name: shape.name, parameters: shape.schema } }],
        tool_choice: { type: "function", function: { name: shape.name } },
      }),
    ...extra_body,
  };
}
