import { type Static, Type } from "@sinclair/typebox";
import { words } from "./words.ts";

/** The name of an environment variable. */
export const VARIABLE = "^[A-Za-z_][A-Za-z0-9_]*$";

export const baseUrl = Type.String({
  minLength: 1,
  description: "the server's address up to /v1; ${VAR} is read from the environment",
});

export const apiKeyEnv = Type.Optional(
  Type.String({ pattern: VARIABLE, description: "the name of the variable that holds the key, never the key" }),
);

const budget = (description: string) => Type.Optional(Type.Number({ exclusiveMinimum: 0, description }));

/** How patiently and how fast a server is asked: the same keys for whatever it is asked for. */
export const askingKeys = {
  timeout_s: Type.Number({
    exclusiveMinimum: 0,
    default: 60,
    description: "seconds one attempt may take",
  }),
  max_attempts: Type.Integer({
    minimum: 1,
    maximum: 20,
    default: 4,
    description: "attempts per question, the first included",
  }),
  question_timeout_s: Type.Optional(
    Type.Number({
      exclusiveMinimum: 0,
      description: "seconds all attempts at one question may take together, waits for a budget left out",
    }),
  ),
  concurrency: Type.Integer({
    minimum: 1,
    maximum: 512,
    default: 8,
    description: "requests in flight at most",
  }),
  rate: Type.Optional(
    Type.Object(
      {
        rpm: budget("requests a minute at most"),
        tpm: budget("tokens a minute at most, prompts and answers together"),
        rpd: budget("requests a day at most"),
        tpd: budget("tokens a day at most"),
        per: Type.Optional(
          words(["key", "model"], {
            description:
              "what is counted: all that is asked of the address with the same key (when left out), or only what is asked of the same model, as services do that limit each apart",
          }),
        ),
      },
      {
        additionalProperties: false,
        description:
          "budgets of the endpoint, each attempt counted, shared by all parts with the same address and key; those of a day are kept in .cache, for runs one after the other",
      },
    ),
  ),
};

const Asking = Type.Object(askingKeys);
export type AskingKeys = Static<typeof Asking>;

/** Sending slow requests twice; off when left out. */
export const hedge = Type.Optional(
  Type.Object(
    {
      after_s: Type.Optional(
        Type.Number({ exclusiveMinimum: 0, description: "seconds without a first byte, in place of percentile" }),
      ),
      percentile: Type.Optional(
        Type.Number({
          minimum: 50,
          exclusiveMaximum: 100,
          description: "the percentile of the times to the first byte so far, from the 20th on; 95 when left out",
        }),
      ),
      share: Type.Number({
        exclusiveMinimum: 0,
        maximum: 1,
        default: 0.05,
        description: "of all requests, the share that may be sent twice",
      }),
    },
    {
      additionalProperties: false,
      description:
        "sends a request that has no first byte yet a second time and takes the first whole answer; both cost. With sampling the faster answer wins, which may favour short ones",
    },
  ),
);
