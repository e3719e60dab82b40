import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { ExportResult } from '../../protocol/ipc.ts';
import type { CoreDependencies } from '../app/core-types.ts';
import { saveWhole } from '../shell/save-file.ts';
import { ALL, until } from './harness.ts';
import { createScenario } from './scenario.ts';
import type { Scenario, ScenarioOptions } from './scenario.ts';

let scenario: Scenario | null = null;

afterEach(async () => {
  await scenario?.close();
  scenario = null;
});

const PAGE = { offset: 0, limit: 5 };

/** A person who always saves into the app's folder; `onPiece` looks on as the file is written. */
function saving(onPiece: () => void = () => {}): Partial<CoreDependencies> {
  return {
    async saveFile(name, write) {
      const path = join(scenario?.harness.folder ?? '', name);
      await saveWhole(path, (put) =>
        write(async (text) => {
          await put(text);
          onPiece();
        }),
      );
      return path;
    },
  };
}

async function begin(options: ScenarioOptions = {}): Promise<Scenario> {
  scenario = await createScenario({ deps: saving(), ...options });
  await scenario.harness.signIn(scenario.server.url);
  await scenario.live();
  return scenario;
}

function pathOf(result: ExportResult): string {
  if (!result.saved) throw new Error('nothing was saved');
  return result.path;
}

interface Exported {
  readonly contracts: readonly {
    readonly contractId: string;
    readonly amount: { readonly value: string } | null;
    readonly envelope: { readonly id: string; readonly data: unknown } | null;
  }[];
}

const readJson = async (result: ExportResult) =>
  JSON.parse(await readFile(pathOf(result), 'utf8')) as Exported;

test('a view as CSV, byte by byte: order, umlauts, Cyrillic, line ends, and formulas that are none any more', async () => {
  const { harness, server, userId, ...made } = await begin({ server: { contracts: 0, backlog: 0 } });
  const common = { from: 'draft', to: 'sent', severity: 'info', actionRequired: false } as const;
  const due = { dueAt: '2026-10-14T21:00:00Z', actor: 'Jörg Müller' };
  const events = [
    { contractId: 'C-1', title: 'Müller & Söhne, "Los 7"', counterparty: '=1+1', reason: 'eins\r\nzwei' },
    { contractId: 'Д-2', title: '@SUM(A1:A9)', counterparty: 'ООО «Ёлка»', reason: '-5 %' },
  ].map((event) =>
    server.control.publish(userId, {
      ...common,
      ...due,
      ...event,
      amount: { value: '-1250000.10', currency: 'EUR' },
    }),
  );
  await made.complete();
  const result = await harness.core.handle('view:export', { filter: ALL, format: 'csv' });
  const [first, second] = events.map((event) => event.time);
  const bytes = await readFile(pathOf(result));
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  // Anna reads Russian.
  expect(bytes.toString('utf8')).toBe(
    '\uFEFFДоговор,Название,Контрагенты,Статус,Код статуса,Прежний статус,Важность,Ждёт вас,Взятие в работу,' +
      'Сумма,Валюта,Срок,Последнее изменение,Кто изменил,Причина,Непрочитанных изменений,Без уведомлений,Отложен до,Версия\r\n' +
      `Д-2,'@SUM(A1:A9),ООО «Ёлка»,На подписании,sent,Черновик,Сведения,нет,,-1250000.10,EUR,2026-10-14T21:00:00Z,` +
      `${second},Jörg Müller,'-5 %,1,нет,,1\r\n` +
      `C-1,"Müller & Söhne, ""Los 7""",'=1+1,На подписании,sent,Черновик,Сведения,нет,,-1250000.10,EUR,2026-10-14T21:00:00Z,` +
      `${first},Jörg Müller,"eins\r\nzwei",1,нет,,1\r\n`,
  );
  expect(result).toMatchObject({ saved: true, contracts: 2, neutralised: 3 });
  expect(pathOf(result)).toMatch(/contracts-\d{4}-\d\d-\d\d\.csv$/);
});

test('JSON is exact: amounts as strings, and the envelope as the server sent it', async () => {
  const { harness, server, userId, ...made } = await begin();
  const amount = { value: '90071992547409931.10', currency: 'RUB' };
  const event = server.control.publish(userId, { contractId: 'C-BIG', to: 'sent', amount });
  await made.complete();
  const result = await harness.core.handle('view:export', {
    filter: { view: 'unread', text: '' },
    format: 'json',
  });
  const { contracts } = await readJson(result);
  const found = contracts.find((contract) => contract.contractId === 'C-BIG');
  expect(found?.amount).toEqual(amount);
  expect(found?.envelope).toEqual(event);
  const { total } = await harness.core.handle('view:open', {
    filter: { view: 'unread', text: '' },
    range: PAGE,
  });
  expect(contracts).toHaveLength(total);
});

test('a long export while changes pour in: every contract once, and the list goes on', async () => {
  let pieces = 0;
  const { harness, server, userId, ...made } = await begin({
    server: { contracts: 1_600, backlog: 0 },
    deps: saving(() => {
      // What changes moves to the top, past the page that comes next.
      if (pieces++ === 1) server.control.advance(300, userId);
    }),
  });
  const opened = await harness.core.handle('view:open', { filter: ALL, range: PAGE });
  const result = await harness.core.handle('view:export', { filter: ALL, format: 'json' });
  await made.complete();
  const ids = (await readJson(result)).contracts.map((contract) => contract.contractId);
  expect(new Set(ids).size).toBe(opened.total);
  expect(ids).toHaveLength(opened.total);
  expect(pieces).toBeGreaterThan(4);
  await until(() => harness.window.batches().length > 0, 'the list to follow');
});

test('a filter, a search and an order are those of the list', async () => {
  const { harness, server, userId, ...made } = await begin({ server: { contracts: 0, backlog: 0 } });
  for (const [contractId, value] of [
    ['C-9', '9.00'],
    ['C-100', '100.00'],
    ['C-20', '20.00'],
  ] as const)
    server.control.publish(userId, {
      contractId,
      title: 'Ёлочные игрушки',
      to: 'sent',
      amount: { value, currency: 'EUR' },
    });
  server.control.publish(userId, { contractId: 'C-OTHER', title: 'Something else', to: 'sent' });
  await made.complete();
  const result = await harness.core.handle('view:export', {
    filter: { view: 'all', text: 'елоч', sort: { by: 'amount', descending: true } },
    format: 'json',
  });
  const { contracts } = await readJson(result);
  expect(contracts.map((contract) => contract.contractId)).toEqual(['C-100', 'C-20', 'C-9']);
});

test('nothing is left behind by one who changes their mind, by a disk that refuses, or by signing out meanwhile', async () => {
  let mode: 'cancel' | 'refuse' | 'leave' = 'cancel';
  const { harness } = await begin({
    server: { contracts: 1_200, backlog: 0 },
    deps: {
      async saveFile(name, write) {
        if (mode === 'cancel') return null;
        const path = join(scenario?.harness.folder ?? '', mode === 'refuse' ? 'gone' : '', name);
        let left: Promise<void> | null = null;
        await saveWhole(path, (put) =>
          write(async (text) => {
            await put(text);
            left ??= harness.core.handle('session:signOut', undefined);
          }),
        );
        return path;
      },
    },
  });
  const before = await readdir(harness.folder);
  const run = () => harness.core.handle('view:export', { filter: ALL, format: 'csv' });
  expect(await run()).toEqual({ saved: false });
  mode = 'refuse';
  await expect(run()).rejects.toMatchObject({ failure: { code: 'fileNoFolder' } });
  mode = 'leave';
  await expect(run()).rejects.toMatchObject({ failure: { code: 'exportEnded' } });
  expect((await readdir(harness.folder)).filter((name) => !before.includes(name))).toEqual([]);
});
