/*
 * Text that a server sent, where it stands beside other text. The Unicode bidirectional algorithm (UAX 9) lets one character
 * turn everything after it, and a terminal or a text field obeys control characters that nobody sees.
 */

/** What orders, embeds or isolates explicitly; the marks LRM, RLM and ALM, which only settle their neighbours, stay. */
const BIDI_CONTROLS = /[\u202A-\u202E\u2066-\u2069]/gu;
/** Lines and tabs stay. */
const CONTROLS = /(?![\n\r\t])\p{Cc}/gu;
const RIGHT_TO_LEFT =
  /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}\u200F\u061C]/u;

/** Without characters that act on what stands around it; each control character is a space. For text that leaves the app. */
export function harmless(text: string): string {
  return text.replaceAll(BIDI_CONTROLS, '').replaceAll(CONTROLS, ' ');
}

/** The same on one line, with single spaces. */
export function harmlessLine(text: string): string {
  return harmless(text).replaceAll(/\s+/g, ' ').trim();
}

/** The same, to stand within a sentence or a list: what is written from right to left keeps to itself. */
export function inSentence(text: string): string {
  const line = harmlessLine(text);
  return RIGHT_TO_LEFT.test(line) ? `\u2068${line}\u2069` : line;
}

/** Nothing of it is seen: no letter, sign or picture. */
export function isBlank(text: string): boolean {
  return !/[^\s\p{C}\p{Default_Ignorable_Code_Point}]/u.test(text);
}

/** What a contract is called in a sentence or a menu: its title, or its number where no title is seen. */
export function contractName({
  title,
  contractId,
}: {
  readonly title: string;
  readonly contractId: string;
}): string {
  return isBlank(title) ? contractId : title;
}
