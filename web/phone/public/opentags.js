/**
 * WeChat's open tags for pages that run in the simulator's phone: <wx-open-subscribe>. Served after the bridge and before
 * WeChat's own JS-SDK file, which hands `openTagList` over with wx.config; until that has gone well a tag shows nothing.
 *
 * What it looks like is the page's: the template inside, and the one of slot "style", go into a root of its own.
 */
(function () {
  'use strict'
  var bridge = window.WeixinJSBridge
  if (!bridge || !window.customElements || customElements.get('wx-open-subscribe')) return

  var TAG = 'wx-open-subscribe'
  var allowed = false
  var shown = []
  var invoke = bridge.invoke
  bridge.invoke = function (name, args, callback) {
    var asked = name === 'preVerifyJSAPI' && args && args.verifyOpenTagList
    invoke.call(bridge, name, args, !asked ? callback : function (result) {
      allowed = /:ok$/.test(result.err_msg) && asked.indexOf(TAG) >= 0
      if (allowed) shown.slice().forEach(function (one) { one.show() })
      else if (asked.length) {
        document.dispatchEvent(new CustomEvent('WeixinOpenTagsError', { detail: { errMsg: result.err_msg } }))
      }
      if (callback) callback(result)
    })
  }

  /** The words of a <template>, or of a <script type="text/wxtag-template">, which frameworks leave alone. */
  function inside(element, style) {
    var found = Array.prototype.filter.call(element.children, function (child) {
      var named = child.localName === 'template' || child.type === 'text/wxtag-template'
      return named && (child.slot === 'style' || child.getAttribute('slot') === 'style') === style
    })[0]
    return !found ? '' : found.localName === 'template' ? found.innerHTML : found.textContent
  }

  class Subscribe extends HTMLElement {
    connectedCallback() {
      if (shown.indexOf(this) < 0) shown.push(this)
      if (allowed) this.show()
    }

    disconnectedCallback() {
      shown = shown.filter(function (one) { return one !== this }, this)
    }

    show() {
      if (this.root) return
      this.root = this.attachShadow({ mode: 'closed' })
      this.root.innerHTML = inside(this, true) + inside(this, false)
      var self = this
      this.root.addEventListener('click', function () { self.ask() })
      this.dispatchEvent(new CustomEvent('ready', { detail: {} }))
    }

    ask() {
      if (this.asking) return
      this.asking = true
      var self = this
      bridge.invoke('openSubscribe', { template: this.getAttribute('template') || '' }, function (said) {
        self.asking = false
        self.dispatchEvent(new CustomEvent(said.event || 'error', { detail: said.detail || { errMsg: said.err_msg } }))
      })
    }
  }
  customElements.define(TAG, Subscribe)
})()
