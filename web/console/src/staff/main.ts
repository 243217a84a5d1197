import { createApp } from 'vue'
import StaffApp from './StaffApp.vue'
import '../style/tokens.css'
import './staff.css'

createApp(StaffApp).mount('#app')
