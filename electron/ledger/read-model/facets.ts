import type { Facet, Facets } from '../../../protocol/filter.ts';
import { wordsOf } from '../../../protocol/text.ts';
import { amountColumn, nameColumn, partyColumn } from './column-arrays.ts';
import type { ColumnIndex } from './column-index.ts';
import { spell } from '../storage/search-index.ts';

/** Parties and actors told. */
const MAX_NAMES = 50;

/** What the filter offers: names in use, the most frequent first; parties and actors only where each word begins one of theirs. */
export function readFacets(columns: ColumnIndex, text: string): Facets {
  const parties = columns.column('parties', partyColumn);
  const actors = columns.column('actors', () => nameColumn('actorName'));
  const amounts = columns.column('amounts', amountColumn);
  const words = wordsOf(text);
  const isAsked = ({ name }: Facet): boolean => {
    const spelt = spell(name);
    return words.every((word) => spelt.includes(` ${word}`));
  };

  const count = (numberOf: (rowid: number) => number, texts: readonly string[]): Facet[] => {
    const counts = new Uint32Array(texts.length);
    for (let rowid = 0; rowid < columns.bound; rowid++) {
      if (!columns.member[rowid]) continue;
      const number = numberOf(rowid);
      counts[number] = (counts[number] ?? 0) + 1;
    }
    return texts.flatMap((name, number) =>
      number > 0 && counts[number] ? { name, count: counts[number] } : [],
    );
  };

  const byList = count(parties.at, parties.names.texts);
  const byParty = new Map<string, number>();
  const listOf = new Map(parties.names.texts.map((list, number) => [list, parties.lists[number] ?? []]));
  for (const { name: list, count: contracts } of byList) {
    for (const name of new Set(listOf.get(list))) byParty.set(name, (byParty.get(name) ?? 0) + contracts);
  }

  return {
    parties: ranked(
      Array.from(byParty, ([name, contracts]) => ({ name, count: contracts })).filter(isAsked),
    ).slice(0, MAX_NAMES),
    actors: ranked(count(actors.at, actors.names.texts).filter(isAsked)).slice(0, MAX_NAMES),
    statuses: ranked(count((rowid) => columns.status[rowid] ?? 0, columns.statuses.texts)),
    currencies: ranked(count(amounts.currencyAt, amounts.currencies.texts)),
  };
}

function ranked(facets: readonly Facet[]): readonly Facet[] {
  return facets.toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}
