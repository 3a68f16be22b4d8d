/** Whether a text, in small letters, holds the name of a tool that nobody would say by chance: `transfer_money`. */
export function namesTool(text: string, tool: string): boolean {
  return /[_-]|[a-z][A-Z]/.test(tool) && text.includes(tool.toLowerCase());
}
