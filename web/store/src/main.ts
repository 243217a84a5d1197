import { createSSRApp } from 'vue'
import App from './App.vue'
import { takeTicket } from './lib/session'

// Before the router reads the address: the ticket must leave it, else a shared link would carry somebody's log-in.
takeTicket()

export function createApp() {
  return { app: createSSRApp(App) }
}
