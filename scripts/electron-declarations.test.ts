import { expect, test } from 'vitest';
import { differing, findUses, readDeclarations } from './electron-declarations.ts';

const OLD = `
declare namespace Electron {
  interface Clipboard {
    /**
     * Writes.
     */
    writeText(text: string, type?: 'selection'): void;
    readText(): string;
  }
  class App extends NodeEventEmitter {
    on(event: 'login', listener: (event: Event,
                                  url: string) => void): this;
    once(event: 'login', listener: Function): this;
    readonly isPackaged: boolean;
  }
}`;
const NEW = OLD.replace(
  "writeText(text: string, type?: 'selection'): void",
  'writeText(text: string): Promise<void>',
);

test('members and events are found by the interface that declares them', () => {
  const found = readDeclarations(OLD);
  expect([...(found.get('Clipboard') ?? [])]).toEqual([
    ['writeText', ["writeText(text: string, type?: 'selection'): void;"]],
    ['readText', ['readText(): string;']],
  ]);
  expect([...(found.get('App')?.keys() ?? [])]).toEqual(["'login'", 'once', 'isPackaged']);
});

test('of what is used, what is declared differently is told', () => {
  const uses = findUses(
    "clipboard.writeText(text); clipboard.readText(); app.on('login', () => {}); app.isPackaged;",
  );
  expect(uses.map(({ api }) => api)).toEqual([
    "app 'login'",
    'app.isPackaged',
    'clipboard.writeText',
    'clipboard.readText',
  ]);
  const [old, now] = [readDeclarations(OLD), readDeclarations(NEW)];
  expect(differing(uses, old, now).map(({ api }) => api)).toEqual(['clipboard.writeText']);
  expect(differing(uses, old, old)).toEqual([]);
});
