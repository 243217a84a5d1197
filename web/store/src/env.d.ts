/// <reference types="vite/client" />
import type { Boot } from '@shared/api'

declare module '*.vue' {
  import type { DefineComponent } from 'vue'
  const component: DefineComponent<object, object, unknown>
  export default component
}

export interface Bridge {
  invoke(name: string, args: object, done: (answer: { err_msg: string } & Record<string, string>) => void): void
}
export interface JsSdk {
  config(options: object): void
  ready(done: () => void): void
  error(done: (fault: { errMsg: string }) => void): void
  chooseWXPay(options: object): void
  openAddress(options: object): void
  previewImage(options: object): void
  updateAppMessageShareData(options: object): void
  updateTimelineShareData(options: object): void
}
declare global {
  interface Window { __BOOT__?: Boot; WeixinJSBridge?: Bridge; wx?: JsSdk; jWeixin?: JsSdk }
}
