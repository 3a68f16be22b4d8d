/** From a slot's declaration to what it does. */
import { SottoError } from '../../../base/index.ts';
import type { SlotDeclaration } from '../../pack/schema.ts';
import { phraseOf } from '../phrase.ts';
import { type Scope, type Slot, scopeOf } from '../scope.ts';
import { amountSlot } from './amount.ts';
import { choiceSlot } from './choice.ts';
import { dateSlot } from './date.ts';
import { digitsSlot } from './digits.ts';
import { phoneSlot } from './phone.ts';
import type { SlotType } from './slot-type.ts';
import { spelledSlot } from './spelled.ts';
import { textSlot } from './text.ts';
import { timeSlot } from './time.ts';
import { yesNoSlot } from './yes-no.ts';

/** `digits` without a count. */
const ANY_DIGITS = { least: 1, most: 20 };

/** @throws SottoError `language/unknown-slot-type`. */
export function compileSlot(
  flow: string,
  name: string,
  declaration: SlotDeclaration,
  currency: string,
  outer: Scope,
): Slot {
  const type = slotType(declaration, currency, outer);
  const shared = declaration.known === undefined ? '' : `-${flow}.${name}`;
  const prefix = `type-${declaration.type.replaceAll(/\W+/g, '')}${shared}`;
  const own = scopeOf([{ prefix, lists: type.rules }]);
  return {
    flow,
    name,
    type,
    optional: declaration.optional,
    kind: declaration.type,
    ownWords: declaration.type === 'choice' || declaration.known !== undefined,
    spoken: type.spoken === null ? null : phraseOf(type.spoken),
    scope: declaration.type === 'choice' ? outer : own,
  };
}

function slotType(declaration: SlotDeclaration, currency: string, outer: Scope): SlotType {
  const digits = /^digits(?:\((\d+)(?:-(\d+))?\))?$/.exec(declaration.type);
  if (digits) {
    const least = digits[1] === undefined ? ANY_DIGITS.least : Number(digits[1]);
    const most = digits[1] === undefined ? ANY_DIGITS.most : Number(digits[2] ?? digits[1]);
    return digitsSlot(least, most);
  }
  switch (declaration.type) {
    case 'amount':
      return amountSlot(currency);
    case 'date':
      return dateSlot;
    case 'time':
      return timeSlot;
    case 'phone':
      return phoneSlot;
    case 'spelled':
      return spelledSlot(declaration.known);
    case 'choice':
      return choiceSlot(declaration.options ?? {}, outer);
    case 'yesNo':
      return yesNoSlot;
    case 'text':
      return textSlot;
    default:
      throw new SottoError('language/unknown-slot-type', `There is no slot type "${declaration.type}".`, {
        remedy: 'Use amount, date, time, phone, digits(n), digits(n-m), spelled, choice, yesNo or text.',
      });
  }
}
