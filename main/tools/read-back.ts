import { type Clock, digitsInWords, type Json } from '../base/index.ts';
import type { DeskTools, ToolEntry } from './desk-tools.ts';
import { amountInWords, dateInWords, timeInWords } from './spoken.ts';

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
  if (tool.confirmText !== undefined)
    return tool.confirmText.replace(/\{([^{}]*)\}/g, (_, argument: string) => said(argument.trim()));
  const all = Object.keys(given).map((argument) => `${argument.replaceAll('_', ' ')}: ${said(argument)}`);
  return `${[tool.description, ...all].join('. ')}. Shall I do that?`;
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
