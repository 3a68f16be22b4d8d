import { parseJsgf } from '../../main/speech/recogniser/jsgf.ts';
import { type WordGraph, wordGraph } from '../../main/speech/recogniser/word-graph.ts';

/** JSGF of these rules. */
export function jsgfOf(rules: string): string {
  return `#JSGF V1.0;\ngrammar g;\n${rules}\n`;
}

/** Null where it is no grammar, or makes no graph. */
export function graphOf(jsgf: string): WordGraph | null {
  const parsed = parseJsgf(jsgf);
  return parsed && wordGraph(parsed);
}
