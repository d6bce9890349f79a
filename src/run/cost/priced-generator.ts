import type { Price } from "../../config/price-schema.ts";
import type { Answer, Clock, Generator } from "../../core/contracts.ts";
import { costOf } from "./cost-of.ts";
import { MachineTime } from "./machine-time.ts";

/**
 * A generator whose measured answers carry their cost where it is known. Time is counted from asking to answer, waits for a
 * busy server included: a machine paid by the hour is paid for then too.
 */
export function pricedGenerator(generator: Generator, price: Price, clock: Clock): Generator {
  const machine = new MachineTime(clock);
  return {
    async answer(request, signal): Promise<Answer> {
      const begun = machine.begin();
      let machineMs = 0;
      let answer: Answer;
      try {
        answer = await generator.answer(request, signal);
      } finally {
        machineMs = machine.end(begun);
      }
      if (answer.timing.source !== "measured") return answer;
      const cost = costOf(price, { usage: answer.usage, requests: answer.hedged ? 2 : 1, machineMs });
      return cost === undefined ? answer : { ...answer, cost };
    },
  };
}
