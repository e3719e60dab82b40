import type { Counterparty } from '../../protocol/event.ts';
import { isUsualTransition, STATUS_CODES, STATUSES } from '../../protocol/statuses.ts';
import type {
  AcknowledgementState,
  ContractDetail,
  ContractRow,
  TimelineEntry,
} from '../../protocol/view.ts';

/** Plausible contracts by index, the same each time; for looking at the window without Electron. */

const TITLES = [
  'Supply of structural steel, phase 2',
  'Поставка офисной мебели',
  'Cloud hosting and support 2026',
  'Договор аренды нежилого помещения по адресу: Санкт-Петербург, Лиговский проспект, 74, литера Б',
  'Framework agreement for translation services',
  'Капитальный ремонт кровли корпуса № 3',
  'Non-disclosure agreement',
  'Оказание юридических услуг',
  'Fleet leasing: twelve delivery vans and their full maintenance over forty-eight months',
  'Лицензия на программное обеспечение',
  'Catering for the annual meeting',
  'Перевозка сборных грузов',
];
const PARTIES = [
  'ООО «Ромашка»',
  'Nordlicht Stahl GmbH',
  'АО «Северо-Западная строительная компания»',
  'Acme Corporation',
  'ИП Константинопольский А. В.',
  'Blue Harbour Logistics Ltd',
  'ООО «Вектор»',
  'Sakura Trading K.K.',
];
const ACTORS = ['Анна Петрова', 'James Whitfield', 'Мария Соколова', 'Li Wei', 'Ольга Константинопольская'];
const REASONS = [
  'Цена выше согласованной на 4 %. Просим пересчитать спецификацию и прислать новую редакцию приложения № 2.',
  'The delivery dates in annex B do not match the framework agreement.',
  'Подписант в отпуске до 12 числа.',
];
/** Stands in every contract's history, for searches that find what the row does not show. */
export const EARLIER_REASON = REASONS[1] as string;
const CURRENCIES = ['RUB', 'EUR', 'USD', 'JPY'];

/** A small hash: the same index gives the same number in [0, n). */
export function pick(index: number, salt: number, n: number): number {
  let x = (index + 1) * 2_654_435_761 + salt * 40_503;
  x ^= x >>> 15;
  x = Math.imul(x, 2_246_822_519);
  x ^= x >>> 13;
  return (x >>> 0) % n;
}

function at<T>(items: readonly T[], index: number): T {
  return items[index % items.length] as T;
}

function previousOf(to: string): string | null {
  return STATUS_CODES.find((code) => isUsualTransition(code, to) && code !== to) ?? null;
}

function counterparty(index: number): Counterparty {
  const n = pick(index, 2, PARTIES.length);
  return { id: `p${n + 1}`, name: at(PARTIES, n), role: n % 2 === 0 ? 'supplier' : 'customer' };
}

export function fakeRow(index: number, now: number, change = 0): ContractRow {
  const to =
    index === 6 ? 'notarised_abroad' : at(STATUS_CODES, pick(index, 3 + change, STATUS_CODES.length));
  const model = STATUSES[to as keyof typeof STATUSES];
  const severity = model?.severity ?? 'info';
  const value = (pick(index, 5, 400) + 1) * 12_500;
  const actionRequired = severity === 'error' || (severity === 'warning' && index % 2 === 0);
  const ago = change > 0 ? 0 : index * 97_000 + index * index * 900;
  const acks: AcknowledgementState[] = ['none', 'none', 'sent', 'none', 'failed', 'none', 'superseded'];
  return {
    key: `1/C-${index}`,
    contractId: `C-2026-${String(index + 1).padStart(6, '0')}`,
    title: at(TITLES, pick(index, 1, TITLES.length)),
    counterparties: index % 7 === 0 ? [counterparty(index), counterparty(index + 1)] : [counterparty(index)],
    amount:
      index % 9 === 8
        ? null
        : { value: `${value}.${index % 3 === 0 ? '50' : '00'}`, currency: at(CURRENCIES, pick(index, 6, 4)) },
    dueAt: index % 4 === 3 ? null : new Date(now + (pick(index, 7, 40) - 4) * 86_400_000).toISOString(),
    version: 4 + change,
    from: index % 11 === 10 ? null : previousOf(to),
    to,
    unusual: index === 6,
    severity,
    actionRequired,
    actorName: at(ACTORS, pick(index, 8, ACTORS.length)),
    reasonText: model?.reasonRequired ? at(REASONS, index) : null,
    time: new Date(now - ago).toISOString(),
    unread: change > 0 || index < 9 ? 1 : 0,
    muted: index % 17 === 11,
    snoozed: change === 0 && index % 23 === 5 ? { until: index % 2 ? now + 68_400_000 : null } : null,
    found: null,
    acknowledgement: actionRequired && change === 0 ? at(acks, index) : 'none',
  };
}

export function fakeDetail(row: ContractRow, now: number, gap: boolean): ContractDetail {
  const path = ['draft', 'in_review', 'changes_requested', 'in_review', 'approved', 'sent', 'viewed'];
  const past: TimelineEntry[] = path.map((to, index) => ({
    eventId: `e7-0000001${8000 + index}`,
    version: index + 1,
    from: index === 0 ? null : (path[index - 1] as string),
    to,
    unusual: false,
    severity: STATUSES[to as keyof typeof STATUSES].severity,
    actionRequired: false,
    actorName: at(ACTORS, index),
    actorKind: 'employee',
    reasonCode: to === 'changes_requested' ? 'dates' : null,
    reasonText: to === 'changes_requested' ? EARLIER_REASON : null,
    time: new Date(now - (path.length - index) * 31_000_000).toISOString(),
    unread: false,
  }));
  const latest: TimelineEntry = {
    eventId: 'e7-00000018231',
    version: path.length + row.version - 3,
    from: row.from,
    to: row.to,
    unusual: row.unusual,
    severity: row.severity,
    actionRequired: row.actionRequired,
    actorName: row.actorName,
    actorKind: 'counterparty',
    reasonCode: row.reasonText ? 'price' : null,
    reasonText: row.reasonText,
    time: row.time,
    unread: row.unread > 0,
  };
  const { acknowledgement: state } = row;
  return {
    row,
    since: row.time,
    timeline: [latest, ...past.toReversed()].filter((entry) => !gap || entry.to !== 'approved'),
    earlierVersions: 3,
    hasGap: gap,
    lastViewed:
      Number(row.contractId.slice(-6)) % 3 !== 1
        ? null
        : {
            at: now - 2.2 * 86_400_000,
            version: row.version - 1,
            status: row.from ?? 'in_review',
            title: row.title,
            amount: row.amount && { ...row.amount, value: '1180000.00' },
            dueAt: row.dueAt && new Date(Date.parse(row.dueAt) - 12 * 86_400_000).toISOString(),
          },
    portalUrl: `https://portal.example.com/contracts/${encodeURIComponent(row.contractId)}`,
    acknowledgement: {
      state,
      at: state === 'held' ? now + 6500 : state === 'sent' ? now - 3_600_000 : null,
      by: state === 'sent' ? 'Анна Петрова' : null,
      problem:
        state === 'failed' ? { code: 'forbidden', params: { status: 403 }, detail: 'answered 403' } : null,
    },
  };
}
