import type { ContractRecord } from '../storage/contract-record.ts';
import { isInexact, toScaled } from '../storage/decimal.ts';
import { parseInstant } from '../../../protocol/instant.ts';
import { foldText } from '../../../protocol/text.ts';
import type { Counterparty } from '../../../protocol/event.ts';

/** One more thing known of every contract, by contract_rowid; read when it is first asked for. */
export interface Column {
  /** What of a contract it is made of. */
  readonly fields: readonly (keyof ContractRecord)[];
  resize(capacity: number): void;
  /** Takes in a row's values, in the order of `fields`. True when they are others than before. */
  set(rowid: number, values: readonly unknown[]): boolean;
}

/** Texts by number; 0 stands for none. */
export interface Names {
  numberOf(text: string | null): number;
  /** By number; the first is no name. */
  readonly texts: readonly string[];
}

export function createNames(): Names {
  const texts: string[] = [''];
  const numbers = new Map<string, number>();
  return {
    texts,
    numberOf(text) {
      if (text === null) return 0;
      let number = numbers.get(text);
      if (number === undefined) {
        number = texts.push(text) - 1;
        numbers.set(text, number);
      }
      return number;
    },
  };
}

export function grown<T extends Float64Array | Uint32Array | Uint8Array>(
  array: T,
  capacity: number,
  make: (n: number) => T,
): T {
  const next = make(capacity);
  next.set(array.subarray(0, capacity));
  return next;
}

export interface NameColumn extends Column {
  readonly names: Names;
  at(rowid: number): number;
}

/** Names of one field, such as who made the latest change. */
export function nameColumn(field: 'actorName' | 'counterparties'): NameColumn {
  const names = createNames();
  let numbers = new Uint32Array(0);
  return {
    fields: [field],
    names,
    at: (rowid) => numbers[rowid] ?? 0,
    resize(capacity) {
      numbers = grown(numbers, capacity, (n) => new Uint32Array(n));
    },
    set(rowid, [text]) {
      const number = names.numberOf(text as string | null);
      if (numbers[rowid] === number) return false;
      numbers[rowid] = number;
      return true;
    },
  };
}

export interface PartyColumn extends NameColumn {
  /** Names in each different list of counterparties, by its number. */
  readonly lists: readonly (readonly string[])[];
}

/** Counterparties: contracts with the same ones share a number. */
export function partyColumn(): PartyColumn {
  const column = nameColumn('counterparties');
  const lists: string[][] = [[]];
  return {
    ...column,
    lists,
    set(rowid, values) {
      const changed = column.set(rowid, values);
      const text = column.names.texts[lists.length];
      if (text !== undefined) lists.push((JSON.parse(text) as Counterparty[]).map((party) => party.name));
      return changed;
    },
  };
}

export interface TimeColumn extends Column {
  /** Epoch ms. */
  at(rowid: number): number;
}

/** When the latest change was made. */
export function timeColumn(): TimeColumn {
  let times = new Float64Array(0);
  return {
    fields: ['time'],
    at: (rowid) => times[rowid] ?? 0,
    resize(capacity) {
      times = grown(times, capacity, (n) => new Float64Array(n));
    },
    set(rowid, [text]) {
      const time = parseInstant(text as string) ?? 0;
      if (times[rowid] === time) return false;
      times[rowid] = time;
      return true;
    },
  };
}

export interface TitleColumn extends Column {
  /** Folded. */
  at(rowid: number): string;
}

export function titleColumn(): TitleColumn {
  const titles: string[] = [];
  return {
    fields: ['title'],
    at: (rowid) => titles[rowid] ?? '',
    resize(capacity) {
      for (let rowid = titles.length; rowid < capacity; rowid++) titles.push('');
    },
    set(rowid, [text]) {
      const title = foldText(text as string);
      if (titles[rowid] === title) return false;
      titles[rowid] = title;
      return true;
    },
  };
}

export interface AmountColumn extends Column {
  readonly currencies: Names;
  /** Number of the currency; 0: no amount. */
  currencyAt(rowid: number): number;
  /** Below, equal to or above 0 as the first amount's number is to the second's, whatever their currencies. */
  compare(a: number, b: number): number;
  /** The same with a decimal. */
  compareWith(rowid: number, bound: Decimal): number;
}

/** A decimal as a float, and exactly where its float does not say all. */
export interface Decimal {
  readonly float: number;
  readonly scaled: bigint;
}

export const toDecimal = (text: string): Decimal => ({ float: Number(text), scaled: toScaled(text) });

export function amountColumn(): AmountColumn {
  const currencies = createNames();
  let numbers = new Uint32Array(0);
  let floats = new Float64Array(0);
  const exact = new Map<number, bigint>();

  const floatAt = (rowid: number): number => floats[rowid] ?? 0;
  const scaledAt = (rowid: number): bigint => exact.get(rowid) ?? toScaled(String(floatAt(rowid) + 0));
  const order = (a: bigint, b: bigint): number => Number(a > b) - Number(a < b);

  return {
    fields: ['amountValue', 'amountCurrency'],
    currencies,
    currencyAt: (rowid) => numbers[rowid] ?? 0,
    resize(capacity) {
      numbers = grown(numbers, capacity, (n) => new Uint32Array(n));
      floats = grown(floats, capacity, (n) => new Float64Array(n));
    },
    set(rowid, [value, currency]) {
      const text = value as string | null;
      const number = text === null ? 0 : currencies.numberOf(currency as string | null);
      const float = number === 0 ? 0 : Number(text);
      const scaled = number !== 0 && text !== null && isInexact(text) ? toScaled(text) : undefined;
      if (numbers[rowid] === number && floats[rowid] === float && exact.get(rowid) === scaled) return false;
      numbers[rowid] = number;
      floats[rowid] = float;
      if (scaled === undefined) exact.delete(rowid);
      else exact.set(rowid, scaled);
      return true;
    },
    compare(a, b) {
      const difference = floatAt(a) - floatAt(b);
      if (difference !== 0 || exact.size === 0 || (!exact.has(a) && !exact.has(b))) return difference;
      return order(scaledAt(a), scaledAt(b));
    },
    compareWith(rowid, bound) {
      return floatAt(rowid) - bound.float || order(scaledAt(rowid), bound.scaled);
    },
  };
}
