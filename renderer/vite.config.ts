import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Everything comes from the appliance itself: no inlined assets, no source maps, no polyfills that need `eval`. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome128',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
