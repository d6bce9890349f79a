import { list, optional } from "../command.ts";
import { text } from "../terminal/parse-value.ts";

/** The flags of every command that reads people's labels. */
export const labelFlags = {
  labels: list("-l, --labels <file>", "label files, in the form that `bench help calibrate` tells", text),
  people: optional("--people <id>", "a judge of kind people, whose label files are read in place of --labels", text),
  score: list("--score <from=to>", "how a score of the files counts on the judge's scale: Yes=1,No=0", text),
  column: list("--column <field=name>", "the files' name of a column: score=rating", text),
};
