import type { TFunction } from 'i18next';
import { REMIND_DAYS, type RemindDays } from '../../protocol/filter.ts';

/** As they are offered: no reminders first. */
export const REMIND_CHOICES: readonly (RemindDays | null)[] = [null, ...REMIND_DAYS];

export function remindText(t: TFunction, days: RemindDays | null): string {
  if (days === null) return t('saved.remindChoice.none');
  return days === 0 ? t('saved.remindChoice.day') : t('saved.remindChoice.before', { count: days, n: days });
}
