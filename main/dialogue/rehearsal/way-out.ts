import type { Expectation } from '../acts.ts';
import type { CompiledDesk } from '../language/compiled.ts';
import type { PackProblem } from '../pack/pack.ts';

/** What people say who want a person, in words that every desk must take for it at every question. */
const ASKS_FOR_A_PERSON = ['i want to talk to a person', 'get me a human'];
const NOW = Date.UTC(2026, 3, 27, 12);

/** Whatever the desk waits for, whoever asks for a person must get one: no phrase of a pack may hide that. */
export function checkWayOut(desk: CompiledDesk): readonly PackProblem[] {
  return expectationsOf(desk).flatMap((expectation) => {
    const missed = ASKS_FOR_A_PERSON.find(
      (text) =>
        !desk.understand(text, expectation, NOW).commands.some(({ command }) => command === 'handOff'),
    );
    return missed === undefined ? [] : problem(expectation, missed);
  });
}

function expectationsOf({ pack }: CompiledDesk): readonly Expectation[] {
  const asked = Object.values(pack.flows).flatMap(({ flow, slots }): readonly Expectation[] => [
    ...Object.keys(slots).map((slot) => ({ kind: 'slot', flow, slot }) as const),
    { kind: 'yesNo', flow },
  ]);
  return [{ kind: 'open' }, ...asked];
}

function problem(expectation: Expectation, text: string): readonly PackProblem[] {
  const where =
    expectation.kind === 'open'
      ? 'At the beginning'
      : expectation.kind === 'slot'
        ? `When \`${expectation.slot}\` of \`${expectation.flow}\` is asked for`
        : `At a yes or no of \`${expectation.flow}\``;
  return [
    {
      severity: 'error',
      file: 'desk.yaml',
      line: 1,
      column: 1,
      message: `${where}, "${text}" does not get a person.`,
      remedy: 'Change the phrase of a flow, topic or option that says the same.',
    },
  ];
}
