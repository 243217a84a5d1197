/** The rich text of an article: only what WeChat keeps, pictures by their id in the library. */
import { Editor } from '@tiptap/core'
import Image from '@tiptap/extension-image'
import TextAlign from '@tiptap/extension-text-align'
import StarterKit from '@tiptap/starter-kit'

const file = (id: string) => `/api/console/materials/${id}/file`

const Picture = Image.extend({
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

interface Options {
  element: HTMLElement
  body: string
  label: string
  changed: (body: string) => void
  moved: () => void
  files: (files: File[]) => void
}

export function makeEditor({ element, body, label, changed, moved, files }: Options) {
  const pictures = (list: FileList | undefined | null) => [...(list ?? [])].filter((one) => one.type.startsWith('image/'))
  return new Editor({
    element,
    content: body,
    extensions: [
      StarterKit.configure({ heading: { levels: [2, 3] }, code: false, codeBlock: false, link: { openOnClick: false, protocols: ['http', 'https'] } }),
      TextAlign.configure({ types: ['heading', 'paragraph'] }),
      Picture,
    ],
    editorProps: {
      attributes: { role: 'textbox', 'aria-multiline': 'true', 'aria-label': label },
      handlePaste: (_, event) => {
        const found = pictures(event.clipboardData?.files)
        if (found.length) files(found)
        return found.length > 0
      },
      handleDrop: (_, event) => {
        const found = pictures((event as DragEvent).dataTransfer?.files)
        if (found.length) files(found)
        return found.length > 0
      },
    },
    onUpdate: ({ editor }) => changed(editor.isEmpty ? '' : editor.getHTML()),
    onTransaction: moved,
  })
}

/** Put a picture where the cursor is; who cannot see it hears the file's name. */
export function insertPicture(editor: Editor, one: { id: string; name: string }) {
  const alt = one.name.replace(/\.[^.]+$/, '')
  editor.chain().focus().insertContent({ type: 'image', attrs: { material: one.id, src: file(one.id), alt } }).run()
}
export type { Editor }
