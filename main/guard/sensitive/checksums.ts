/** Checksums name a number; none of them decides whether it is masked. All take digits or capitals without separators. */

/** Payment cards (ISO/IEC 7812-1), and the NPI with its prefix. */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return digits.length > 1 && sum % 10 === 0;
}

/** IBAN (ISO 13616): MOD 97-10 over the rearranged account. */
export function ibanHolds(iban: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(iban)) return false;
  let rest = 0;
  for (const char of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(char, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** ABA routing number: weights 3, 7, 1. */
export function routingHolds(digits: string): boolean {
  return /^\d{9}$/.test(digits) && weighted(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0;
}

/** NHS number: modulus 11 (NHS Data Dictionary). */
export function nhsHolds(digits: string): boolean {
  if (!/^\d{10}$/.test(digits)) return false;
  const check = (11 - (weighted(digits.slice(0, 9), [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  return check === Number(digits[9]);
}

/** National Provider Identifier: Luhn with the prefix 80840 (45 CFR 162.406). */
export function npiHolds(digits: string): boolean {
  return /^[12]\d{9}$/.test(digits) && luhn(`80840${digits}`);
}

/** Medicare Beneficiary Identifier: its fixed pattern of letters and digits (CMS); no S, L, O, I, B, Z. */
export function mbiHolds(value: string): boolean {
  return /^[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d[AC-HJKMNP-RT-Y]{2}\d{2}$/.test(
    value,
  );
}

/** UK National Insurance number: its pattern, and the prefixes that are never given out (HMRC NIM39110). */
export function ninoHolds(value: string): boolean {
  return (
    /^[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]$/.test(value) && !/^(BG|GB|NK|KN|TN|NT|ZZ)/.test(value)
  );
}

/** US social security number: the areas, groups and serials that are given out. */
export function ssnHolds(digits: string): boolean {
  return /^(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}$/.test(digits);
}

function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0);
}
