import type { DeskSafety } from './safety.ts';
import type { DeskDeclaration, FlowDeclaration, ServerDeclaration, ToolDeclaration } from './schema.ts';

/** A knowledge page: Markdown with its first heading as title, or what HTML, text and PDF became. */
export interface KnowledgePage {
  readonly file: string;
  readonly title: string;
  readonly markdown: string;
  /** Further words under which it is to be found. */
  readonly also?: string;
}

/** The parts of a pack that hold texts. */
export type PackTexts = Pick<DeskPack, 'desk' | 'flows'>;

/** A desk pack, read and checked: what it references exists, what it calls is declared. */
export interface DeskPack {
  readonly folder: string;
  readonly desk: DeskDeclaration;
  /** The pack's own flows, with the slots of those that they do, and those of its safety layers. */
  readonly flows: Readonly<Record<string, FlowDeclaration>>;
  readonly safety: DeskSafety;
  /** The same declarations in the pack's other languages, by language. */
  readonly translations: Readonly<Record<string, PackTexts>>;
  readonly tools: Readonly<Record<string, ToolDeclaration>>;
  readonly servers: Readonly<Record<string, ServerDeclaration>>;
  readonly knowledge: readonly KnowledgePage[];
  /** SHA-256 (hex) over the names and bytes of all its files: what "the same pack" means in records. */
  readonly hash: string;
}

/** One thing wrong with a pack, fit for the person who writes it. */
export interface PackProblem {
  readonly severity: 'error' | 'warning';
  /** Relative to the pack's folder. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly remedy: string;
}
