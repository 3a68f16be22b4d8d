/** `{name}` or `{name.field}` in a wording. */
const PLACEHOLDER = /\{([^{}]*)\}/g;

/** The names in braces, as paths: `{result.balance}` is `['result', 'balance']`. */
export function placeholdersOf(text: string): readonly (readonly string[])[] {
  return [...text.matchAll(PLACEHOLDER)].map((match) => (match[1] ?? '').trim().split('.'));
}

/** Fills every placeholder; `fill` gives the words for a path. */
export function fillTemplate(text: string, fill: (path: readonly string[]) => string): string {
  return text
    .replace(PLACEHOLDER, (_, inner: string) => fill(inner.trim().split('.')))
    .replace(/\s+/g, ' ')
    .trim();
}

/** The path when the text is one placeholder and nothing else, null otherwise. */
export function wholePlaceholder(text: string): readonly string[] | null {
  const match = /^\{([^{}]+)\}$/.exec(text.trim());
  return match ? (match[1] ?? '').trim().split('.') : null;
}
