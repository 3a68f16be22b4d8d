import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { SpeechGrammar } from '../../main/speech/index.ts';
import { dataFile } from '../support/data.ts';

interface Domain {
  readonly openers: readonly string[];
  readonly slots: Readonly<Record<string, readonly string[]>>;
}

export interface Label {
  readonly slots: Readonly<Record<string, string>>;
}

const domain = JSON.parse(readFileSync(dataFile('speech', 'intent', 'domain.json'), 'utf8')) as Domain;

export function grammarOf(jsgf: string, pronunciations: Record<string, string[]> = {}): SpeechGrammar {
  const id = createHash('sha256').update(jsgf).update(JSON.stringify(pronunciations)).digest('hex');
  return { id, jsgf, pronunciations, outsideAbove: 18 };
}

/** A plain grammar of the coffee domain: an opener, then each slot at most once, in any order around the drink. */
export function coffeeGrammar(): SpeechGrammar {
  const rules = Object.entries(domain.slots).map(
    ([slot, values]) => `<${slot}> = ${values.join(' | ').toLowerCase()};`,
  );
  const jsgf = [
    '#JSGF V1.0;',
    'grammar coffee;',
    ...rules,
    `<opener> = ${domain.openers.join(' | ').toLowerCase()};`,
    `<before> = ${inAnyOrder(['<size>', '<roast>', '<numberOfShots>']).join(' | ')};`,
    `<extras> = ${inAnyOrder(['<milkAmount>', '<sugarAmount>'], '[and]').join(' | ')};`,
    'public <order> = [<opener>] [a | an] [<before>] <coffeeDrink> [[with] <extras>];',
    '',
  ].join('\n');
  return grammarOf(jsgf);
}

/** Every way to say some of these, each once. */
function inAnyOrder(parts: readonly string[], link = ''): string[] {
  return parts.flatMap((part) => {
    const others = parts.filter((other) => other !== part);
    return [part, ...inAnyOrder(others, link).map((rest) => `${part} ${link} ${rest}`)];
  });
}

export function labels(): Record<string, Label> {
  return JSON.parse(readFileSync(dataFile('speech', 'intent', 'labels.json'), 'utf8')) as Record<
    string,
    Label
  >;
}

/** The slots in a recognised order: the longest wordings first. */
export function slotsIn(text: string): Record<string, string> {
  const all = Object.entries(domain.slots)
    .flatMap(([slot, values]) => values.map((value) => ({ slot, value: value.toLowerCase() })))
    .sort((a, b) => b.value.length - a.value.length);
  let rest = ` ${text} `;
  const found: Record<string, string> = {};
  for (const { slot, value } of all) {
    if (!rest.includes(` ${value} `)) continue;
    rest = rest.replace(` ${value} `, ' | ');
    found[slot] = value;
  }
  return found;
}

export function sameSlots(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const entries = Object.entries(a);
  return entries.length === Object.keys(b).length && entries.every(([slot, value]) => b[slot] === value);
}
