import { LANGUAGES } from './language.ts';
import * as v from 'valibot';

/** Of which changes is told on the desktop, in the order in which they are offered. */
export const NOTIFICATION_LEVELS = ['action', 'important', 'all', 'none'] as const;
export type NotificationLevel = (typeof NOTIFICATION_LEVELS)[number];

/** In the order of Date.getDay(). */
export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof WEEKDAYS)[number];
const weekdays = v.pipe(v.array(v.picklist(WEEKDAYS)), v.maxLength(WEEKDAYS.length));

/** Few, applied at once, kept in one file on this computer. */
const clockTime = v.pipe(v.string(), v.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time such as 22:00'));
const entries = {
  /** `auto`: the account's language, before sign-in the system's. */
  language: v.picklist(['auto', ...LANGUAGES]),
  theme: v.picklist(['system', 'light', 'dark']),
  contrast: v.picklist(['system', 'more']),
  motion: v.picklist(['system', 'reduced']),
  density: v.picklist(['comfortable', 'compact']),
  /** Percent. */
  textScale: v.pipe(v.number(), v.integer(), v.minValue(80), v.maxValue(200)),
  /** `action`: changes that require an action. `important`: those, warnings and errors. */
  notifications: v.picklist(NOTIFICATION_LEVELS),
  /**
   * No notifications between these local times (a range over midnight is usual) where it begins on one of `days`, nor at any
   * time of `wholeDays`; they are told in one summary at the end. Files of earlier versions name no days.
   */
  quietHours: v.nullable(
    v.strictObject({
      from: clockTime,
      to: clockTime,
      days: v.optional(weekdays, [...WEEKDAYS]),
      wholeDays: v.optional(weekdays, []),
    }),
  ),
  /** No notifications until then, epoch ms; null: they are not paused. What came is told in one summary at its end. */
  pausedUntil: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(8.64e15))),
  /** Closing the window leaves the app in the tray, where the desktop has one. */
  stayInTray: v.boolean(),
  /** Started, out of sight, when the person signs in to this computer. */
  startAtLogin: v.boolean(),
  /** Opening a contract marks its changes read. */
  readOnOpen: v.boolean(),
  /** Changes older than this are removed from this computer; contracts keep their latest one. Days; null: never. */
  keepDays: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(30), v.maxValue(3650))),
  /** By server origin: the contract's page in the web portal, https, with `{id}` where the contract's id belongs. */
  portals: v.record(
    v.pipe(v.string(), v.maxLength(2000)),
    v.pipe(v.string(), v.maxLength(2000), v.startsWith('https://'), v.includes('{id}')),
  ),
} as const;

export const settingsSchema = v.strictObject(entries);
/** What is to change; the rest stays. */
export const settingsChangeSchema = v.strictObject({
  language: v.exactOptional(entries.language),
  theme: v.exactOptional(entries.theme),
  contrast: v.exactOptional(entries.contrast),
  motion: v.exactOptional(entries.motion),
  density: v.exactOptional(entries.density),
  textScale: v.exactOptional(entries.textScale),
  notifications: v.exactOptional(entries.notifications),
  quietHours: v.exactOptional(entries.quietHours),
  pausedUntil: v.exactOptional(entries.pausedUntil),
  stayInTray: v.exactOptional(entries.stayInTray),
  startAtLogin: v.exactOptional(entries.startAtLogin),
  readOnOpen: v.exactOptional(entries.readOnOpen),
  keepDays: v.exactOptional(entries.keepDays),
  portals: v.exactOptional(entries.portals),
} satisfies { readonly [F in keyof typeof entries]: unknown });

export type Settings = v.InferOutput<typeof settingsSchema>;
export type SettingsChange = v.InferOutput<typeof settingsChangeSchema>;

export const DEFAULT_SETTINGS: Settings = {
  language: 'auto',
  theme: 'system',
  contrast: 'system',
  motion: 'system',
  density: 'comfortable',
  textScale: 100,
  notifications: 'action',
  quietHours: null,
  pausedUntil: null,
  stayInTray: true,
  startAtLogin: false,
  readOnOpen: true,
  keepDays: null,
  portals: {},
};

/** Something was wrong with the settings' file; the app goes on with what could be read. */
export interface SettingsProblem {
  /** `unreadable`: set aside, the usual settings are in use. `partly`: these fields were garbage and are as usual again. `not_saved`: the disk refused. */
  readonly code: 'unreadable' | 'partly' | 'not_saved';
  readonly fields: readonly string[];
  readonly setAsideAt: string | null;
}

/** What lies on this computer, in figures a person can check. */
export interface StorageStats {
  readonly path: string;
  readonly bytes: number;
  readonly contracts: number;
  readonly events: number;
  /** RFC 3339, of the oldest change kept (down to the quarter of an hour, by the server's time); null for none. */
  readonly oldest: string | null;
  /** Whether the sign-in is kept in the system's keychain. */
  readonly signInKept: boolean;
}
