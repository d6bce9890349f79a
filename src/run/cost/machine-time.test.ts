import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MachineTime } from "./machine-time.ts";

/** A clock that is set by hand. */
function handClock() {
  const clock = { at: 0, now: () => clock.at, monotonic: () => clock.at };
  return clock;
}

describe("MachineTime", () => {
  it("gives a call alone its whole time", () => {
    const clock = handClock();
    const machine = new MachineTime(clock);
    clock.at = 1000;
    const begun = machine.begin();
    clock.at = 1250;
    expect(machine.end(begun)).toBe(250);
  });

  it("halves what two share", () => {
    const clock = handClock();
    const machine = new MachineTime(clock);
    const a = machine.begin();
    clock.at = 100;
    const b = machine.begin();
    clock.at = 300;
    // 100 alone, then half of 200.
    expect(machine.end(a)).toBe(200);
    clock.at = 350;
    expect(machine.end(b)).toBe(150);
  });

  it("adds up to the time in which something was in flight", () => {
    const steps = fc.array(fc.record({ wait: fc.integer({ min: 0, max: 50 }), end: fc.nat() }), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (moves) => {
        const clock = handClock();
        const machine = new MachineTime(clock);
        const open: number[] = [];
        let shares = 0;
        let busy = 0;
        const wait = (ms: number) => {
          clock.at += ms;
          if (open.length > 0) busy += ms;
        };
        for (const { wait: ms, end } of moves) {
          wait(ms);
          if (end % 2 === 0 || open.length === 0) open.push(machine.begin());
          else shares += machine.end(open.splice(end % open.length, 1)[0]!);
        }
        while (open.length > 0) {
          wait(7);
          shares += machine.end(open.pop()!);
        }
        expect(shares).toBeCloseTo(busy, 6);
      }),
    );
  });
});
