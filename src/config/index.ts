export { withDefaults } from "./defaults.ts";
export * from "./encoder-schema.ts";
export { explainConfig } from "./explain.ts";
export { type ExternalConfig, ExternalSchema } from "./external-schema.ts";
export { type GeneratorIdentity, generatorIdentity } from "./generator-identity.ts";
export { saysTheSame } from "./identity.ts";
export type { JudgeExample } from "./judge-examples.ts";
export * from "./judge-schema.ts";
export { loadExternal } from "./load-external.ts";
export {
  type Judge,
  type LexicalJudge,
  loadJudge,
  type ModelJudge,
  type PanelJudge,
  type PeopleJudge,
} from "./load-judge.ts";
export { loadPrice, type NamedPrice, priceOfModel } from "./load-price.ts";
export { type AskableJudge, loadRefusalJudge, type RefusalJudge } from "./load-refusal-judge.ts";
export { loadSuite, type SuiteOverrides } from "./load-suite.ts";
export { type Env, loadSystem } from "./load-system.ts";
export { gradesPassages } from "./passage-judge.ts";
export { type Price, PriceSchema } from "./price-schema.ts";
export { findProject, listJudges, listSuites, listSystems, type Project, projectAt } from "./project.ts";
export type { Origins, Suite, System } from "./resolved.ts";
export * from "./retriever-schema.ts";
export type { Criterion, Rubric, ScaleStep } from "./rubric.ts";
export * from "./suite-schema.ts";
export * from "./system-schema.ts";
export { type Checked, type Locate, validate } from "./validate.ts";
export { parseYaml, readYamlFile, type YamlFile } from "./yaml-file.ts";
