import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const backend = process.env.TONGSHANG_BACKEND ?? 'http://127.0.0.1:8000'

// The assets live under /static/console/, the pages under /console/ and /staff/.
export default defineConfig({
  base: '/static/console/',
  plugins: [
    vue(),
    Components({ dirs: [], resolvers: [ElementPlusResolver({ importStyle: 'css' })], dts: 'src/components.d.ts' }),
  ],
  resolve: { alias: { '@': here('./src'), '@shared': here('../shared') } },
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 900,
    reportCompressedSize: false,
    rollupOptions: { input: { console: here('./index.html'), staff: here('./staff.html') } },
  },
  server: { proxy: { '/api': backend, '/media': backend } },
})
