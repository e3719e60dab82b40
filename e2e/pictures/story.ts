import type { PublishOptions } from '../../server-mock/types.ts';
import { inDays } from '../fixtures/portfolio.ts';
import type { Studio } from './studio.ts';

export const DECLINED = 'C-2026-0117';

/** A day in the life of the user, with the last changes just now. */
export function tellStory({ server, user, language }: Studio): void {
  const english = language === 'en';
  const { control } = server;
  control.advance(4, user.id);
  const others: readonly PublishOptions[] = [
    {
      contractId: 'C-2026-0109',
      title: english ? 'Lease of the second warehouse' : 'Аренда второго склада',
      counterparty: english ? 'Blue Harbour Logistics Ltd' : 'ООО «Портовые линии»',
      amount: { value: '48000.00', currency: english ? 'USD' : 'RUB' },
      dueAt: inDays(-4),
      from: 'sent',
      to: 'viewed',
      actionRequired: false,
    },
    {
      contractId: 'C-2026-0112',
      title: english ? 'Server maintenance 2026–2028' : 'Обслуживание серверов, 2026–2028',
      counterparty: english ? 'Kōyama Instruments K.K.' : 'АО «Северный ветер»',
      dueAt: inDays(2),
      from: 'in_review',
      to: 'changes_requested',
      reason: english
        ? 'Please shorten the notice period to three months.'
        : 'Просим сократить срок уведомления до трёх месяцев.',
      actionRequired: true,
    },
  ];
  for (const change of others) control.publish(user.id, change);
  const title = english ? 'Supply of steel profiles, lot 4' : 'Поставка стального профиля, лот 4';
  const counterparty = english ? 'Norden Stahl AG' : 'ООО «Ромашка»';
  const amount = { value: '1250000.00', currency: english ? 'EUR' : 'RUB' };
  const changes: readonly PublishOptions[] = [
    { to: 'draft' },
    { from: 'draft', to: 'in_review' },
    { from: 'in_review', to: 'approved' },
    { from: 'approved', to: 'sent' },
    { from: 'sent', to: 'viewed' },
    {
      from: 'viewed',
      to: 'declined',
      severity: 'error',
      actionRequired: true,
      reason: english
        ? 'The price is above the framework agreement. Please send a corrected version with the prices of annex 2.'
        : 'Цена выше, чем в рамочном договоре. Пришлите исправленную версию с ценами из приложения 2.',
    },
  ];
  for (const change of changes)
    control.publish(user.id, {
      contractId: DECLINED,
      title,
      counterparty,
      amount,
      dueAt: inDays(5),
      actor: english ? 'Anna Petrova' : 'Ольга Смирнова',
      ...change,
    });
}
