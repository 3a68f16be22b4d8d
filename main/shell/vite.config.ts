import { join } from 'node:path';
import { defineConfig } from 'vite';

/**
 * Bundles the shell: `vite build -c main/shell/vite.config.ts` makes dist/shell/main.js, and with
 * `--mode preload` dist/shell/preload.cjs (a sandboxed preload is one CommonJS file).
 */
export default defineConfig(({ mode }) => {
  const preload = mode === 'preload';
  return {
    root: import.meta.dirname,
    publicDir: false,
    ssr: { noExternal: true, external: ['electron'] },
    build: {
      ssr: true,
      target: 'node24',
      outDir: join(import.meta.dirname, '../../dist/shell'),
      emptyOutDir: false,
      minify: false,
      reportCompressedSize: false,
      rollupOptions: {
        input: join(import.meta.dirname, preload ? 'preload.ts' : 'main.ts'),
        external: ['electron', /^node:/],
        output: {
          format: preload ? 'cjs' : 'es',
          entryFileNames: preload ? 'preload.cjs' : 'main.js',
        },
      },
    },
  };
});
