import type { InventorySection } from './inventory/datum.ts';
import { safeguards, tools } from './inventory/doings.ts';
import { evidence, files, keys } from './inventory/house.ts';
import { conversation, members, subjects } from './inventory/people.ts';

export type { Datum, InventorySection, Place } from './inventory/datum.ts';

/**
 * Every datum that Sotto holds: where it lies, what protects it, who sees it and for how long. docs/data-flow.md is written
 * from this list (`node test/appliance/write-data-flow.ts`), and test/appliance/data-flow.test.ts holds the list to the
 * schema of a new vault, the files of a running appliance, the roles of the api's contract and the rules of retention. A new
 * table, column, setting, secret or kind of file is one more entry in `inventory/`, or one more name in an entry.
 */
export const INVENTORY: readonly InventorySection[] = [
  conversation,
  subjects,
  members,
  tools,
  safeguards,
  evidence,
  keys,
  files,
];
