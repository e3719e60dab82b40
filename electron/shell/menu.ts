import { Menu, app, type MenuItemConstructorOptions } from 'electron';
import type { Words } from './words.ts';

/** The application menu: on macOS its own bar, elsewhere behind Alt; it gives the standard shortcuts their place. */
export function setMenu({ menu: say }: Words, copySupport: () => void): void {
  const isMac = process.platform === 'darwin';
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const quit: MenuItemConstructorOptions = { role: 'quit', label: say.quit };
  const close: MenuItemConstructorOptions = { role: 'close', label: say.close };
  const support: MenuItemConstructorOptions = { label: say.support, click: copySupport };
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
        { role: 'resetZoom', label: say.actualSize },
        { role: 'zoomIn', label: say.zoomIn },
        { role: 'zoomOut', label: say.zoomOut },
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
    template.unshift({ role: 'fileMenu', label: say.file, submenu: [close, quit] });
  }
  template.push({ role: 'help', label: say.help, submenu: isMac ? [support] : [support, about] });
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
