/** Words longer than anybody says are no words. */
const LONGEST_WORD = 40;

/**
 * Words from outside, before a model sees them: letters, digits and the marks that people speak with. No brackets,
 * bars or quotes are left, so that nothing in them can end the quotation or look like a model's own marks
 * (`<|im_start|>`, `[INST]`), which servers on the LAN would take for them.
 */
export function harmlessWords(text: string, most: number): readonly string[] {
  return text
    .normalize('NFKC')
    .replaceAll(/[’‘]/g, "'")
    .replaceAll(/[^\p{L}\p{N}\s.,?!'$€£%:/@+&-]/gu, ' ')
    .split(/\s+/)
    .filter((word) => word !== '' && word.length <= LONGEST_WORD)
    .slice(0, most);
}

export function harmless(text: string, most: number): string {
  return harmlessWords(text, most).join(' ');
}
