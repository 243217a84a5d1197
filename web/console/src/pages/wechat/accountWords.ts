import { words, type Pair } from '@/lib/words'
export const t = words({
  title: ['以 AppSecret 接入', 'Connect by secret'], hint: ['不经过第三方平台，直接使用公众号自己的 AppID 与 AppSecret', 'Without the platform: with the account’s own AppID and secret'], link: ['以 AppSecret 接入', 'By secret'], back: ['账号授权', 'WeChat account'],
  keys: ['一、填写公众号密钥', '1. The account’s keys'], keysText: ['在微信公众平台“设置与开发 - 开发接口管理”里查看。AppSecret 保存后不再显示；再次填写即为更换。', 'From mp.weixin.qq.com, Development. The secret is never shown again; entering it anew replaces it.'], secret: ['AppSecret', 'AppSecret'], mode: ['消息加解密方式', 'Message mode'], modeHint: ['建议安全模式；明文模式的消息内容不受签名保护。', 'Safe is best; in plain mode the words are not covered by the signature.'],
  safe: ['安全模式', 'Safe'], compatible: ['兼容模式', 'Compatible'], plain: ['明文模式', 'Plain'], connect: ['连接', 'Connect'], connected: ['已连接', 'Connected'],
  copy: ['二、复制到微信公众平台', '2. Copy into mp.weixin.qq.com'], copyText: ['打开“服务器配置”，逐项粘贴后提交并启用。Token 与密钥只显示这一次。', 'Open the server setting, paste each, submit and turn it on. Token and key are shown this once.'], url: ['服务器地址 URL', 'URL'], token: ['Token', 'Token'], aes: ['EncodingAESKey', 'EncodingAESKey'], hidden: ['Token 与密钥已保存，不再显示；需要时请更换。', 'Token and key are stored and not shown again; make new ones if you need to.'], rotate: ['更换 EncodingAESKey', 'New EncodingAESKey'], rotateAsk: ['更换 EncodingAESKey？', 'Make a new EncodingAESKey?'], rotateText: ['旧密钥继续有效，直到你在微信公众平台换上新密钥。', 'The old one keeps working until you enter the new one at WeChat.'], rotated: ['已生成新密钥，请复制到微信公众平台', 'Made; copy it to WeChat'],
  checks: ['三、检查', '3. Check'], checksText: ['每一步都真的去问微信。', 'Each step really asks WeChat.'], check: ['重新检查', 'Check again'], done: ['完成', 'Done'], missing: ['待完成', 'To do'], unknown: ['未知', 'Unknown'], s_secret: ['密钥', 'Secret'], s_ip: ['IP 白名单', 'IP whitelist'], s_server: ['服务器配置', 'Server setting'], s_push: ['消息推送', 'Messages'],
  drop: ['断开连接', 'Disconnect'], dropAsk: ['断开该公众号？', 'Disconnect this account?'], dropText: ['消息和登录会停止；粉丝、订单等数据全部保留，可随时重新连接或改为授权。', 'Messages and log-in stop; all data stays, and you can connect again at any time.'], dropped: ['已断开', 'Disconnected'],
  options: ['公众号选项', 'Account settings'], optionsText: ['保存在微信的设置，修改后立即生效。', 'Kept at WeChat; a change works at once.'], saved: ['已保存', 'Saved'],
})
export const OPTIONS: Record<string, { label: Pair; values: Pair[] }> = {
  location_report: { label: ['地理位置上报', 'Report locations'], values: [['不上报', 'Never'], ['进入会话时上报', 'On entering the chat'], ['每 5 秒上报', 'Every 5 seconds']] },
  voice_recognize: { label: ['语音识别', 'Voice recognition'], values: [['关闭', 'Off'], ['开启', 'On']] },
  customer_service: { label: ['多客服', 'Customer service'], values: [['关闭', 'Off'], ['开启', 'On']] },
}
