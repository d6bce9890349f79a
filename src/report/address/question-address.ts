import { sha256 } from "../../lib/hash.ts";
import { fileNameOf } from "../../lib/text.ts";

/** What a page of questions across systems is of: runs of one suite and protocol. */
export interface QuestionsOf {
  readonly suite: string;
  readonly protocol: string;
}

/** The folder of the page in the site; a folder, since its data stand beside it. */
export function questionsFolder({ suite, protocol }: QuestionsOf): string {
  return `questions/${fileNameOf(suite)}/${protocolName(protocol)}`;
}

/** The page as an address from the top of the site: the % of an escaped file name is itself escaped. */
export function questionsHref({ suite, protocol }: QuestionsOf): string {
  return `questions/${encodeURIComponent(fileNameOf(suite))}/${protocolName(protocol)}/index.html`;
}

/** What a link into the page asks for. */
export interface QuestionsView {
  /** A condition, or `retrieval`. */
  readonly on?: string;
  /** The metric that tells right from wrong. */
  readonly by?: string;
  readonly question?: string;
  /** The runs to show, by their names; those the page chooses when left out. */
  readonly runs?: readonly string[];
  /** Only questions that this run does right, or not right. */
  readonly right?: string;
  readonly wrong?: string;
}

/** The address of a view of the page. */
export function questionsLink(of: QuestionsOf, { runs = [], ...rest }: QuestionsView): string {
  const params = new URLSearchParams(Object.entries(rest));
  for (const run of runs) params.append("run", run);
  return `${questionsHref(of)}#${params}`;
}

/** The beginning of the protocol's hash; of one that is none, since an edited log may name anything, a hash of it. */
function protocolName(protocol: string): string {
  return /^sha256:([0-9a-f]{12})/.exec(protocol)?.[1] ?? sha256(protocol).slice(0, 12);
}
