/**
 * WeixinJSBridge for pages that run in the simulator's phone. Served before WeChat's own JS-SDK file.
 *
 * It talks to the phone over a MessageChannel, whose other end is handed to one exact origin: the page's own host at the
 * simulator's port, or, where the page is elsewhere, the person's host at that port, as the browser names the parent.
 * Outside the phone it does nothing at all.
 */
(function () {
  'use strict'
  var PORT = '__SIMULATOR_PORT__'
  if (window.parent === window || window.WeixinJSBridge) return

  var given = location.protocol + '//' + location.hostname + ':' + PORT
  var parents = location.ancestorOrigins
  var phone = parents && parents.length ? parents[0] : given
  var person = new RegExp('^http://[a-z][a-z0-9-]*\\.localhost:' + PORT + '$')
  if (phone !== given && !person.test(phone)) return
  // The simulator's own pages are framed by nothing else, but a shop's editor frames a shop: that is no phone.
  if (parents && !person.test(phone)) return

  var agent =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) ' +
    'Mobile/15E148 MicroMessenger/8.0.50(0x18003236) NetType/WIFI Language/zh_CN'
  function pretend(name, value) {
    try {
      Object.defineProperty(navigator, name, { configurable: true, get: function () { return value } })
    } catch (refused) {
      console.warn('wxsandbox: navigator.' + name + ' stays as it is', refused)
    }
  }
  pretend('userAgent', agent)
  // With any other platform WeChat's file reports its use to WeChat over the network.
  pretend('platform', 'MacIntel')

  var channel = new MessageChannel()
  var port = channel.port1
  var waiting = {}
  var listening = {}
  var last = 0

  function where() {
    var nav = window.navigation
    return { href: location.href, title: document.title, back: Boolean(nav && nav.canGoBack) }
  }
  function tell(what) {
    port.postMessage(Object.assign({ page: where() }, what))
  }

  window.WeixinJSBridge = {
    invoke: function (name, args, callback) {
      last += 1
      waiting[last] = callback
      var plain
      try {
        plain = JSON.parse(JSON.stringify(args || {}))
      } catch (circular) {
        plain = {}
      }
      tell({ kind: 'invoke', id: last, name: String(name), args: plain })
    },
    call: function (name, args) {
      this.invoke(name, args)
    },
    on: function (name, callback) {
      listening[name] = callback
      tell({ kind: 'on', name: String(name) })
    },
    log: function () {},
  }

  port.onmessage = function (event) {
    var said = event.data
    if (said.kind === 'result') {
      var callback = waiting[said.id]
      delete waiting[said.id]
      if (callback) callback(said.result)
    } else if (said.kind === 'emit' && listening[said.name]) {
      listening[said.name](said.args || {})
    } else if (said.kind === 'back') {
      if (window.navigation && window.navigation.canGoBack) window.navigation.back()
      else history.back()
    } else if (said.kind === 'reload') {
      location.reload()
    }
  }
  window.parent.postMessage({ wxsandbox: 'hello', page: where() }, phone, [channel.port2])

  function moved() {
    tell({ kind: 'page' })
  }
  function ready() {
    document.dispatchEvent(new Event('WeixinJSBridgeReady'))
    var head = document.head || document.documentElement
    new MutationObserver(moved).observe(head, { subtree: true, childList: true, characterData: true })
    moved()
  }
  // There is one window in WeChat: what would open another opens here.
  document.addEventListener('click', function (event) {
    var link = event.target && event.target.closest && event.target.closest('a[target]')
    if (link && link.target !== '_self') link.target = '_self'
  }, true)
  window.open = function (url) {
    if (url) location.href = url
    return window
  }
  window.addEventListener('pagehide', function () {
    port.postMessage({ kind: 'gone' })
  })
  window.addEventListener('hashchange', moved)
  window.addEventListener('popstate', moved)
  if (window.navigation) window.navigation.addEventListener('navigatesuccess', moved)
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', ready)
  else setTimeout(ready, 0)
})()
