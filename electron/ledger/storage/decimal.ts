/** Decimals as amounts have them: at most 30 digits before the point and 10 after it. */

const SCALE = 10;
/** Decimals of at most so many digits keep their order and their difference as floats (IEEE 754 binary64). */
const EXACT_DIGITS = 15;

/** Whether another decimal may have the same nearest float. */
export function isInexact(text: string): boolean {
  return text.length > EXACT_DIGITS && text.replaceAll(/\D/g, '').replace(/^0+/, '').length > EXACT_DIGITS;
}

/** The decimal times 10^10. `text`: a decimal, or what String() makes of a float that stands for one exactly. */
export function toScaled(text: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(text);
  if (!match) throw new Error(`"${text.slice(0, 60)}" is no decimal`);
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const shift = SCALE - fraction.length + Number(exponent);
  const digits = BigInt(whole + fraction) * 10n ** BigInt(Math.max(0, shift));
  const scaled = shift < 0 ? digits / 10n ** BigInt(-shift) : digits;
  return sign === '-' ? -scaled : scaled;
}

/** The exact decimal, without zeros at its end. */
export function fromScaled(scaled: bigint): string {
  const negative = scaled < 0n;
  const digits = String(negative ? -scaled : scaled).padStart(SCALE + 1, '0');
  const fraction = digits.slice(-SCALE).replace(/0+$/, '');
  return `${negative ? '-' : ''}${digits.slice(0, -SCALE)}${fraction === '' ? '' : `.${fraction}`}`;
}
