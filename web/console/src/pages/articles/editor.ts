/** The rich text of an article: only what WeChat keeps, pictures by their id in the library. */
import Image from '@tiptap/extension-image'
import type { Editor } from '@/lib/rich'

const file = (id: string) => `/api/console/materials/${id}/file`

export const Picture = Image.extend({
  addAttributes() {
    return {
      material: {
        default: null,
        parseHTML: (element: HTMLElement) => element.getAttribute('data-material'),
        renderHTML: (given: { material?: string | null }) => (given.material ? { 'data-material': given.material } : {}),
      },
      src: {
        default: null,
        parseHTML: (element: HTMLElement) => {
          const id = element.getAttribute('data-material')
          return id ? file(id) : element.getAttribute('src')
        },
      },
      alt: { default: '' },
    }
  },
  parseHTML() {
    // Pictures that lie elsewhere are not kept, by WeChat as little as by us.
    return [{ tag: 'img[data-material]' }, { tag: 'img[src*="mmbiz.qpic.cn"]' }]
  },
})

/** Put a picture where the cursor is; who cannot see it hears the file's name. */
export function insertPicture(editor: Editor, one: { id: string; name: string }) {
  const alt = one.name.replace(/\.[^.]+$/, '')
  editor.chain().focus().insertContent({ type: 'image', attrs: { material: one.id, src: file(one.id), alt } }).run()
}
