import type { Json } from '../../base/index.ts';
import type { CompiledDesk } from '../language/compiled.ts';
import { argumentsOf } from '../pack/check-tools.ts';
import { fillTemplate, wholePlaceholder } from '../pack/template.ts';
import type { Frame } from './frame.ts';
import type { CallOp } from './program.ts';

/** Fills a wording: slots as they are read back, results as they are. Sensitive values are never said. */
export function fillWording(desk: CompiledDesk, frame: Frame | null, text: string): string {
  return fillTemplate(text, (path) => {
    const [head = ''] = path;
    const common = commonWords(desk, frame, head);
    if (common !== null) return common;
    const slot = frame?.slots.get(head);
    if (frame && slot && path.length === 1)
      return frame.declaration(head)?.sensitive ? 'that' : desk.readBack(frame.flow.flow, head, slot.value);
    return inWords(frame?.lookup(path));
  });
}

/** "block a lost card, check your balance or speak to a person" */
export function abilitiesOf(desk: CompiledDesk): string {
  const flows = Object.values(desk.pack.flows).filter(
    ({ inHelp, phrases, examples }) => inHelp && phrases.length + examples.length > 0,
  );
  return listed(
    flows.map((flow) => flow.description),
    'or',
  );
}

export function listed(items: readonly string[], word: 'and' | 'or'): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${word} ${items.at(-1)}`;
}

/** A call's arguments, in the types that the tool's schema asks for. What is not known is left out. */
export function fillArguments(
  desk: CompiledDesk,
  frame: Frame,
  call: CallOp,
): Readonly<Record<string, Json>> {
  const tool = Object.hasOwn(desk.pack.tools, call.tool) ? desk.pack.tools[call.tool] : undefined;
  const schemas = tool ? argumentsOf(tool) : new Map();
  const filled: Record<string, Json> = {};
  for (const [name, given] of Object.entries(call.arguments)) {
    const value = typeof given === 'string' ? argumentValue(frame, given) : given;
    if (value !== undefined) filled[name] = typed(value, schemas.get(name)?.types ?? []);
  }
  return filled;
}

function argumentValue(frame: Frame, text: string): Json | undefined {
  const path = wholePlaceholder(text);
  if (!path) return text.includes('{') ? fillTemplate(text, (part) => plain(frame, part)) : text;
  return path.length === 1 && path[0] === 'question' ? frame.question : frame.lookup(path);
}

function plain(frame: Frame, path: readonly string[]): string {
  return path[0] === 'question' ? frame.question : inWords(frame.lookup(path));
}

function typed(value: Json, types: readonly string[]): Json {
  if (
    typeof value === 'number' &&
    types.length > 0 &&
    !types.includes('number') &&
    !types.includes('integer')
  )
    return types.includes('string') ? String(value) : value;
  if (typeof value !== 'string' || types.length === 0 || types.includes('string')) return value;
  if (types.includes('number') || types.includes('integer')) {
    const number = Number(value);
    return value.trim() !== '' && Number.isFinite(number) ? number : value;
  }
  if (!types.includes('boolean')) return value;
  if (value === 'yes' || value === 'true') return true;
  return value === 'no' || value === 'false' ? false : value;
}

function commonWords(desk: CompiledDesk, frame: Frame | null, name: string): string | null {
  if (name === 'agent') return desk.pack.desk.agent.name;
  if (name === 'handOff') return desk.pack.desk.handOff.to;
  if (name === 'abilities') return abilitiesOf(desk);
  if (name === 'cannot') return listed(desk.pack.desk.cannot, 'or');
  return name === 'question' ? (frame?.question ?? '') : null;
}

function inWords(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value))
    return listed(
      value.map(inWords).filter((item) => item !== ''),
      'and',
    );
  return typeof value === 'object' ? '' : String(value);
}
