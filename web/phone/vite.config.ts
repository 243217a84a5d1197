import { copyFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'
import vue from '@vitejs/plugin-vue'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** WeChat's own JS-SDK file goes out as it is, with its license; the simulator puts the bridge before it. */
const jssdk: Plugin = {
  name: 'jssdk',
  writeBundle() {
    copyFileSync(here('node_modules/weixin-js-sdk/index.js'), here('dist/jweixin.js'))
    copyFileSync(here('node_modules/weixin-js-sdk/LICENSE'), here('dist/jweixin.LICENSE'))
  },
}

export default defineConfig({
  base: '/phone/',
  plugins: [vue(), jssdk],
  resolve: { alias: { '@shared': here('../shared') } },
  build: { target: 'es2022', reportCompressedSize: false, chunkSizeWarningLimit: 600 },
})
