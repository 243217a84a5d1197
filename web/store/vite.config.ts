// uni-app builds the H5 store and, from the same pages, the mini program.
import uniPkg from '@dcloudio/vite-plugin-uni'
import { defineConfig } from 'vite'
import { noBeacon } from './beacon'
import { preloadHome } from './preload'

// The package is CommonJS: under "type": "module" its function arrives inside `default`.
const uni = ((uniPkg as unknown as { default?: typeof uniPkg }).default ?? uniPkg) as typeof uniPkg

export default defineConfig({
  plugins: [uni(), noBeacon(), preloadHome()],
  resolve: { alias: { '@shared': decodeURIComponent(new URL('../shared', import.meta.url).pathname) } },
  server: { host: '127.0.0.1' },
})
