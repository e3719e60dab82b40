import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../protocol/settings.ts';
import { scriptedPulse } from '../testing/fixtures.ts';
import { createApi } from './api.ts';
import { createSettingsStore } from './settings-store.ts';

describe('the settings', () => {
  it('apply at once and are then what main has kept', async () => {
    const { pulse, next } = scriptedPulse();
    const store = createSettingsStore(createApi(pulse));
    const done = store.change({ theme: 'dark' });
    expect(store.getState().settings.theme).toBe('dark');
    await next('settings:change').answer({ ...DEFAULT_SETTINGS, theme: 'dark', density: 'compact' });
    await done;
    expect(store.getState().settings).toMatchObject({ theme: 'dark', density: 'compact' });
  });

  it('go back to what they were when main refuses, and say why', async () => {
    const { pulse, next } = scriptedPulse();
    const store = createSettingsStore(createApi(pulse));
    const done = store.change({ textScale: 150 });
    const refused = expect(done).rejects.toThrow('No room.');
    await next('settings:change').refuse(new Error('No room.'));
    await refused;
    expect(store.getState().settings.textScale).toBe(100);
  });

  it('do not jump back while a slider is drawn: an overtaken answer says nothing', async () => {
    const { pulse, next } = scriptedPulse();
    const store = createSettingsStore(createApi(pulse));
    void store.change({ textScale: 110 });
    void store.change({ textScale: 120 });
    await next('settings:change').answer({ ...DEFAULT_SETTINGS, textScale: 110 });
    expect(store.getState().settings.textScale).toBe(120);
    await next('settings:change').answer({ ...DEFAULT_SETTINGS, textScale: 120 });
    expect(store.getState().settings.textScale).toBe(120);
  });

  it('tell of a problem until it is put away, and of another one again', () => {
    const { pulse } = scriptedPulse();
    const store = createSettingsStore(createApi(pulse));
    const toTell = () => store.getState().problem !== store.getState().seen;
    const problem = { code: 'not_saved', fields: [], setAsideAt: null } as const;
    store.applySettings(DEFAULT_SETTINGS, problem);
    expect(toTell()).toBe(true);
    store.noteSeen();
    store.applySettings(DEFAULT_SETTINGS, { ...problem });
    expect(toTell()).toBe(false);
    store.applySettings(DEFAULT_SETTINGS, { ...problem, code: 'partly', fields: ['theme'] });
    expect(toTell()).toBe(true);
    store.applySettings(DEFAULT_SETTINGS, null);
    expect(store.getState().problem).toBe(null);
  });
});
