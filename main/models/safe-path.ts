/** What Windows takes for a device, with any extension. Packs are carried between systems. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(\.|$)/i;
/** Printable ASCII without separators, wildcards, drive letters and streams. */
const SEGMENT = /^[A-Za-z0-9 !#$%&'()+,\-.;=@[\]^_`{}~]{1,100}$/;
const LONGEST = 200;
const DEEPEST = 12;

/** Why a path may not stand in a pack, or null: relative, of plain segments, the same on every file system. */
export function unsafePath(path: string): string | null {
  if (path.length === 0 || path.length > LONGEST) return 'has no usable length';
  if (path.startsWith('/')) return 'is absolute';
  const segments = path.split('/');
  if (segments.length > DEEPEST) return 'is too deep';
  for (const segment of segments) {
    if (segment === '..' || segment === '.' || segment === '') return 'leaves its folder';
    if (!SEGMENT.test(segment)) return 'has characters that are not the same everywhere';
    if (/[ .]$|^ /.test(segment)) return 'has a name that begins with a space or ends with a dot or space';
    if (RESERVED.test(segment)) return 'has a name that Windows keeps for a device';
  }
  return null;
}

/**
 * Two paths of a set that some file system would take for one, or of which one would have to be both a file and a
 * folder; or null.
 */
export function collision(paths: readonly string[]): readonly [string, string] | null {
  const files = new Map<string, string>();
  for (const path of paths) {
    const folded = path.toLowerCase();
    const other = files.get(folded);
    if (other !== undefined) return [other, path];
    files.set(folded, path);
  }
  const folders = new Map<string, string>();
  for (const path of paths) {
    const segments = path.split('/');
    for (let depth = 1; depth < segments.length; depth += 1) {
      const folder = segments.slice(0, depth).join('/');
      const folded = folder.toLowerCase();
      const file = files.get(folded);
      if (file !== undefined) return [file, path];
      const spelled = folders.get(folded);
      if (spelled !== undefined && spelled !== folder) return [spelled, path];
      folders.set(folded, folder);
    }
  }
  return null;
}
