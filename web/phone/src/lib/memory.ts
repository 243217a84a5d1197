// What the browser keeps for this phone; framed in another site's page, browsers may keep nothing, and say so by throwing.

export function recall(key: string): string {
  try {
    return localStorage.getItem(key) ?? ''
  } catch {
    return ''
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // Nothing is kept: the phone works, and forgets when it is closed.
  }
}
