import { readFileSync } from 'node:fs';
import type * as v from 'valibot';
import { decode } from '../../protocol/event.ts';
import { excessOf } from '../../protocol/json-text.ts';
import { DEFAULT_SETTINGS, settingsSchema, type Settings } from '../../protocol/settings.ts';
import { replaceFile } from '../ports/replace-file.ts';

/** What the settings' text holds. */
export interface ReadSettings {
  readonly settings: Settings;
  /** Fields that were garbage and are as usual again. */
  readonly garbage: readonly (keyof Settings)[];
  /** What we do not know, perhaps of a newer version: kept when writing. */
  readonly rest: Readonly<Record<string, unknown>>;
}

/** More than this is no settings' file of ours. Characters. */
export const MAX_LENGTH = 1_000_000;
const FIELDS = Object.keys(settingsSchema.entries) as (keyof Settings)[];

/** Null when it is no JSON object at all; otherwise each field by itself is taken, or is as usual again. */
export function parseSettings(text: string): ReadSettings | null {
  const input = text.length > MAX_LENGTH ? null : parseObject(text);
  if (input === null) return null;
  const garbage: (keyof Settings)[] = [];
  const taken: Partial<Record<keyof Settings, unknown>> = {};
  for (const field of FIELDS) {
    if (!Object.hasOwn(input, field)) continue;
    const value = field === 'portals' ? withoutGarbage(input[field]) : input[field];
    const schema: v.GenericSchema = settingsSchema.entries[field];
    const decoded = decode(schema, value);
    if (decoded.ok) taken[field] = decoded.value;
    if (!decoded.ok || isShorter(value, input[field])) garbage.push(field);
  }
  const known: ReadonlySet<string> = new Set(FIELDS);
  return {
    settings: { ...DEFAULT_SETTINGS, ...(taken as Partial<Settings>) },
    garbage,
    rest: Object.fromEntries(Object.entries(input).filter(([name]) => !known.has(name))),
  };
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    // An editor may have put a byte order mark before it.
    const json = text.replace(/^\uFEFF/, '');
    // What we do not know is kept, and what nests so deep could not be written again.
    if (excessOf(json) !== null) return null;
    const input: unknown = JSON.parse(json);
    return isObject(input) ? input : null;
  } catch {
    return null;
  }
}

function isObject(input: unknown): input is Record<string, unknown> {
  return typeof input === 'object' && input !== null && !Array.isArray(input);
}

/** One server's bad address costs no other server's. */
function withoutGarbage(portals: unknown): unknown {
  if (!isObject(portals)) return portals;
  return Object.fromEntries(
    Object.entries(portals).filter(
      ([server, template]) => decode(settingsSchema.entries.portals, { [server]: template }).ok,
    ),
  );
}

function isShorter(value: unknown, input: unknown): boolean {
  return isObject(value) && isObject(input) && Object.keys(value).length < Object.keys(input).length;
}

export type FoundSettings =
  | { readonly state: 'absent' }
  | { readonly state: 'read'; readonly text: string }
  | { readonly state: 'unreadable' };

/** The file as it is. Never throws. */
export function findSettings(path: string): FoundSettings {
  try {
    return { state: 'read', text: readFileSync(path, 'utf8') };
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return { state: missing ? 'absent' : 'unreadable' };
  }
}

/** For what must be known before anything else runs, such as the first paint's colours: the usual ones where nothing can be read. */
export function peekSettings(path: string): Settings {
  const found = findSettings(path);
  const read = found.state === 'read' ? parseSettings(found.text) : null;
  return read?.settings ?? DEFAULT_SETTINGS;
}

/** Whole or not at all. Readable to this user alone. */
export function writeWhole(path: string, text: string): Promise<void> {
  return replaceFile(path, (file) => file.writeFile(text));
}
