// uni-app's runtime reports to its maker: the mini program sends the shop's appid, hidden in the path of an image, three
// seconds after start, and the H5 styles fetch shadows from its CDN. Take both out, and refuse to build if any is left.
import type { Plugin } from 'vite'

const REPORT = /\(?!?function\(\)\{(?:const \w+=[^;]*;)?if\(\w+\(wx\.preloadAssets\)\)[\s\S]*?\},3e3\)\}\}\(\)\)?[,;]?/
const SHADOW_STRING = /(['"])https:\/\/cdn\.dcloud\.net\.cn\/img\/[\w-]+\.png\1/g
const SHADOW_URL = /url\((['"]?)https:\/\/cdn\.dcloud\.net\.cn[^)]*\)/g
const LEFT = /preloadAssets|dcloud\.net\.cn\/img/

export function noBeacon(): Plugin {
  return {
    name: 'no-beacon',
    enforce: 'post',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === 'chunk') file.code = file.code.replace(REPORT, '').replace(SHADOW_STRING, '""')
        else if (typeof file.source === 'string' && file.fileName.endsWith('.css')) file.source = file.source.replace(SHADOW_URL, 'none')
        const text = file.type === 'chunk' ? file.code : String(file.source)
        if (LEFT.test(text)) this.error(`the beacon is left in ${file.fileName}`)
      }
    },
  }
}
