import { CSPProvider } from '@base-ui/react/csp-provider';
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { userEvent, type UserEvent } from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { I18nextProvider } from 'react-i18next';
import { onTestFinished, vi } from 'vitest';
import type { PulseApi, RequestChannel } from '../../protocol/ipc.ts';
import { FormatsContext } from '../i18n/context.ts';
import { createFormats } from '../i18n/format.ts';
import { createI18n } from '../i18n/i18n.ts';
import { createApi } from '../state/api.ts';
import { StoresContext } from '../state/context.ts';
import { connectStores, createStores, type Stores } from '../state/stores.ts';
import { createFakePulse } from './fake-pulse.ts';

export interface Shown {
  readonly stores: Stores;
  readonly user: UserEvent;
  /** What the component has asked of main, in turn, since it was drawn. */
  readonly asked: readonly { readonly channel: RequestChannel; readonly argument: unknown }[];
  /** How often each of these was asked. */
  count(channel: RequestChannel): number;
}

/**
 * Draws a component over the stores of a window that has started: `query` chooses its state as the address of `fake-pulse.ts` does.
 * The document's own functions (`screen`) find what it shows.
 */
export async function show(component: ReactNode, query = '', language: 'en' | 'ru' = 'en'): Promise<Shown> {
  const asked: { channel: RequestChannel; argument: unknown }[] = [];
  const pulse = createFakePulse(new URLSearchParams(query));
  const watched: PulseApi = {
    on: pulse.on,
    request(channel, ...rest) {
      asked.push({ channel, argument: rest[0] });
      return pulse.request(channel, ...rest);
    },
  };
  const kept = new Map<string, string>();
  const api = createApi(watched);
  const stores = createStores(
    api,
    { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) },
    Date.now,
  );
  const disconnect = await connectStores(stores, api, (run) => run());
  onTestFinished(() => {
    disconnect();
    cleanup();
  });
  const wanted = Number(new URLSearchParams(query).get('count') ?? 0);
  await vi.waitUntil(() => wanted === 0 || (stores.feed.getState().total ?? 0) > 0);
  asked.length = 0;
  render(
    <StoresContext value={stores}>
      <I18nextProvider i18n={createI18n(language)}>
        <FormatsContext value={createFormats(language === 'ru' ? 'ru-RU' : 'en-GB')}>
          <CSPProvider disableStyleElements>{component}</CSPProvider>
        </FormatsContext>
      </I18nextProvider>
    </StoresContext>,
  );
  return {
    stores,
    user: userEvent.setup(),
    asked,
    count: (channel) => asked.filter((one) => one.channel === channel).length,
  };
}

/** Everything that is read on the screen, in one line. */
export const text = (): string => (document.body.textContent ?? '').replaceAll(/\s+/g, ' ').trim();

export { act, fireEvent, screen };
