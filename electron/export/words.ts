import type { Language } from '../../protocol/language.ts';
import { STATUS_LABELS } from '../../protocol/status-labels.ts';
import { isStatusCode, type Severity } from '../../protocol/statuses.ts';
import type { AcknowledgementState } from '../../protocol/view.ts';

/** The columns of an exported table, in their order. */
export const COLUMNS = [
  'id',
  'title',
  'parties',
  'status',
  'statusCode',
  'previous',
  'severity',
  'actionRequired',
  'acknowledgement',
  'amount',
  'currency',
  'due',
  'changed',
  'actor',
  'reason',
  'unread',
  'muted',
  'snoozedUntil',
  'version',
] as const;
export type Column = (typeof COLUMNS)[number];

export interface ExportWords {
  readonly headings: Readonly<Record<Column, string>>;
  readonly severities: Readonly<Record<Severity, string>>;
  readonly acknowledgements: Readonly<Record<AcknowledgementState, string>>;
  readonly yes: string;
  readonly no: string;
  readonly untilChanged: string;
  /** An unknown code stands for itself. */
  status(code: string): string;
}

const label =
  (labels: Readonly<Record<string, string>>) =>
  (code: string): string =>
    isStatusCode(code) ? (labels[code] ?? code) : code;

const en: ExportWords = {
  headings: {
    id: 'Contract',
    title: 'Title',
    parties: 'Counterparties',
    status: 'Status',
    statusCode: 'Status code',
    previous: 'Previous status',
    severity: 'Severity',
    actionRequired: 'Needs you',
    acknowledgement: 'Acknowledgement',
    amount: 'Amount',
    currency: 'Currency',
    due: 'Due',
    changed: 'Changed',
    actor: 'Changed by',
    reason: 'Reason',
    unread: 'Unread changes',
    muted: 'Muted',
    snoozedUntil: 'Snoozed until',
    version: 'Version',
  },
  severities: { info: 'Information', success: 'Success', warning: 'Warning', error: 'Problem' },
  acknowledgements: {
    none: '',
    held: 'About to be sent',
    sending: 'Being sent',
    unconfirmed: 'Not confirmed',
    sent: 'Acknowledged',
    failed: 'Not accepted',
    superseded: 'Overtaken by a newer change',
  },
  yes: 'yes',
  no: 'no',
  untilChanged: 'next change',
  status: label(STATUS_LABELS.en),
};

const ru: ExportWords = {
  headings: {
    id: 'Договор',
    title: 'Название',
    parties: 'Контрагенты',
    status: 'Статус',
    statusCode: 'Код статуса',
    previous: 'Прежний статус',
    severity: 'Важность',
    actionRequired: 'Ждёт вас',
    acknowledgement: 'Взятие в работу',
    amount: 'Сумма',
    currency: 'Валюта',
    due: 'Срок',
    changed: 'Последнее изменение',
    actor: 'Кто изменил',
    reason: 'Причина',
    unread: 'Непрочитанных изменений',
    muted: 'Без уведомлений',
    snoozedUntil: 'Отложен до',
    version: 'Версия',
  },
  severities: { info: 'Сведения', success: 'Успех', warning: 'Внимание', error: 'Проблема' },
  acknowledgements: {
    none: '',
    held: 'Скоро отправится',
    sending: 'Отправляется',
    unconfirmed: 'Не подтверждено',
    sent: 'Взято в работу',
    failed: 'Не принято',
    superseded: 'Опередило новое изменение',
  },
  yes: 'да',
  no: 'нет',
  untilChanged: 'следующего изменения',
  status: label(STATUS_LABELS.ru),
};

export const EXPORT_WORDS: Readonly<Record<Language, ExportWords>> = { en, ru };
