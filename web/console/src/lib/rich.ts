/** Rich text: the editor both articles and goods use; what a picture is, each says for itself. */
import { Editor, type AnyExtension } from '@tiptap/core'
import TextAlign from '@tiptap/extension-text-align'
import StarterKit from '@tiptap/starter-kit'

export interface RichOptions {
  element: HTMLElement
  body: string
  label: string
  picture: AnyExtension
  changed: (body: string) => void
  moved: () => void
  files: (files: File[]) => void
}

export function makeEditor({ element, body, label, picture, changed, moved, files }: RichOptions) {
  const pictures = (list: FileList | undefined | null) => [...(list ?? [])].filter((one) => one.type.startsWith('image/'))
  const taken = (list: FileList | undefined | null) => {
    const found = pictures(list)
    if (found.length) files(found)
    return found.length > 0
  }
  return new Editor({
    element,
    content: body,
    extensions: [
      StarterKit.configure({ heading: { levels: [2, 3] }, code: false, codeBlock: false, link: { openOnClick: false, protocols: ['http', 'https'] } }),
      TextAlign.configure({ types: ['heading', 'paragraph'] }),
      picture,
    ],
    editorProps: {
      attributes: { role: 'textbox', 'aria-multiline': 'true', 'aria-label': label },
      handlePaste: (_, event) => taken(event.clipboardData?.files),
      handleDrop: (_, event) => taken((event as DragEvent).dataTransfer?.files),
    },
    onUpdate: ({ editor }) => changed(editor.isEmpty ? '' : editor.getHTML()),
    onTransaction: moved,
  })
}
export type { Editor }
