/**
 * For Node, in every process that serves for hours. Left alone, V8 lets what is newly made take 64 MiB and more before it looks
 * what of it is needed, keeps the pages that it empties, and so grows for as long as people talk. Nothing here makes so
 * much at once that it would be quicker for it.
 */
export const NODE_ARGUMENTS: readonly string[] = ['--max-semi-space-size=4'];

/**
 * The same for what is not V8's: left alone, glibc gives each thread memory of its own, and keeps what every one of them has
 * let go. Elsewhere it means nothing.
 */
export const NODE_ENVIRONMENT = { MALLOC_ARENA_MAX: '2' } as const;
