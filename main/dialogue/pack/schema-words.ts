/** The smallest parts of the pack's format: names, words, wordings and phrases. */
import { z } from 'zod';

export const name = z
  .string()
  .regex(/^[a-z][a-zA-Z0-9_]*$/, 'a name starts with a small letter and has letters, digits and _ only');
export const folderName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'an id has small letters, digits and hyphens only');
export const words = z.string().trim().min(1);
/** One wording, or several of which one is chosen. `{slot}` and `{result.field}` are filled in. */
export const wording = z.union([words, z.array(words).min(1)]);
/** Words, `[optional]`, `(one|another)`, `<list>`, `{slot}`, `(…)*`, `(…)+`, weights `(/3/ one|another)`. */
export const phrase = words;
/** How many times something is asked. */
export const tries = z.number().int().min(1).max(9);
export const languageTag = z
  .string()
  .regex(/^[a-z]{2,3}-[A-Z]{2}$/, 'a language is written as en-US or es-US');
