import type { HttpGeneratorConfig } from "../../config/http-generator-schema.ts";
import type { Answer, AnswerRequest, Clock, Generator } from "../../core/contracts.ts";
import { type BuildContext, heardFetch, pacedPatience, patienceOf } from "../build-context.ts";
import { placeOf } from "../named-file.ts";
import { type Patience, tokensOf } from "../openai/ask-endpoint.ts";
import { DEFAULT_PROMPT } from "../prompt/default-prompt.ts";
import { readPrompt } from "../prompt/read-prompt.ts";
import { measuredTiming } from "../said-answer.ts";
import { askServer, BadHttpReply, jsonOf, send } from "./ask-http.ts";
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
  const paced = pacedPatience(config, where, context);
  const { endpoint, requestOf } = prepareRequest(config, "/generator", context, VALUES, {
    called: "the server",
    accept: ACCEPT[config.reply],
    fetch: heardFetch(deps.fetch ?? globalThis.fetch, paced.pacer),
  });
  const found = new Map(EXTRAS.filter((name) => config[name] !== undefined).map((name) => [name, 0]));
  let answers = 0;
  const ask = (request: AnswerRequest, patience: Patience, signal: AbortSignal): Promise<Answer> => {
    const sent = requestOf({ ...request, prompt: prompt(request) });
    const once = async (attempt: AbortSignal): Promise<Answer> => {
      const { answer, parts } = await answerOnce(config, endpoint, sent, deps.clock, attempt, request.onToken);
      answers += 1;
      for (const [name, count] of found) if (parts.has(name)) found.set(name, count + 1);
      return answer;
    };
    return askServer(endpoint, patience, signal, once, { tokens: likelyTokens(sent), tokensOf });
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

/** Four characters of a request are about one token. How long an answer may get, the request does not say in a way we know. */
function likelyTokens({ body = "" }: HttpRequest): number {
  return body.length / 4;
}

async function answerOnce(
  config: HttpGeneratorConfig,
  endpoint: HttpEndpoint,
  request: HttpRequest,
  clock: Clock,
  signal: AbortSignal,
  onToken: (() => void) | undefined,
): Promise<{ answer: Answer; parts: HttpAnswer }> {
  const { reply, answer_marker } = config;
  const started = clock.monotonic();
  const response = await send(endpoint, request, signal);
  const parts = new HttpAnswer(config);
  let firstTokenAt: number | undefined;
  if (reply === "json") {
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
      onToken?.();
    }
  }
  const ended = clock.monotonic();
  const timing = measuredTiming(started, firstTokenAt, ended);
  return { answer: { ...parts.whole(answer_marker, endpoint.redactAnswer), timing }, parts };
}
