import { toScaled } from '../storage/decimal.ts';
import { createNames, grown, type Column } from './column-arrays.ts';

export interface Sum {
  readonly contracts: number;
  /** The exact sum times 10^10. */
  readonly scaled: bigint;
}

export interface SumColumn extends Column {
  /** Exact sums by currency over those that have an amount. */
  sums(rowids: Iterable<number>): ReadonlyMap<string, Sum>;
}

const DECIMALS = 10;
const SCALE = 10n ** BigInt(DECIMALS);
/** Whole numbers up to here stay exact in a float, also when two are added. */
const SAFE = 2 ** 52;

/** The whole part, and the decimals times 10^10, both with the sign. */
function partsOf(text: string): readonly [whole: number, fraction: number] {
  const point = text.indexOf('.');
  if (point < 0) return [Number(text), 0];
  const fraction = Number(text.slice(point + 1)) * 10 ** (DECIMALS - (text.length - point - 1));
  return [Number(text.slice(0, point)), text.startsWith('-') ? -fraction : fraction];
}

/** Amounts to be summed up: the whole part and the ten decimals of each as floats that hold them exactly. */
export function sumColumn(): SumColumn {
  const currencies = createNames();
  let numbers: Uint32Array = new Uint32Array(0);
  let wholes: Float64Array = new Float64Array(0);
  let fractions: Float64Array = new Float64Array(0);
  /** Those that are too great for that. */
  const great = new Map<number, bigint>();

  return {
    fields: ['amountValue', 'amountCurrency'],
    resize(capacity) {
      numbers = grown(numbers, capacity, (n) => new Uint32Array(n));
      wholes = grown(wholes, capacity, (n) => new Float64Array(n));
      fractions = grown(fractions, capacity, (n) => new Float64Array(n));
    },
    set(rowid, [value, currency]) {
      const text = currency === null ? null : (value as string | null);
      const number = text === null ? 0 : currencies.numberOf(currency as string);
      const [whole = 0, fraction = 0] = text === null ? [] : partsOf(text);
      const more = text !== null && Math.abs(whole) >= SAFE ? toScaled(text) : undefined;
      const isNew =
        numbers[rowid] !== number ||
        wholes[rowid] !== whole ||
        fractions[rowid] !== fraction ||
        great.get(rowid) !== more;
      numbers[rowid] = number;
      wholes[rowid] = whole;
      fractions[rowid] = fraction;
      if (more === undefined) great.delete(rowid);
      else great.set(rowid, more);
      return isNew;
    },
    sums(rowids) {
      const { length } = currencies.texts;
      const contracts = new Uint32Array(length);
      const whole = new Float64Array(length);
      const fraction = new Float64Array(length);
      const scaled = Array.from({ length }, () => 0n);
      const carry = (currency: number): void => {
        const parts = BigInt(whole[currency] ?? 0) * SCALE + BigInt(fraction[currency] ?? 0);
        scaled[currency] = (scaled[currency] ?? 0n) + parts;
        whole[currency] = 0;
        fraction[currency] = 0;
      };
      for (const rowid of rowids) {
        const currency = numbers[rowid] ?? 0;
        if (currency === 0) continue;
        contracts[currency] = (contracts[currency] ?? 0) + 1;
        const more = great.size === 0 ? undefined : great.get(rowid);
        if (more !== undefined) {
          scaled[currency] = (scaled[currency] ?? 0n) + more;
          continue;
        }
        const wholeSum = (whole[currency] ?? 0) + (wholes[rowid] ?? 0);
        const fractionSum = (fraction[currency] ?? 0) + (fractions[rowid] ?? 0);
        whole[currency] = wholeSum;
        fraction[currency] = fractionSum;
        if (Math.abs(wholeSum) >= SAFE || Math.abs(fractionSum) >= SAFE) carry(currency);
      }
      const sums = new Map<string, Sum>();
      for (const [currency, text] of currencies.texts.entries()) {
        carry(currency);
        const count = contracts[currency] ?? 0;
        if (count > 0) sums.set(text, { contracts: count, scaled: scaled[currency] ?? 0n });
      }
      return sums;
    },
  };
}
