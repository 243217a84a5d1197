/** A column of a table; on a phone the same cell becomes a labelled line of a card. */
export interface Column {
  key: string
  label: string
  width?: string
  right?: boolean
  /** The card's headline on a phone: shown without its label. */
  lead?: boolean
  /** On a phone in the card's upper right corner, without its label: what a row is picked with. */
  corner?: boolean
  /** On a phone a part of the card, from edge to edge and without its label: words, pictures. */
  block?: boolean
  /** Left out on a phone. */
  wide?: boolean
}
