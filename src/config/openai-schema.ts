import { type Static, Type } from "@sinclair/typebox";
import { apiKeyEnv, askingKeys, baseUrl, hedge } from "./endpoint-keys.ts";
import { words } from "./words.ts";

/** A language model behind any OpenAI-compatible server: a generator, or what rewrites questions. */
export const OpenAiSchema = Type.Object(
  {
    kind: Type.Literal("openai"),
    base_url: baseUrl,
    api_key_env: apiKeyEnv,
    model: Type.String({ minLength: 1, description: "the model's name as the server lists it" }),
    api: words(["chat", "completions"], {
      default: "chat",
      description: "chat, or completions: plain text to go on with, for base models",
    }),
    temperature: Type.Number({ minimum: 0, maximum: 2, default: 0, description: "sampling temperature, 0 to 2" }),
    top_p: Type.Optional(
      Type.Number({ minimum: 0, maximum: 1, description: "sample from the likeliest tokens of this share" }),
    ),
    max_tokens: Type.Integer({ minimum: 1, default: 512, description: "most tokens of an answer" }),
    seed: Type.Optional(
      Type.Integer({ description: "the seed of the first trial; each further one adds 1, so that trials differ" }),
    ),
    stop: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), { maxItems: 4, description: "texts at which an answer ends" }),
    ),
    logprobs: Type.Boolean({
      default: false,
      description:
        "whether to ask for log probabilities; their mean over the tokens generated becomes the answer's confidence",
    }),
    extra_body: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: "further keys of the request that this server knows, such as top_k",
      }),
    ),
    prompt: Type.Optional(
      Type.String({
        minLength: 1,
        description: "a Handlebars file, relative to the system file; a built-in prompt when left out",
      }),
    ),
    system_prompt: Type.Optional(Type.String({ description: "the text of the system message" })),
    history: Type.Optional(
      words(["messages", "prompt", "none"], {
        description:
          "how what was said before is put: as messages (chat's default), by the prompt's {{#each history}} (the default of completions and of a rewriter), or none",
      }),
    ),
    answer_marker: Type.Optional(
      Type.String({ minLength: 1, description: "the text after which the answer proper stands" }),
    ),
    stream: Type.Boolean({ default: true, description: "whether to stream, which gives the time to the first token" }),
    ...askingKeys,
    hedge,
    context_window: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: "tokens that prompt and answer may have together, where the server's list of models does not say",
      }),
    ),
    tokenizer: Type.Optional(
      Type.String({
        minLength: 1,
        description: "a folder with the model's tokenizer.json, relative to the system file; only estimates use it",
      }),
    ),
  },
  { additionalProperties: false, description: "a language model behind an OpenAI-compatible server" },
);

export type OpenAiConfig = Static<typeof OpenAiSchema>;
