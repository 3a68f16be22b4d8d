/**
 * For Node, in every process that serves for hours. Left alone, V8 lets what is newly made take 64 MiB and more before it looks
 * what of it is needed, keeps the pages that it empties, and so grows for as long as people talk. And it writes machine code
 * for whatever runs now and then, which goes on for hours: what runs often gets it all the same, and nothing here was
 * measured to be slower for it (docs/decisions/0031-memory-that-stays-where-it-is.md).
 */
export const NODE_ARGUMENTS: readonly string[] = ['--max-semi-space-size=4', '--no-sparkplug', '--no-maglev'];

/**
 * The same for what is not V8's: left alone, glibc gives each thread memory of its own, and keeps what every one of them has
 * let go; the more the larger it was. Elsewhere it means nothing.
 */
export const NODE_ENVIRONMENT = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
} as const;
