import { type Clock, digitsInWords, type Json } from '../base/index.ts';
import type { DeskTools, ToolEntry } from './desk-tools.ts';
import { amountInWords, dateInWords, timeInWords } from './spoken.ts';

/** Formats whose values are read back whatever the pack's wording is. */
const MUST_BE_SAID: ReadonlySet<string> = new Set(['amount', 'digits']);

/** How the value of a tool's argument is said. */
export type ReadBack = (tool: string, argument: string, value: string) => string;

/** By the argument's `format` (amount, digits, phone, date, time); a key of an `enum` with its underscores as spaces. */
export function readBackByFormat(desk: DeskTools, currency: string, clock: Clock): ReadBack {
  return (tool, argument, value) => {
    const schema = argumentSchema(desk.tools[tool], argument);
    switch (schema.format) {
      case 'amount':
        return amountInWords(Number(value), currency);
      case 'digits':
      case 'phone':
        return digitsInWords(value);
      case 'date':
        return dateInWords(value, clock.now());
      case 'time':
        return timeInWords(value);
      default:
        return value.replaceAll('_', ' ');
    }
  };
}

/**
 * What is said before a call is carried out: made from the arguments that will be sent and nothing else. An
 * argument that the pack marks `writeOnly` (a code, a password) is never said.
 */
export function confirmationText(
  name: string,
  tool: ToolEntry,
  given: Readonly<Record<string, Json>>,
  readBack: ReadBack,
): string {
  const said = (argument: string) => sayArgument(name, tool, argument, given, readBack);
  const told = (argument: string) => `${argument.replaceAll('_', ' ')}: ${said(argument)}`;
  if (tool.confirmText === undefined)
    return `${[tool.description, ...Object.keys(given).map(told)].join('. ')}. Shall I do that?`;
  const named = new Set<string>();
  const text = tool.confirmText.replace(/\{([^{}]*)\}/g, (_, placeholder: string) => {
    named.add(placeholder.trim());
    return said(placeholder.trim());
  });
  // A text that leaves out an amount or the digits of an account has them said all the same.
  const left = Object.keys(given).filter(
    (argument) => !named.has(argument) && MUST_BE_SAID.has(String(argumentSchema(tool, argument).format)),
  );
  return [...left.map((argument) => `${told(argument)}.`), text].join(' ');
}

function sayArgument(
  name: string,
  tool: ToolEntry,
  argument: string,
  given: Readonly<Record<string, Json>>,
  readBack: ReadBack,
): string {
  const value = Object.hasOwn(given, argument) ? given[argument] : undefined;
  if (value === undefined || value === null) return 'nothing';
  if (argumentSchema(tool, argument).writeOnly === true) return 'what you told me';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return readBack(name, argument, typeof value === 'object' ? JSON.stringify(value) : String(value));
}

function argumentSchema(tool: ToolEntry | undefined, argument: string): Readonly<Record<string, unknown>> {
  const properties = tool?.arguments.properties;
  const one = isRecord(properties) && Object.hasOwn(properties, argument) ? properties[argument] : undefined;
  return isRecord(one) ? one : {};
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
