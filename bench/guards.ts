import { maskSensitive, screenTranscript } from '../main/guard/index.ts';
import { attackTable, harmlessTable, speedTable } from './guard/attacks.ts';
import { personalDataTable, samplesOf } from './guard/personal-data.ts';
import { spokenNumbersTable } from './guard/spoken-numbers.ts';
import { spokenTypesTable } from './guard/spoken-types.ts';

/** What the guards find, and what they find wrongly: on public sets, each cut in two by a hash. */
export async function benchGuards(): Promise<string> {
  return [
    '### Personal data',
    '',
    'presidio-synth-v2, word by word. Only the reporting half counts: its sentence templates were not seen while the',
    'recognisers were written. Precision: of the words masked as this type, those that the file labels so; recall: of the',
    'words that the file labels so, those masked as anything; named right: masked as this type. WHOLE_DATE are the',
    "DATE_TIME values with day, month and year (masked as birth dates when past). The file's GPE, ORGANIZATION, NRP, TITLE,",
    'AGE, DOMAIN_NAME and other DATE_TIME are not looked for: a desk keeps them; they count in the last row all the same.',
    'Presidio’s published figures, over its own choice of types: vanilla P .685 R .603, tuned P .870 R .839.',
    '',
    'Reporting half',
    '',
    personalDataTable(samplesOf('reporting')),
    '',
    'Tuning half',
    '',
    personalDataTable(samplesOf('tuning')),
    '',
    '### Spoken numbers',
    '',
    'NeMo-text-processing, written and spoken; the whole of it was seen while the reader of digits was written.',
    '',
    spokenNumbersTable(),
    '',
    'Values of each type, made by its rules, in the sentences in which people tell them, with doubles, pairs, hesitations and',
    'corrections. Held out: other values (another seed) than those that the recognisers were mended with, the same sentences.',
    'Right: nothing of the value is left. The type of a bare number is a guess where no word tells it.',
    '',
    spokenTypesTable(),
    '',
    '### Attacks in words',
    '',
    'The transcript screen alone, one text at a time. “Ordinary questions and tasks” of bipia ask nothing of the agent but an',
    'answer (“What is the capital of Brazil?”): no screen of words can tell them from a question; they end as out of scope.',
    '',
    'All thirty texts of system-prompt-extraction and all of bipia had been read before they were cut in two.',
    '',
    attackTable(),
    '',
    harmlessTable(),
    '',
    '### Time',
    '',
    speedTable({
      'transcript screen': (text) => screenTranscript(text),
      mask: (text) => maskSensitive(text),
    }),
  ].join('\n');
}
