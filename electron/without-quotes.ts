/** Reasons of parsers quote what they could not read, and that may be a contract's text: not for logs and support. */
export function withoutQuotes(reason: string): string {
  return reason.replaceAll(/"[^"]*"?/g, '"…"');
}
