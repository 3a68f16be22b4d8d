/**
 * Dialogue: what is said, what it means and what comes next. A desk pack (`pack/`) is read and checked here; from its
 * one declaration come the speech grammar and the understanding (`language/`), the flows (`flow/`: pure generators of
 * acts, which the conversation carries out) and the answers from knowledge pages (`knowledge/`); a language model, where the
 * site has one, chooses among the same commands (`model/`). It calls no tool,
 * hears no sound and keeps no record.
 */
export type * from './acts.ts';
export { createDialogue, type DialogueParts, type StepPlace, type StepTaken } from './flow/dialogue.ts';
export { deskWords, fixedPrompts, hasPlaces } from './flow/prompts.ts';
export { deskGraphs } from './graph/desk-graphs.ts';
export { drawFlow } from './graph/draw.ts';
export type { FlowGraph, GraphEdge, GraphNode } from './graph/flow-graph.ts';
export type { PassageEmbedder } from './knowledge/embedding.ts';
export {
  type Grounding,
  type GroundingPassage,
  groundedIn,
} from './knowledge/grounded.ts';
export { buildKnowledge } from './knowledge/index-pages.ts';
export {
  type FoundPassage,
  type Knowledge,
  type KnowledgeAnswer,
  noKnowledge,
  type PassageSource,
} from './knowledge/knowledge.ts';
export { openPassageEmbedder, type PackEmbedder } from './knowledge/meaning/pack-embedder.ts';
export { compileDesk } from './language/compile.ts';
export type * from './language/compiled.ts';
export { type ParsedPhrase, type Phrase, parsePhrase, referencesOf } from './language/phrase.ts';
export { type LanModelOptions, openLanModel } from './model/lan/lan-model.ts';
export type { AnswerForm, Generated, Generation, LanguageModel } from './model/language-model.ts';
export { type LlamaOptions, openLlama } from './model/llama/llama.ts';
export { Patience, type PatienceLimits } from './model/patience.ts';
export { type AnswerPhraser, createAnswerPhraser, type PhraserParts } from './model/phrase-answer.ts';
export { PROMPT_VERSION } from './model/prompt.ts';
export {
  allowedModelServers,
  chooseLanguageModel,
  type LanguageModelChoice,
  languageModelChoice,
  type ModelSitePorts,
  openChosenModel,
  setAllowedModelServers,
} from './model/site.ts';
export { createUnderstander, type Understander, type UnderstanderParts } from './model/understander.ts';
export type { Situation } from './model/vocabulary.ts';
export { deskJsonSchema, flowJsonSchema, testsJsonSchema, toolsJsonSchema } from './pack/json-schema.ts';
export { checkDeskPack, loadDeskPack } from './pack/load.ts';
export type * from './pack/pack.ts';
export { DeskPackError } from './pack/problems.ts';
export { type DeskSafety, type ForbiddenTopic, forbiddenTopicIn } from './pack/safety.ts';
export { scaffoldDesk } from './pack/scaffold.ts';
export type * from './pack/schema.ts';
export {
  type RehearsalReport,
  rehearseDesk,
  type TestFailure,
  type TestOutcome,
} from './rehearsal/rehearse.ts';
export type { ReplyReview, ReplyReviewFor } from './rehearsal/reply-review.ts';
export { checkWayOut } from './rehearsal/way-out.ts';
