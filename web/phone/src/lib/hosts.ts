// Whose phone a host is, and how addresses become that person's own, so that each has cookies of their own.

const PERSON = /^([a-z][a-z0-9-]*)\.localhost$/
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/** The person in {person}.localhost; empty elsewhere. */
export const personOf = (hostname: string) => PERSON.exec(hostname)?.[1] ?? ''

/** Turn a loopback address into the same on the person's host. */
export function atPerson(url: string, name: string): string {
  const parsed = new URL(url)
  if (LOOPBACK.includes(parsed.hostname)) parsed.hostname = `${name}.localhost`
  return parsed.href
}

export const phoneUrl = (name: string, tail = '') => `${location.protocol}//${name}.localhost:${location.port}/phone${tail}`

/** Where the people of the sandbox are side by side. */
export const chooser = `${location.protocol}//localhost:${location.port}/phone`

/** Whether this phone is shown inside another page (the chooser): then browsers keep cookies from its pages. */
export const framed = window.parent !== window

/** Open a person's phone in a window of its own; false when the browser refused. */
export function ownWindow(name: string, url = '', place = 0): boolean {
  const hash = url ? `#open=${encodeURIComponent(url)}` : ''
  const left = place * 420
  return window.open(phoneUrl(name, hash), `phone-${name}`, `popup,width=400,height=860,left=${left},top=40`) !== null
}
