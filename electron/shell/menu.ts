import { Menu, app, type MenuItemConstructorOptions } from 'electron';
import type { MessageMap } from '../../protocol/ipc.ts';
import type { Words } from './words.ts';

export interface MenuActions {
  copySupport(): void;
  /** For the window, which has the same keys itself: they are shown here, and taken by it. */
  command(command: MessageMap['window:command']['command']): void;
  /** Null: back to 100 %. */
  scaleText(direction: 'larger' | 'smaller' | null): void;
}

/** The application menu: on macOS its own bar, elsewhere behind Alt; it gives the standard shortcuts their place. */
export function setMenu({ menu: say }: Words, contractActions: MenuActions): void {
  const isMac = process.platform === 'darwin';
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const quit: MenuItemConstructorOptions = { role: 'quit', label: say.quit };
  const close: MenuItemConstructorOptions = { role: 'close', label: say.close };
  const support: MenuItemConstructorOptions = { label: say.support, click: contractActions.copySupport };
  const settings: MenuItemConstructorOptions = {
    label: say.settings,
    accelerator: 'CommandOrControl+,',
    registerAccelerator: false,
    click: () => contractActions.command('settings'),
  };
  const shortcuts: MenuItemConstructorOptions = {
    label: say.shortcuts,
    click: () => contractActions.command('shortcuts'),
  };
  const about: MenuItemConstructorOptions = { role: 'about', label: say.about };

  const template: MenuItemConstructorOptions[] = [
    {
      role: 'editMenu',
      label: say.edit,
      submenu: [
        { role: 'undo', label: say.undo },
        { role: 'redo', label: say.redo },
        separator,
        { role: 'cut', label: say.cut },
        { role: 'copy', label: say.copy },
        { role: 'paste', label: say.paste },
        { role: 'selectAll', label: say.selectAll },
      ],
    },
    {
      role: 'viewMenu',
      label: say.view,
      submenu: [
        {
          label: say.palette,
          accelerator: 'CommandOrControl+K',
          registerAccelerator: false,
          click: () => contractActions.command('palette'),
        },
        separator,
        // Not Electron's zoom: the size of text is a setting, with bounds, and is the same at the next start.
        {
          label: say.actualText,
          accelerator: 'CommandOrControl+0',
          click: () => contractActions.scaleText(null),
        },
        {
          label: say.largerText,
          accelerator: 'CommandOrControl+Plus',
          click: () => contractActions.scaleText('larger'),
        },
        {
          label: say.largerText,
          accelerator: 'CommandOrControl+=',
          visible: false,
          acceleratorWorksWhenHidden: true,
          click: () => contractActions.scaleText('larger'),
        },
        {
          label: say.smallerText,
          accelerator: 'CommandOrControl+-',
          click: () => contractActions.scaleText('smaller'),
        },
        separator,
        { role: 'togglefullscreen', label: say.fullScreen },
        ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' as const, label: say.developer }]),
      ],
    },
  ];
  if (isMac) {
    template.unshift({
      label: app.name,
      submenu: [
        about,
        separator,
        settings,
        separator,
        { role: 'hide', label: say.hide },
        { role: 'hideOthers', label: say.hideOthers },
        { role: 'unhide', label: say.showAll },
        separator,
        quit,
      ],
    });
    template.push({
      role: 'windowMenu',
      label: say.window,
      submenu: [
        { role: 'minimize', label: say.minimize },
        { role: 'zoom', label: say.zoom },
        close,
        separator,
        { role: 'front', label: say.front },
      ],
    });
  } else {
    template.unshift({ role: 'fileMenu', label: say.file, submenu: [settings, separator, close, quit] });
  }
  template.push({
    role: 'help',
    label: say.help,
    submenu: isMac ? [shortcuts, support] : [shortcuts, support, about],
  });
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
