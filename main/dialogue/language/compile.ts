/** A desk pack becomes what is heard and what is understood. */
import type { Expectation } from '../acts.ts';
import type { DeskPack } from '../pack/pack.ts';
import { Classifier, type Example } from './classifier.ts';
import type { CompiledDesk, SpeechGrammar } from './compiled.ts';
import { type CompiledFlow, compileFlow } from './compiled-flow.ts';
import { choicePatterns, followUpPatterns } from './follow-ups.ts';
import { speechGrammar, wordsOf } from './grammars.ts';
import { knowledgeIndex } from './knowledge-words.ts';
import { PatternParser } from './parser.ts';
import { patternsFor } from './patterns.ts';
import type { Reader } from './reader.ts';
import { samples } from './samples.ts';
import { understand } from './understanding.ts';

/** Sentences made of each phrase for the statistical reading. */
const SAMPLES_A_PHRASE = 12;

/**
 * Compiles a pack: its speech grammars, its understanding, its read-backs.
 * @throws SottoError `language/bad-phrase`, `language/unknown-list`, `language/unknown-slot`, `language/list-cycle`.
 */
export function compileDesk(pack: DeskPack): CompiledDesk {
  const flows = new Map(Object.values(pack.flows).map((flow) => [flow.flow, compileFlow(pack, flow)]));
  const perExpectation = new Map<string, { parser?: PatternParser; grammar?: SpeechGrammar }>();
  const entry = (expectation: Expectation) => {
    const key = JSON.stringify([
      expectation.kind,
      'flow' in expectation ? expectation.flow : '',
      'slot' in expectation ? expectation.slot : '',
      expectation.kind === 'open' ? [expectation.last?.flow, expectation.between] : [],
    ]);
    const known = perExpectation.get(key) ?? {};
    perExpectation.set(key, known);
    return known;
  };
  const sayable = (expectation: Expectation) => [
    ...patternsFor(pack, flows, expectation),
    ...followUpPatterns(flows, expectation),
    ...choicePatterns(expectation),
  ];
  const parser = (expectation: Expectation): PatternParser => {
    const cached = entry(expectation);
    cached.parser ??= new PatternParser(sayable(expectation));
    return cached.parser;
  };
  parser({ kind: 'open' });
  const open = speechGrammar(pack, patternsFor(pack, flows, { kind: 'open' }), { kind: 'open' }, []);
  const declared = new Set(Object.keys(pack.desk.pronunciations).map((word) => word.toLowerCase()));
  const vocabulary = wordsOf(open.jsgf);
  let learnt: Classifier | undefined;
  const classifier = () => {
    learnt ??= new Classifier(examplesOf(flows));
    return learnt;
  };
  const reader: Reader = {
    flows,
    parser,
    classify: (text) => (flows.size === 0 ? null : classifier().classify(text)),
    knows: knowledgeIndex(pack.knowledge),
  };
  return {
    pack,
    vocabulary: vocabulary.filter((word) => !declared.has(word)),
    grammar(expectation) {
      const cached = entry(expectation);
      cached.grammar ??=
        expectation.kind === 'open' && !expectation.last && !expectation.between
          ? open
          : speechGrammar(pack, sayable(expectation), expectation, vocabulary);
      return cached.grammar;
    },
    learn() {
      if (flows.size > 0) classifier();
    },
    understand: (text, expectation, now) => understand(reader, text, expectation, now),
    readBack: (flow, slot, value) => flows.get(flow)?.slots.get(slot)?.type.readBack(value) ?? value,
  };
}

function examplesOf(flows: ReadonlyMap<string, CompiledFlow>): Example[] {
  return [...flows].flatMap(([label, { declaration, phrases, scope }]) => [
    ...phrases.flatMap((phrase) => samples(phrase, scope, SAMPLES_A_PHRASE)).map((text) => ({ label, text })),
    ...[...declaration.examples, declaration.description].map((text) => ({ label, text })),
  ]);
}
