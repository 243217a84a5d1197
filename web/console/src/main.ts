import { createApp } from 'vue'
import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import App from './App.vue'
import { ApiError } from './api/http'
import { router } from './router'
import './style/tokens.css'
import './style/element.css'
import './style/page.css'

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // A refusal will not change by asking again; a broken line may.
      retry: (count, error) => !(error instanceof ApiError && error.status >= 400 && error.status < 500) && count < 1,
      refetchOnWindowFocus: true,
    },
  },
})

createApp(App).use(router).use(VueQueryPlugin, { queryClient: client }).mount('#app')
