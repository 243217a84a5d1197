// Pages are chunks of their own. Name the home page's in index.html, so that they come beside the first script, not after it.
import type { Plugin } from 'vite'

export function preloadHome(): Plugin {
  let base = '/'
  return {
    name: 'preload-home',
    enforce: 'post',
    configResolved(config) { base = config.base },
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle }) {
        const files = Object.values(bundle ?? {})
        const home = files.find((file) => file.fileName.includes('pages-index-index'))
        if (!home || home.type !== 'chunk') return html
        const wanted = [home.fileName, ...home.imports].filter((name) => !html.includes(name))
        return wanted.map((name) => ({ tag: 'link', attrs: { rel: 'modulepreload', crossorigin: true, href: base + name }, injectTo: 'head' as const }))
      },
    },
  }
}
