/**
 * Texts in several languages: `say: { en-US: Good morning., es-US: Buenos días. }`. A file is read once for each
 * language; everything behind this sees plain texts.
 */
import { Checker } from './checker.ts';
import type { Path, YamlSource } from './yaml-source.ts';

const TAG = /^[a-z]{2,3}-[A-Z]{2}$/;
/** The keys whose texts a person hears or sees. */
const SAID = new Set(['say', 'ask', 'show', 'greeting', 'otherwise', 'to', 'description', 'cannot']);

/** The source as it reads in one language. */
export function inLanguage(source: YamlSource, language: string): YamlSource {
  return { ...source, value: resolved(source.value, language) };
}

/** Every text that is said must be there in every language of the pack, and in no other. */
export function checkLanguages(source: YamlSource, languages: readonly string[]): Checker {
  const checker = new Checker(source);
  walk(source.value, [], (path, value) => {
    const texts = textsByLanguage(value);
    if (texts) checkTexts(checker, path, Object.keys(texts), languages);
    else if (isSaid(path) && isText(value)) checkOnlyText(checker, path, languages);
    else return true;
    return false;
  });
  return checker;
}

function checkTexts(
  checker: Checker,
  path: Path,
  given: readonly string[],
  languages: readonly string[],
): void {
  for (const language of given.filter((one) => !languages.includes(one)))
    checker.error(
      [...path, language],
      `The pack does not speak ${language}.`,
      'Add it to `otherLanguages`, or remove it.',
      'key',
    );
  for (const language of languages.filter((one) => !given.includes(one)))
    checker.error(path, `There is no text in ${language}.`, `Add \`${language}: …\`.`, 'key');
}

function checkOnlyText(checker: Checker, path: Path, languages: readonly string[]): void {
  if (languages.length > 1)
    checker.error(
      path,
      `The text is only in ${languages[0]}.`,
      `Write one for each: { ${languages.map((language) => `${language}: …`).join(', ')} }.`,
    );
}

function isSaid(path: Path): boolean {
  return SAID.has(keyOf(path)) || path[0] === 'replies';
}

function resolved(value: unknown, language: string): unknown {
  const texts = textsByLanguage(value);
  if (texts) return texts[language] ?? Object.values(texts)[0];
  if (Array.isArray(value)) return value.map((item) => resolved(item, language));
  if (value === null || typeof value !== 'object') return value;
  // Not by assignment: a key `__proto__` stays an ordinary one.
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item, language)]));
}

function textsByLanguage(value: unknown): Readonly<Record<string, unknown>> | null {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => TAG.test(key))
    ? (value as Readonly<Record<string, unknown>>)
    : null;
}

function isText(value: unknown): boolean {
  return (
    typeof value === 'string' || (Array.isArray(value) && value.every((item) => typeof item === 'string'))
  );
}

function keyOf(path: Path): string {
  return String(path.findLast((step) => typeof step === 'string') ?? '');
}

function walk(value: unknown, path: Path, visit: (path: Path, value: unknown) => boolean): void {
  if (!visit(path, value) || value === null || typeof value !== 'object') return;
  if (Array.isArray(value)) for (const [index, item] of value.entries()) walk(item, [...path, index], visit);
  else for (const [key, item] of Object.entries(value)) walk(item, [...path, key], visit);
}
