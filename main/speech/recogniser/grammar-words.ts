/** The words of a JSGF grammar: everything that is not header, rule name, weight, tag, comment or operator. */
export function wordsOfJsgf(jsgf: string): string[] {
  const bare = jsgf
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/\/\/[^\n]*/g, ' ')
    .replace(/^\s*#JSGF[^\n]*/m, ' ')
    .replace(/^\s*(grammar|import)\b[^;]*;/gm, ' ')
    .replace(/\bpublic\s+(?=<)/g, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\{[^}]*\}/g, ' ')
    .replace(/\/[\d.eE+-]+\//g, ' ');
  return [...new Set(bare.split(/[\s()[\]|;=*+"]+/).filter((word) => word !== ''))];
}
