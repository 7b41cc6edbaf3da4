import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Built into the product's own folder, which the daemon serves at `/`. */
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: '../ringmaster/web/app',
    emptyOutDir: true,
    target: 'es2023',
    // Small files would become data: addresses, which the page's own policy forbids for scripts and fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
