import { createApp, h } from 'vue'
import Chooser from './Chooser.vue'
import Device from './Device.vue'
import { personOf } from './lib/hosts'
import { lang } from './lib/words'
import './style.css'
import './chat.css'
import './sheets.css'

document.documentElement.lang = lang.value === 'zh' ? 'zh-CN' : 'en'
const name = personOf(location.hostname)
createApp({ render: () => name ? h(Device, { name }) : h(Chooser) }).mount('#app')
