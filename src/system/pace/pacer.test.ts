import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { type DayLedger, fileLedger } from "./day-ledger.ts";
import { EndpointState } from "./endpoint-state.ts";
import { type Ending, Pacer, type PacerOptions } from "./pacer.ts";

/** Time that goes on only while somebody waits. */
function pacer({ ledger, ...options }: Partial<PacerOptions> & { ledger?: DayLedger } = {}) {
  let now = 0;
  const clock = { now: () => now, monotonic: () => now };
  const sleep = async (ms: number, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    now += ms;
  };
  const endpoint = new EndpointState(clock, ledger);
  /** Another part that asks the same server. */
  const part = (more: Partial<PacerOptions> = {}) =>
    new Pacer({ server: "raft.yaml:3", concurrency: 4, clock, sleep, endpoint, ...more });
  const made = part(options);
  const pass = (ms: number): void => {
    now += ms;
  };
  return { pacer: made, part, endpoint, now: () => now, pass };
}

const never = new AbortController().signal;
const answered: Ending = { kind: "answered", tokens: 100 };
const failed = (more: Partial<Extract<Ending, { kind: "failed" }>> = {}): Ending => ({
  kind: "failed",
  overloaded: false,
  alive: false,
  unreached: false,
  message: "closed the connection",
  ...more,
});

describe("Pacer", () => {
  it("lets so many requests go in a minute, whoever asks", async () => {
    const { pacer: p, now } = pacer({ rate: { rpm: 5 } });
    const at: number[] = [];
    for (let i = 0; i < 12; i += 1) {
      const permit = await p.admit({}, 0, never);
      at.push(now());
      permit.end(answered);
    }
    expect(at.map((t) => Math.floor(t / 60_000))).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2]);
  });

  it("reserves the tokens a call may take and settles with those it took", async () => {
    const { pacer: p, now } = pacer({ rate: { tpm: 1000 } });
    (await p.admit({}, 900, never)).end(answered);
    (await p.admit({}, 900, never)).end(answered);
    expect(now()).toBe(0);
    // Two of 100 were used; a third call of 900 is expected to take less than it might.
    (await p.admit({}, 900, never)).end({ kind: "answered", tokens: 700 });
    expect(now()).toBe(0);
    await p.admit({}, 900, never);
    expect(now()).toBeGreaterThanOrEqual(60_000);
  });

  it("lets no more than the limit be under way, and the next go when one ends", async () => {
    const { pacer: p } = pacer({ concurrency: 2 });
    const [a] = await Promise.all([p.admit({}, 0, never), p.admit({}, 0, never)]);
    let third = false;
    const waiting = p.admit({}, 0, never).then((permit) => {
      third = true;
      return permit;
    });
    await new Promise(setImmediate);
    expect([third, p.pace.waiting]).toEqual([false, 1]);
    a.end(answered);
    await waiting;
    expect(p.pace.waiting).toBe(0);
  });

  it("holds all calls while the server asks to wait, and has fewer under way afterwards", async () => {
    const { pacer: p, now } = pacer({ concurrency: 10 });
    const permit = await p.admit({}, 0, never);
    permit.end(failed({ overloaded: true, alive: true, retryAfterMs: 20_000 }));
    await p.admit({}, 0, never);
    expect(now()).toBe(20_000);
    expect(p.pace.limit).toBe(7);
  });

  it("waits as a reply's headers say", async () => {
    const { pacer: p, now } = pacer();
    p.heard(new Headers({ "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "4s" }));
    await p.admit({}, 0, never);
    expect(now()).toBe(4000);
  });

  it("says how long, and lets nothing more go, when the server asks to wait too long", async () => {
    const { pacer: p } = pacer();
    (await p.admit({}, 0, never)).end(failed({ overloaded: true, alive: true, retryAfterMs: 5_400_000 }));
    expect(p.ended).toMatchObject({ exitCode: 4, code: "E_ENDPOINT_RATE_LIMIT" });
    expect(p.ended!.message).toMatch(/asks to wait 1 h 30 min/);
    await expect(p.admit({}, 0, never)).rejects.toBe(p.ended);
  });

  it("ends the run when a day's budget is used up, and says when there is room again", async () => {
    const { pacer: p } = pacer({ rate: { rpd: 2 } });
    for (let i = 0; i < 2; i += 1) (await p.admit({}, 0, never)).end(answered);
    await expect(p.admit({}, 0, never)).rejects.toMatchObject({ exitCode: 4, code: "E_BUDGET_USED" });
    expect(p.ended!.message).toMatch(/2 requests a day used up[\s\S]*go on in 24 h 03 min.*--resume/);
  });

  it("lets a caller that is aborted leave the line", async () => {
    const { pacer: p } = pacer({ concurrency: 1 });
    const first = await p.admit({}, 0, never);
    const control = new AbortController();
    const second = p.admit({}, 0, control.signal);
    const third = p.admit({}, 0, never);
    await new Promise(setImmediate);
    control.abort(new Error("stop"));
    await expect(second).rejects.toThrow("stop");
    first.end(answered);
    (await third).end(answered);
  });
});

describe("a day's budget", () => {
  it("is kept beyond the process, and a day later it is there again", async () => {
    const folder = await tempFolder();
    const ledger = () => fileLedger(join(folder, "days", "a.json"));
    const first = pacer({ rate: { tpd: 1000, rpd: 3 }, ledger: ledger() });
    for (let i = 0; i < 2; i += 1) (await first.pacer.admit({}, 300, never)).end(answered);
    first.endpoint.remember();

    const second = pacer({ rate: { tpd: 1000, rpd: 3 }, ledger: ledger() });
    (await second.pacer.admit({}, 300, never)).end(answered);
    await expect(second.pacer.admit({}, 300, never)).rejects.toMatchObject({ code: "E_BUDGET_USED" });
    second.endpoint.remember();

    const third = pacer({ rate: { tpd: 1000, rpd: 3 }, ledger: ledger() });
    third.pass(86_400_000 + 200_000);
    (await third.pacer.admit({}, 300, never)).end(answered);
  });

  it("begins anew where the file is damaged", async () => {
    const folder = await tempFolder();
    const path = join(folder, "a.json");
    for (const text of ["", "null", "[]", '{"requests":[["a",1],[1],null,[0,2]],"tokens":7}']) {
      await writeFile(path, text);
      const { pacer: p } = pacer({ rate: { rpd: 3 }, ledger: fileLedger(path) });
      (await p.admit({}, 0, never)).end(answered);
    }
  });
});

describe("a server that is down", () => {
  it("is found after five connections that never came about, not before 20 s", async () => {
    const { pacer: p, now, pass } = pacer();
    const question = {};
    while (p.ended === undefined) {
      (await p.admit(question, 0, never)).end(failed({ unreached: true, message: "cannot be reached: ECONNREFUSED" }));
      pass(3000);
    }
    expect(now()).toBe(24_000);
    expect(p.ended).toMatchObject({ exitCode: 4, code: "E_ENDPOINT_DOWN" });
    expect(p.ended.message).toMatch(/ECONNREFUSED[\s\S]*--resume/);
  });

  it("is not taken for one by one question that brings it down each time", async () => {
    const { pacer: p, pass } = pacer();
    const question = {};
    for (let i = 0; i < 50; i += 1) {
      (await p.admit(question, 0, never)).end(failed());
      pass(3000);
    }
    expect(p.ended).toBeUndefined();
  });

  it("is found at once by calls that timed out together", async () => {
    const { pacer: p, pass } = pacer({ concurrency: 5 });
    const permits = await Promise.all(Array.from({ length: 5 }, () => p.admit({}, 0, never)));
    pass(60_000);
    for (const permit of permits) permit.end(failed({ overloaded: true }));
    expect(p.ended).toMatchObject({ code: "E_ENDPOINT_DOWN" });
  });

  it("is alive when one answer comes between, or one refusal of a request", async () => {
    const { pacer: p, pass } = pacer();
    for (let i = 0; i < 40; i += 1) {
      (await p.admit({}, 0, never)).end(i % 4 === 3 ? (i % 8 === 3 ? answered : failed({ alive: true })) : failed());
      pass(10_000);
    }
    expect(p.ended).toBeUndefined();
  });
});

describe("two parts that ask one server", () => {
  it("share what is used of it, each held to its own budget", async () => {
    const { pacer: generator, part, now } = pacer({ rate: { rpm: 4 } });
    const rewriter = part({ server: "raft.yaml:9", rate: { rpm: 6 } });
    for (let i = 0; i < 2; i += 1) {
      (await generator.admit({}, 0, never)).end(answered);
      (await rewriter.admit({}, 0, never)).end(answered);
    }
    expect(now()).toBe(0);
    // Four of six: room for the one that allows more.
    (await rewriter.admit({}, 0, never)).end(answered);
    expect(now()).toBe(0);
    (await generator.admit({}, 0, never)).end(answered);
    expect(now()).toBeGreaterThanOrEqual(60_000);
  });

  it("leave it alone when it says to one of them that it is too busy", async () => {
    const { pacer: generator, part, now } = pacer();
    const judge = part({ concurrency: 10 });
    (await generator.admit({}, 0, never)).end(failed({ overloaded: true, alive: true, retryAfterMs: 30_000 }));
    (await judge.admit({}, 0, never)).end(answered);
    expect(now()).toBe(30_000);
    expect(judge.pace.limit).toBe(7);
  });

  it("find it down together, each by the place in its own file", async () => {
    const { pacer: generator, part, pass } = pacer();
    const judge = part({ server: "judge.yaml:5" });
    for (let i = 0; i < 5; i += 1) {
      (await generator.admit({}, 0, never)).end(failed({ unreached: true }));
      pass(5000);
    }
    expect(generator.ended!.message).toContain("raft.yaml:3");
    await expect(judge.admit({}, 0, never)).rejects.toThrow(/judge\.yaml:5 \(E_ENDPOINT_DOWN\)/);
  });

  it("have a day's budget of their own used up without ending the other", async () => {
    const { pacer: small, part } = pacer({ rate: { rpd: 1 } });
    const large = part({ rate: { rpd: 10 } });
    (await small.admit({}, 0, never)).end(answered);
    await expect(small.admit({}, 0, never)).rejects.toMatchObject({ code: "E_BUDGET_USED" });
    (await large.admit({}, 0, never)).end(answered);
  });

  it("go in turn when one place is free", async () => {
    const { pacer: a, part } = pacer({ concurrency: 1 });
    const b = part({ concurrency: 1 });
    const first = await a.admit({}, 0, never);
    const order: string[] = [];
    const waiting = [a.admit({}, 0, never), b.admit({}, 0, never)].map(async (admitted, at) => {
      const permit = await admitted;
      order.push("ab"[at]!);
      await new Promise(setImmediate);
      permit.end(answered);
    });
    await new Promise(setImmediate);
    first.end(answered);
    await Promise.all(waiting);
    expect(order).toEqual(["a", "b"]);
  });
});

describe("a call that is worth no wait", () => {
  it("goes at once where there is room and nobody waits", async () => {
    const { pacer: p, now } = pacer({ concurrency: 2, rate: { rpm: 2 } });
    const first = await p.admit({}, 0, never);
    p.admitNow({}, 0)!.end(answered);
    // The budget is used up.
    expect(p.admitNow({}, 0)).toBeUndefined();
    first.end(answered);
    expect(now()).toBe(0);
  });

  it("does not go before those that wait", async () => {
    const { pacer: p } = pacer({ concurrency: 1 });
    const first = await p.admit({}, 0, never);
    const second = p.admit({}, 0, never);
    first.end(answered);
    expect(p.admitNow({}, 0)).toBeUndefined();
    (await second).end(answered);
    p.admitNow({}, 0)!.end(answered);
  });
});
