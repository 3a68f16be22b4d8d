import { COMMON_PLACEHOLDERS } from './check-flow.ts';
import { Checker } from './checker.ts';
import { checkListRings, checkPhrase } from './phrase-check.ts';
import type { DeskDeclaration } from './schema.ts';
import type { YamlSource } from './yaml-source.ts';

/** Words by which a person understands that no person speaks (EU AI Act, article 50). */
const SAYS_AUTOMATED =
  /\b(automat\w*|assistant|computer|machine|virtual|robot|bot|a\.?i\.?|artificial|not a (person|human))\b/i;

/** What the schema of `desk.yaml` cannot say. */
export function checkDesk(source: YamlSource, desk: DeskDeclaration): Checker {
  const checker = new Checker(source);
  const lists = Object.keys(desk.lists);
  for (const [index, disclosure] of desk.disclosures.entries())
    checker.wordings(['disclosures', index, 'say'], disclosure.say, COMMON_PLACEHOLDERS);
  if (!desk.disclosures.some((disclosure) => SAYS_AUTOMATED.test(disclosure.say)))
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
  return checker;
}
