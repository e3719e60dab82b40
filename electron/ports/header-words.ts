/**
 * What a header says is the server's text, or that of whatever stands in between, and may hold anything: into support information,
 * the log and the ledger goes only what is known here.
 */
const TYPES: ReadonlySet<string> = new Set([
  'application/json',
  'application/octet-stream',
  'application/pdf',
  'application/problem+json',
  'application/x-ndjson',
  'application/xhtml+xml',
  'application/xml',
  'multipart/form-data',
  'text/css',
  'text/event-stream',
  'text/html',
  'text/javascript',
  'text/plain',
  'text/xml',
]);
const ENCODINGS: ReadonlySet<string> = new Set(['br', 'compress', 'deflate', 'gzip', 'x-gzip', 'zstd']);

/** A content type by its name, without parameters. */
export function nameType(header: string | undefined): string {
  const type = (header ?? '').split(/[;,]/, 1)[0]?.trim().toLowerCase() ?? '';
  if (type === '') return 'no content type';
  return TYPES.has(type) ? type : 'an unknown content type';
}

export function nameEncoding(header: string): string {
  const encoding = header.trim().toLowerCase();
  return ENCODINGS.has(encoding) ? encoding : 'unknown';
}
