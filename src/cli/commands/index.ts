import type { Command } from "../command.ts";
import { explain } from "./explain.ts";
import { init } from "./init.ts";
import { metrics } from "./metrics.ts";

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [init, explain, metrics];
