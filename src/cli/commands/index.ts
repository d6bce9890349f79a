import type { Command } from "../command.ts";
import { OVERVIEW } from "./overview.ts";

/** Every command with all it has, for the documentation and for tests; a command line loads those it names. */
export const COMMANDS: readonly Command[] = await Promise.all(OVERVIEW.map(({ load }) => load()));
