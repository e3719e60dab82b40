import { languageOf as languageOfTag, type Language } from '../../protocol/language.ts';
import type { Settings } from '../../protocol/settings.ts';
import type { RetentionPolicy } from '../ledger/types.ts';

const DAY_MS = 86_400_000;
/** Whatever is set: a disk is not filled by one app. */
const MAX_BYTES = 2 * 1024 ** 3;

/** `locale`: BCP 47, what `auto` stands for; anything but Russian is told in English. */
export function languageOf(settings: Settings, locale: string): Language {
  return settings.language === 'auto' ? languageOfTag(locale) : settings.language;
}

export function retentionOf(settings: Settings): RetentionPolicy {
  const { keepDays } = settings;
  return { maxAgeMs: keepDays === null ? null : keepDays * DAY_MS, maxBytes: MAX_BYTES };
}
