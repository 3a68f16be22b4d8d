import { COMMON_PLACEHOLDERS } from './check-names.ts';
import { Checker } from './checker.ts';
import { checkListRings, checkPhrase } from './phrase-check.ts';
import { situationsOf } from './safety.ts';
import type { DeskDeclaration } from './schema.ts';
import type { YamlSource } from './yaml-source.ts';

/** Words by which a person understands that no person speaks (EU AI Act, article 50). */
const SAYS_AUTOMATED =
  /\b(automat\w*|assistant|computer|machine|virtual|robot|bot|a\.?i\.?|artificial|not a (person|human))\b/i;

/** What the schema of `desk.yaml` cannot say, read in one language. */
export function checkDesk(
  source: YamlSource,
  desk: DeskDeclaration,
  flowNames: readonly string[],
  language: string,
): Checker {
  const checker = new Checker(source);
  const lists = Object.keys(desk.lists);
  for (const [index, disclosure] of desk.disclosures.entries())
    checker.wordings(['disclosures', index, 'say'], disclosure.say, COMMON_PLACEHOLDERS);
  if (language === 'en-US' && !desk.disclosures.some((disclosure) => SAYS_AUTOMATED.test(disclosure.say)))
    checker.warn(
      ['disclosures'],
      'No disclosure says that this is an automated assistant and not a person.',
      'Add one, for example "I am an automated assistant, not a person."',
      'key',
    );
  const ids = desk.disclosures.map((disclosure) => disclosure.id);
  for (const [index, id] of ids.entries())
    if (ids.indexOf(id) < index)
      checker.error(
        ['disclosures', index, 'id'],
        `The disclosure \`${id}\` is there twice.`,
        'Give each its own id.',
      );
  checker.wordings(['greeting'], desk.greeting, COMMON_PLACEHOLDERS);
  checker.wordings(['handOff', 'say'], desk.handOff.say, COMMON_PLACEHOLDERS);
  for (const [name, wording] of Object.entries(desk.replies))
    checker.wordings(['replies', name], wording, COMMON_PLACEHOLDERS);
  for (const [index, phrase] of desk.handOff.phrases.entries())
    checkPhrase(checker, ['handOff', 'phrases', index], phrase, [], lists);
  for (const [name, phrases] of Object.entries(desk.lists))
    for (const [index, phrase] of phrases.entries())
      checkPhrase(checker, ['lists', name, index], phrase, [], lists);
  checkListRings(checker, desk.lists);
  checkSensitiveTypes(checker, desk);
  checkTopics(checker, desk, lists, flowNames);
  checkSituations(checker, desk, lists, flowNames);
  return checker;
}

function checkSensitiveTypes(checker: Checker, { sensitiveTypes }: DeskDeclaration): void {
  for (const [index, { type }] of sensitiveTypes.entries())
    if (sensitiveTypes.findIndex((one) => one.type === type) < index)
      checker.error(
        ['sensitiveTypes', index, 'type'],
        `There is already a type \`${type}\`.`,
        'Put all its shapes and words in one place.',
      );
}

function checkTopics(
  checker: Checker,
  desk: DeskDeclaration,
  lists: readonly string[],
  flowNames: readonly string[],
): void {
  for (const [index, { topic, say, phrases, examples, words }] of desk.neverDiscuss.entries()) {
    const at = ['neverDiscuss', index];
    checker.wordings([...at, 'say'], say, COMMON_PLACEHOLDERS);
    for (const [which, phrase] of phrases.entries())
      checkPhrase(checker, [...at, 'phrases', which], phrase, [], lists);
    if (phrases.length + examples.length + words.length === 0)
      checker.error(
        at,
        `Nothing tells that somebody asks about \`${topic}\`.`,
        'Add `phrases`, `examples` or `words`.',
      );
    if (
      desk.neverDiscuss.findIndex((one) => one.topic === topic) < index ||
      flowNames.includes(`never_${topic}`)
    )
      checker.error([...at, 'topic'], `There is already a topic \`${topic}\`.`, 'Give each its own name.');
  }
}

function checkSituations(
  checker: Checker,
  desk: DeskDeclaration,
  lists: readonly string[],
  flowNames: readonly string[],
): void {
  for (const [kind, { say, start, phrases }] of situationsOf(desk)) {
    const at = ['situations', kind];
    checker.wordings([...at, 'say'], say, COMMON_PLACEHOLDERS);
    for (const [index, phrase] of phrases.entries())
      checkPhrase(checker, [...at, 'phrases', index], phrase, [], lists);
    if (start !== undefined)
      checker.known([...at, 'start'], 'flow', start, flowNames, 'Write the flow under flows/.');
    if ((say === undefined) === (start === undefined))
      checker.error(
        at,
        'A situation has either words to say or a flow to start.',
        'Keep one of `say` and `start`.',
        'key',
      );
    if (flowNames.includes(`situation_${kind}`))
      checker.error(at, `A flow is already called \`situation_${kind}\`.`, 'Rename that flow.', 'key');
  }
}
