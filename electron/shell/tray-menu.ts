import type { MenuItemConstructorOptions } from 'electron';
import type { Words } from './words.ts';

const NAME = 'Contract Pulse';

export interface TrayWords {
  readonly tooltip: string;
  readonly menu: MenuItemConstructorOptions[];
}

/** What the tray says of that many contracts that need the user, and offers. */
export function describeTray(
  { tray }: Pick<Words, 'tray'>,
  count: number,
  { open, quit }: { open(): void; quit(): void },
): TrayWords {
  const state = count === 0 ? tray.nothing : `${tray.needing} ${count}`;
  return {
    tooltip: `${NAME} · ${state}`,
    menu: [
      { label: tray.open, click: open },
      { type: 'separator' },
      { label: state, enabled: false },
      { type: 'separator' },
      { label: tray.quit, click: quit },
    ],
  };
}
