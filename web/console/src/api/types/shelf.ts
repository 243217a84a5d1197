/** Freight templates, regions, and what the merchant says of search. */
export interface Rate { first: number; first_fen: number; more: number; more_fen: number; free_over_fen: number | null; free_over_pieces: number | null }
export interface Zone { regions: string[]; rate: Rate | null }
export interface FreightTemplate { id: string; name: string; by: 'pieces' | 'weight'; zones: Zone[]; rest: Rate | null; is_default: boolean; products: number }
export interface Areas { source: string; areas: [code: string, name: string][] }
export interface SearchWords { synonyms: string[][]; hot: string[] }
export interface SearchMiss { query: string; times: number; last_day: string }
