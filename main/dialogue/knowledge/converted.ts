import { z } from 'zod';

/** What a file of another format became. */
export const convertedSchema = z.strictObject({
  title: z.string().nullable(),
  /** Further words under which it is to be found. */
  also: z.string(),
  /** Markdown; `<!-- page 3 -->` on a line of its own where a page of paper begins. */
  markdown: z.string(),
});
export type ConvertedPage = z.infer<typeof convertedSchema>;

/** Why a file was refused: fit for the person who writes the pack. */
export const refusedSchema = z.strictObject({ message: z.string(), remedy: z.string() });
export type Refused = z.infer<typeof refusedSchema>;

/** Thrown by a converter; the worker answers with it. */
export class PageRefused extends Error {
  readonly remedy: string;
  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}

/** The mark in Markdown of where a page of paper begins. */
export const PAGE_MARK = /^<!-- page (\d{1,5}) -->$/;
