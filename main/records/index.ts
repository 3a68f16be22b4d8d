/**
 * Records: conversations as kept: turns (masked before they come here), tool calls, disclosures given, and who read
 * what and why. Every write is durable when the call returns and stands in one transaction with its audit entry.
 */
export type * from './contract.ts';
export { openRecords } from './records.ts';
