/**
 * Words that bind the house: guarantees, money that will be given back, what will have happened by when, that all will be well.
 * Every repetition is bounded; they run over small letters.
 */
const WHO = '(?:i|we|the (?:bank|branch|clinic|doctor|insurance|office|company)|they)';
const WILL = "(?:will|shall|'ll|can|are going to|am going to|is going to|would)";
const GIVES =
  '(?:refund|reimburse|compensate|repay|waive|credit|cover|pay (?:you|for|back|it)|give you (?:back|your money|a refund|a discount)|return your money|approve|accept your claim|match (?:it|that|any)|lower your|raise your limit)';
const WHEN =
  '(?:by|before|within|no later than|at the latest|in (?:a|an|one|two|three|four|five|six|seven|\\d{1,3}) (?:\\w{1,12} )?(?:minutes?|hours?|days?|weeks?|months?)|today|tonight|tomorrow|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|this (?:week|month|afternoon|evening)|next (?:week|month))';

const PROMISES: readonly RegExp[] = [
  /\b(?:guarantee[sd]?|guaranteed|pledge|vow|i swear|you have my word|my word on it|rest assured|without fail|no matter what|risk[- ]free)\b/,
  /\b(?:i|we) (?:\w{1,12} )?(?:promise|assure you|commit to)\b|\bi can (?:promise|assure)\b/,
  new RegExp(`\\b${WHO} ?${WILL} (?:\\w{1,12} ){0,2}${GIVES}`),
  /\byou(?: will|'ll| shall| are going to) (?:\w{1,12} )?(?:be (?:\w{1,12} )?(?:refunded|reimbursed|compensated|repaid|credited|paid|approved|accepted|covered)|get (?:\w{1,12} ){0,3}(?:refund|back|money|discount|compensation))/,
  new RegExp(
    `\\b(?:you(?: will|'ll| shall| are going to)|your [\\w ]{1,30} will|it(?: will|'ll)|we(?: will|'ll| are going to)|will) [^.!?]{0,80}?\\b(?:get|receive|have|hear|reach|arrive|be (?:\\w{1,12} )?(?:there|ready|done|fixed|sent|delivered|processed|resolved|returned)|send|deliver|fix|resolve|call)\\b[^.!?]{0,60}?\\b${WHEN}`,
  ),
  /\b(?:refund|money|fee|charge|claim|loan|mortgage|request|application)s? (?:will|is going to|shall) (?:\w{1,12} )?be (?:\w{1,12} )?(?:refunded|returned|waived|approved|paid|accepted|granted|reversed)\b/,
  /\byou(?: will|'ll| are going to) be (?:fine|okay|ok|cured|healthy|well again|better soon|all right)\b|\b(?:nothing (?:bad )?will happen|it(?: is|'s) (?:completely|perfectly|absolutely) safe|there is no risk|will cure)\b/,
];

/** Whether a text promises something in the name of the house. */
export function promises(text: string): boolean {
  const plain = text.toLowerCase().replace(/[’]/g, "'").replace(/\s+/g, ' ');
  return PROMISES.some((pattern) => pattern.test(plain));
}
