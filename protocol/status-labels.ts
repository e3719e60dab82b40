import type { Language } from './language.ts';
import type { StatusCode } from './statuses.ts';

/**
 * What people call the statuses: one text for the window, the toasts and whatever else names a status. A code
 * that is missing in one language does not compile.
 */
export const STATUS_LABELS = {
  en: {
    draft: 'Draft',
    in_review: 'In review',
    changes_requested: 'Changes requested',
    rejected: 'Rejected',
    approved: 'Approved',
    sent: 'Out for signature',
    viewed: 'Viewed',
    partially_signed: 'Partially signed',
    signed: 'Signed',
    active: 'Active',
    amended: 'Amended',
    renewed: 'Renewed',
    on_hold: 'On hold',
    declined: 'Declined',
    expired: 'Signing expired',
    cancelled: 'Cancelled',
    fulfilled: 'Fulfilled',
    ended: 'Ended',
    terminated: 'Terminated',
  },
  ru: {
    draft: 'Черновик',
    in_review: 'На согласовании',
    changes_requested: 'На доработке',
    rejected: 'Не согласован',
    approved: 'Согласован',
    sent: 'На подписании',
    viewed: 'Просмотрен',
    partially_signed: 'Подписан частично',
    signed: 'Подписан',
    active: 'Действует',
    amended: 'Изменён',
    renewed: 'Продлён',
    on_hold: 'Приостановлен',
    declined: 'Отказ в подписи',
    expired: 'Не подписан в срок',
    cancelled: 'Аннулирован',
    fulfilled: 'Исполнен',
    ended: 'Завершён',
    terminated: 'Расторгнут',
  },
} as const satisfies Readonly<Record<Language, Readonly<Record<StatusCode, string>>>>;
