import { Type } from "@sinclair/typebox";

/** The name of an environment variable. */
export const VARIABLE = "^[A-Za-z_][A-Za-z0-9_]*$";

export const baseUrl = Type.String({
  minLength: 1,
  description: "the server's address up to /v1; ${VAR} is read from the environment",
});

export const apiKeyEnv = Type.Optional(
  Type.String({ pattern: VARIABLE, description: "the name of the variable that holds the key, never the key" }),
);

export const timeoutS = Type.Number({
  exclusiveMinimum: 0,
  default: 60,
  description: "seconds one attempt may take",
});

export const maxAttempts = Type.Integer({
  minimum: 1,
  maximum: 20,
  default: 4,
  description: "attempts per question, the first included",
});

export const concurrency = Type.Integer({
  minimum: 1,
  maximum: 512,
  default: 8,
  description: "requests in flight at most",
});

const budget = (description: string) => Type.Optional(Type.Number({ exclusiveMinimum: 0, description }));

export const rate = Type.Optional(
  Type.Object(
    {
      rpm: budget("requests a minute at most"),
      tpm: budget("tokens a minute at most, prompts and answers together"),
      rpd: budget("requests a day at most"),
      tpd: budget("tokens a day at most"),
    },
    {
      additionalProperties: false,
      description:
        "budgets of the endpoint, each attempt counted; those of a day are kept in .cache, for runs one after the other",
    },
  ),
);

export const questionTimeoutS = Type.Optional(
  Type.Number({
    exclusiveMinimum: 0,
    description: "seconds all attempts at one answer may take together, waits for a budget left out",
  }),
);
