import type { HttpGeneratorConfig } from "../../config/http-generator-schema.ts";
import type { Answer, AnswerRequest, Clock, Generator } from "../../core/contracts.ts";
import type { BuildContext } from "../build-context.ts";
import { placeOf } from "../named-file.ts";
import { type Patience, type Sent, sentTwice, tokensOf } from "../openai/ask-endpoint.ts";
import { heardFetch, pacedPatience, patienceOf } from "../paced-patience.ts";
import { DEFAULT_PROMPT } from "../prompt/default-prompt.ts";
import { readPrompt } from "../prompt/read-prompt.ts";
import { measuredTiming } from "../said-answer.ts";
import { askServer, BadHttpReply, jsonOf, likelyTokens, send } from "./ask-http.ts";
import { EXTRAS, HttpAnswer } from "./http-answer.ts";
import type { HttpEndpoint, HttpRequest } from "./http-endpoint.ts";
import { jsonStream } from "./json-stream.ts";
import { prepareRequest } from "./prepare-request.ts";
import { probeServer } from "./probe-server.ts";
import { HOSTILE, type TemplateValues, templateNames } from "./request-template.ts";

/** What is asked before the first question: answering once shows that address, template and pointers are right. */
const PROBE: AnswerRequest = {
  query: { id: "preflight", text: "preflight" },
  passages: [{ id: "preflight", document: "preflight", text: "preflight" }],
  condition: "rag@1",
  trial: 0,
};

const ACCEPT = { json: "application/json", sse: "text/event-stream", lines: "application/x-ndjson, application/json" };

type Asked = AnswerRequest & { readonly prompt: string };

const hostile = { id: HOSTILE, document: HOSTILE, title: HOSTILE, text: HOSTILE };
const VALUES: TemplateValues<Asked> = {
  said: "question, prompt, condition, passages (each with number, title, text) and history (each with role, content)",
  names: templateNames("question prompt condition passages number title text history role content"),
  question: "question",
  probes: [
    { ...PROBE, query: { id: "q", text: HOSTILE }, passages: [], prompt: HOSTILE },
    {
      ...PROBE,
      query: { id: "q", text: HOSTILE, history: [{ role: "user", content: HOSTILE }] },
      passages: [hostile, { ...hostile, title: "" }],
      prompt: HOSTILE,
    },
  ],
  values: ({ query: { text, history = [] }, passages, condition, prompt }) => ({
    question: text,
    prompt,
    condition,
    passages: passages.map(({ title = "", text }, at) => ({ number: at + 1, title, text })),
    history: history.map(({ role, content }) => ({ role, content })),
  }),
};

/** Any server that answers questions in JSON. */
export async function buildHttpGenerator(config: HttpGeneratorConfig, context: BuildContext): Promise<Generator> {
  const { system, deps, preflights, notes } = context;
  const prompt = await readPrompt(system, {
    file: config.prompt,
    builtIn: DEFAULT_PROMPT,
    pointer: "/generator/prompt",
    history: false,
  });
  const where = placeOf(system, "/generator/url");
  const paced = pacedPatience(config, where, context, deps.questionTimeoutMs);
  const { endpoint, requestOf } = prepareRequest(config, "/generator", context, VALUES, {
    called: "the server",
    accept: ACCEPT[config.reply],
    fetch: heardFetch(deps.fetch ?? globalThis.fetch, paced),
  });
  const found = new Map(EXTRAS.filter((name) => config[name] !== undefined).map((name) => [name, 0]));
  let answers = 0;
  const ask = (request: AnswerRequest, patience: Patience, signal: AbortSignal): Promise<Answer> => {
    const rendered = requestOf({ ...request, prompt: prompt(request) });
    const { onToken } = request;
    const once = async (attempt: AbortSignal, sent: Sent): Promise<Answer> => {
      const told = { clock: deps.clock, onToken, ...sent };
      const { answer, parts } = await answerOnce(config, endpoint, rendered, told, attempt);
      answers += 1;
      for (const [name, count] of found) if (parts.has(name)) found.set(name, count + 1);
      return answer;
    };
    return askServer(endpoint, patience, signal, once, { tokens: likelyTokens(rendered), tokensOf, sentTwice });
  };
  // Nobody waits for a server to come back before the first question.
  const patience = patienceOf(config, deps);
  preflights.push((signal) => probeServer(() => ask(PROBE, patience, signal), where));
  notes.push(() =>
    [...found]
      .filter(([, count]) => answers > 0 && count === 0)
      .map(([name]) => `${endpoint.name}: the pointer ${name}: ${config[name]} found nothing in ${answers} answers`),
  );
  return { answer: (request, signal) => ask(request, paced, signal) };
}

async function answerOnce(
  config: HttpGeneratorConfig,
  endpoint: HttpEndpoint,
  request: HttpRequest,
  { clock, onToken, startedAt, begun }: Sent & { clock: Clock; onToken: (() => void) | undefined },
  signal: AbortSignal,
): Promise<{ answer: Answer; parts: HttpAnswer }> {
  const { reply, answer_marker } = config;
  const response = await send(endpoint, request, signal);
  const parts = new HttpAnswer(config);
  let firstTokenAt: number | undefined;
  if (reply === "json") {
    begun();
    parts.take(await jsonOf(response));
  } else {
    const type = response.headers.get("content-type") ?? "";
    if (reply === "sse" && !/^text\/event-stream/i.test(type)) {
      await response.body?.cancel();
      throw new BadHttpReply(`no event stream but ${endpoint.redact(type) || "a body without content type"}`);
    }
    for await (const value of jsonStream(response, reply)) {
      if (!parts.take(value)) continue;
      firstTokenAt ??= clock.monotonic();
      begun();
      onToken?.();
    }
  }
  const ended = clock.monotonic();
  const timing = measuredTiming(startedAt, firstTokenAt, ended);
  return { answer: { ...parts.whole(answer_marker, endpoint.redactAnswer), timing }, parts };
}
