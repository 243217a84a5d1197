// The phone's end of the bridge: pages in the browser's frame say hello, each with a channel of its own.

export interface Where { href: string; title: string; back: boolean }
export interface Asked { name: string; args: Record<string, any>; page: Where }
export type Answer = Record<string, unknown> & { err_msg: string }

type Said =
  | { kind: 'invoke'; id: number; name: string; args: Record<string, any>; page: Where }
  | { kind: 'on'; name: string; page: Where }
  | { kind: 'page'; page: Where }
  | { kind: 'gone' }

interface Hooks {
  /** A new page has loaded and speaks. */
  arrived: () => void
  /** The page was left; what comes next may not speak. */
  gone: () => void
  /** The page moved, or changed its title. */
  moved: (page: Where) => void
  invoke: (asked: Asked) => Promise<Answer>
}

export class Bridge {
  private port: MessagePort | null = null
  private origin = ''
  readonly listens = new Set<string>()

  constructor(private readonly frame: HTMLIFrameElement, private readonly hooks: Hooks) {
    window.addEventListener('message', this.greeted)
  }

  close(): void {
    window.removeEventListener('message', this.greeted)
    this.port?.close()
  }

  get connected(): boolean { return this.port !== null }

  emit(name: string, args: Record<string, unknown> = {}): void { this.port?.postMessage({ kind: 'emit', name, args }) }
  back(): void { this.port?.postMessage({ kind: 'back' }) }
  reload(): void { this.port?.postMessage({ kind: 'reload' }) }
  /** Forget the page: another one is being loaded. */
  forget(): void {
    this.port?.close()
    this.port = null
    this.listens.clear()
  }

  private greeted = (event: MessageEvent): void => {
    if (event.source !== this.frame.contentWindow || event.data?.wxsandbox !== 'hello' || !event.ports[0]) return
    this.forget()
    this.origin = event.origin
    this.port = event.ports[0]
    this.port.onmessage = (said) => void this.heard(said.data as Said)
    this.hooks.arrived()
    this.place(event.data.page)
  }

  /** Take a page's word for where it is only as far as the browser vouches for its origin. */
  private place(page: Where | undefined): Where | null {
    if (!page || !URL.canParse(page.href) || new URL(page.href).origin !== this.origin) return null
    this.hooks.moved(page)
    return page
  }

  private async heard(said: Said): Promise<void> {
    const port = this.port
    if (said.kind === 'gone') {
      this.forget()
      this.hooks.gone()
      return
    }
    const page = this.place(said.page)
    if (!page) return
    if (said.kind === 'on') this.listens.add(said.name)
    if (said.kind === 'invoke') {
      const result = await this.hooks.invoke({ name: said.name, args: said.args, page })
      port?.postMessage({ kind: 'result', id: said.id, result })
    }
  }
}
