import { counted, decimal } from './say.ts';

type Unit = readonly [one: string, many: string];
const UNITS: Readonly<Record<string, Unit>> = {
  kg: ['kilogram', 'kilograms'],
  g: ['gram', 'grams'],
  mg: ['milligram', 'milligrams'],
  mcg: ['microgram', 'micrograms'],
  µg: ['microgram', 'micrograms'],
  μg: ['microgram', 'micrograms'],
  L: ['liter', 'liters'],
  l: ['liter', 'liters'],
  dL: ['deciliter', 'deciliters'],
  dl: ['deciliter', 'deciliters'],
  mL: ['milliliter', 'milliliters'],
  ml: ['milliliter', 'milliliters'],
  mmol: ['millimole', 'millimoles'],
  km: ['kilometer', 'kilometers'],
  m: ['meter', 'meters'],
  cm: ['centimeter', 'centimeters'],
  mm: ['millimeter', 'millimeters'],
  mi: ['mile', 'miles'],
  ft: ['foot', 'feet'],
  yd: ['yard', 'yards'],
  lb: ['pound', 'pounds'],
  lbs: ['pound', 'pounds'],
  oz: ['ounce', 'ounces'],
  '°C': ['degree Celsius', 'degrees Celsius'],
  '°F': ['degree Fahrenheit', 'degrees Fahrenheit'],
  '°': ['degree', 'degrees'],
  mph: ['mile per hour', 'miles per hour'],
  kph: ['kilometer per hour', 'kilometers per hour'],
  mmHg: ['millimeter of mercury', 'millimeters of mercury'],
  bpm: ['beat per minute', 'beats per minute'],
  Hz: ['hertz', 'hertz'],
  kHz: ['kilohertz', 'kilohertz'],
  MHz: ['megahertz', 'megahertz'],
  GHz: ['gigahertz', 'gigahertz'],
  W: ['watt', 'watts'],
  kW: ['kilowatt', 'kilowatts'],
  kWh: ['kilowatt hour', 'kilowatt hours'],
  V: ['volt', 'volts'],
  KB: ['kilobyte', 'kilobytes'],
  MB: ['megabyte', 'megabytes'],
  GB: ['gigabyte', 'gigabytes'],
  TB: ['terabyte', 'terabytes'],
  ms: ['millisecond', 'milliseconds'],
  s: ['second', 'seconds'],
  sec: ['second', 'seconds'],
  secs: ['second', 'seconds'],
  min: ['minute', 'minutes'],
  mins: ['minute', 'minutes'],
  h: ['hour', 'hours'],
  hr: ['hour', 'hours'],
  hrs: ['hour', 'hours'],
  yr: ['year', 'years'],
  yrs: ['year', 'years'],
  mo: ['month', 'months'],
  wk: ['week', 'weeks'],
  wks: ['week', 'weeks'],
  'sq ft': ['square foot', 'square feet'],
  'km²': ['square kilometer', 'square kilometers'],
  'm²': ['square meter', 'square meters'],
  'm³': ['cubic meter', 'cubic meters'],
};
const NAMES = Object.keys(UNITS)
  .sort((a, b) => b.length - a.length)
  .join('|');
/** A lone s may be anything ("4s") and counts as a unit only in "m/s". */
const NUMBER = String.raw`(?<![\w.,$])(-)?(\d[\d,]*)?(?:\.(\d+))?`;
const MEASURE = new RegExp(
  String.raw`${NUMBER}(?<=\d)(\s?-?)(${NAMES})(?:\/(${NAMES}|day|dose))?\.?(?![\w²³/])`,
  'g',
);
const PERCENT = new RegExp(String.raw`${NUMBER}(?<=\d)\s?(%|‰)`, 'g');
const MEASURE_SPAN = new RegExp(String.raw`(\d)\s?[-–—]\s?(?=\d[\d.,]*\s?(?:${NAMES})\b)`, 'g');
const FEET = /\b(\d+)\s?(?:ft|'|′)\.?\s?(\d{1,2})\s?(?:in\b\.?|"|″)/g;
const PERCENT_SPAN = /(\d)\s?%?\s?[-–—]\s?(?=\d[\d.]*\s?%)/g;
const PRESSURE =
  /\b(\d{2,3})\/(\d{2,3})(?=\s?mmHg)|\b(blood pressure|BP)((?:\s+(?:is|was|of|at))?\s+)(\d{2,3})\/(\d{2,3})\b/g;

/** Measures, temperatures, percentages, blood pressures. */
export function units(text: string): string {
  return text
    .replace(PRESSURE, (_, above, below, name, link, high, low) =>
      name === undefined ? `${above} over ${below}` : `${name}${link}${high} over ${low}`,
    )
    .replace(PERCENT_SPAN, '$1 to ')
    .replace(MEASURE_SPAN, '$1 to ')
    .replace(FEET, '$1 feet $2 inches')
    .replace(
      PERCENT,
      (_, minus, whole, fraction, sign) =>
        `${signed(minus, whole, fraction)} ${sign === '%' ? 'percent' : 'per mille'}`,
    )
    .replace(
      MEASURE,
      (
        all: string,
        minus,
        whole,
        fraction,
        gap: string,
        unit: string,
        per: string | undefined,
        at: number,
        line: string,
      ) => {
        const named = UNITS[unit];
        if (!named || (unit === 's' && per === undefined)) return all;
        const number = signed(minus, whole, fraction);
        const ends = all.endsWith('.') && line.slice(at + all.length).trim() === '';
        const below = per === undefined ? '' : ` per ${UNITS[per]?.[0] ?? per}`;
        // "a 4-kg bag"
        if (gap.endsWith('-')) return `${number} ${named[0]}${below}`;
        return `${counted(number, named[0], named[1])}${below}${ends ? '.' : ''}`;
      },
    );
}

function signed(minus: string | undefined, whole = '', fraction = ''): string {
  return `${minus === undefined ? '' : 'minus '}${decimal(whole, fraction)}`;
}
