/** The made-up world of the simulator: plausible, in Latin and Cyrillic, and free of real companies. */

export interface Party {
  readonly id: string;
  readonly name: string;
  readonly person: string;
  readonly language: 'en' | 'ru';
}

export const PARTIES: readonly Party[] = [
  { id: 'p1', name: 'Northwind Paper Ltd', person: 'Oliver Grant', language: 'en' },
  { id: 'p2', name: 'ООО «Ромашка»', person: 'Анна Павлова', language: 'ru' },
  { id: 'p3', name: 'Société Lumière SARL', person: 'Chloé Martin', language: 'en' },
  { id: 'p4', name: 'АО «Северный ветер»', person: 'Сергей Кузнецов', language: 'ru' },
  { id: 'p5', name: 'Müller & Söhne GmbH', person: 'Jürgen Müller', language: 'en' },
  { id: 'p6', name: 'ТОО «Алатау Логистик»', person: 'Айгуль Нурланова', language: 'ru' },
  { id: 'p7', name: 'Brightwater Facilities Inc.', person: 'Dana Whitfield', language: 'en' },
  { id: 'p8', name: 'ИП Щукин П. Ё.', person: 'Пётр Щукин', language: 'ru' },
  { id: 'p9', name: 'Kōyama Instruments K.K.', person: 'Haruto Kōyama', language: 'en' },
  { id: 'p10', name: 'ООО «Технострой-Юг»', person: 'Марина Гусева', language: 'ru' },
  { id: 'p11', name: 'Oakfield Training', person: 'Priya Raman', language: 'en' },
  { id: 'p12', name: 'ЗАО «Вектор Связь»', person: 'Илья Жуков', language: 'ru' },
];

export const TITLES = {
  en: [
    ['Supply of office paper', 'supplier'],
    ['Cleaning of the main building', 'contractor'],
    ['Lease of warehouse space', 'landlord'],
    ['Maintenance of lifts', 'contractor'],
    ['Software licences', 'licensor'],
    ['Transport of goods', 'carrier'],
    ['Staff training', 'contractor'],
    ['Confidentiality agreement', 'partner'],
    ['Supply of laboratory instruments', 'supplier'],
    ['Catering', 'contractor'],
  ],
  ru: [
    ['Поставка канцелярских товаров', 'supplier'],
    ['Аренда офисных помещений', 'landlord'],
    ['Техническое обслуживание оборудования', 'contractor'],
    ['Подряд на ремонт кровли', 'contractor'],
    ['Лицензии на программное обеспечение', 'licensor'],
    ['Перевозка грузов', 'carrier'],
    ['Оказание юридических услуг', 'contractor'],
    ['Соглашение о неразглашении', 'partner'],
    ['Поставка серверного оборудования', 'supplier'],
    ['Услуги связи', 'contractor'],
  ],
} as const;

export const COLLEAGUES = {
  en: ['Laura Bennett', 'Tom Fischer', 'Nadia Rossi', 'Marcus Lee'],
  ru: ['Ольга Смирнова', 'Виктор Зайцев', 'Юлия Фёдорова', 'Артём Волков'],
} as const;

export const REASONS = {
  en: [
    ['price', 'The price is above the approved budget.'],
    ['terms', 'The payment terms must be 30 days, not 10.'],
    ['documents', 'The power of attorney is missing.'],
    ['deadline', 'The delivery date cannot be met.'],
    ['duplicate', 'There is already an agreement on the same subject.'],
    ['details', 'The bank details in section 7 are out of date.'],
  ],
  ru: [
    ['price', 'Цена выше согласованного бюджета.'],
    ['terms', 'Срок оплаты должен быть 30 дней, а не 10.'],
    ['documents', 'Не приложена доверенность.'],
    ['deadline', 'Срок поставки невыполним.'],
    ['duplicate', 'Уже есть договор на тот же предмет.'],
    ['details', 'В разделе 7 устаревшие банковские реквизиты.'],
  ],
} as const;

/** Currency, smallest and largest amount in whole units, decimals (ISO 4217 minor units). */
export const CURRENCIES = {
  en: [
    ['EUR', 800, 250_000, 2],
    ['USD', 500, 400_000, 2],
    ['GBP', 500, 150_000, 2],
    ['JPY', 90_000, 30_000_000, 0],
  ],
  ru: [
    ['RUB', 20_000, 9_000_000, 2],
    ['KZT', 150_000, 60_000_000, 2],
    ['EUR', 1_000, 120_000, 2],
  ],
} as const;
