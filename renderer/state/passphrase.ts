/** Shortest passphrase that the appliance takes (contract: `setup.complete`). */
export const SHORTEST_PASSPHRASE = 12;

export interface Judgement {
  /** 0 none, 1 too short, 2 weak, 3 fair, 4 strong. */
  readonly grade: 0 | 1 | 2 | 3 | 4;
  readonly advice: string;
}

const COMMON = /pass(word|phrase|wort)|qwert|letmein|welcome|admin|123456|sotto|abcdef/gi;

/**
 * A rough judgement, on length above all as NIST SP 800-63B advises: characters that repeat, common runs and words that
 * anyone here would try first (`known`: site name, user name) count for little.
 */
export function judgePassphrase(passphrase: string, known: readonly string[] = []): Judgement {
  if (passphrase === '')
    return { grade: 0, advice: `At least ${SHORTEST_PASSPHRASE} characters. Four unrelated words are good.` };
  if (passphrase.length < SHORTEST_PASSPHRASE) {
    const missing = SHORTEST_PASSPHRASE - passphrase.length;
    return { grade: 1, advice: `${missing} more ${missing === 1 ? 'character' : 'characters'} at least.` };
  }
  const worth = worthOf(passphrase, known);
  if (worth < 10)
    return { grade: 2, advice: 'Easy to guess: it repeats itself, or uses a name or word known here.' };
  if (worth < 18) return { grade: 3, advice: 'Fair. One more unrelated word would make it strong.' };
  return { grade: 4, advice: 'Strong.' };
}

/** Characters that tell an attacker something new. */
function worthOf(passphrase: string, known: readonly string[]): number {
  let rest = passphrase.toLowerCase().replaceAll(COMMON, ' ');
  for (const word of known.flatMap((text) => text.toLowerCase().split(/[\s._-]+/)))
    if (word.length >= 3) rest = rest.replaceAll(word, ' ');
  const letters = rest.replaceAll(/\s+/g, '');
  const collapsed = letters.replaceAll(/(.{1,4})\1+/g, '$1');
  const distinct = new Set(collapsed).size;
  return Math.min(collapsed.length, distinct * 2);
}
