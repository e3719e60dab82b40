import { app, dialog, type BrowserWindow } from 'electron';
import { basename, extname, join } from 'node:path';
import type { CoreDependencies } from '../app/core-types.ts';
import { saveWhole, toSaveError } from './save-file.ts';
import type { Words } from './words.ts';

type FileDialogs = Pick<CoreDependencies, 'saveFile' | 'saveCopy' | 'chooseFile'>;

/** Files leave the app, and come in, where a person says so in the system's dialogs; nothing else ever names one. */
export function createFileDialogs(window: () => BrowserWindow | null, words: () => Words): FileDialogs {
  const filterOf = (extension: string) => ({
    name: isNamed(extension) ? words().files[extension] : extension.toUpperCase(),
    extensions: [extension],
  });
  const isNamed = (extension: string): extension is keyof Words['files'] =>
    Object.hasOwn(words().files, extension);

  async function choosePlace(suggestedName: string): Promise<string | null> {
    const options = {
      defaultPath: join(app.getPath('documents'), basename(suggestedName)),
      filters: [filterOf(extname(suggestedName).slice(1))],
    };
    const parent = window();
    const answer = await (parent === null
      ? dialog.showSaveDialog(options)
      : dialog.showSaveDialog(parent, options));
    return answer.canceled || answer.filePath === '' ? null : answer.filePath;
  }

  return {
    async saveFile(suggestedName, write) {
      const path = await choosePlace(suggestedName);
      if (path !== null) await saveWhole(path, write);
      return path;
    },
    async saveCopy(suggestedName, make) {
      const path = await choosePlace(suggestedName);
      if (path !== null) {
        await make(path).catch((error: unknown) => {
          throw toSaveError(error);
        });
      }
      return path;
    },
    async chooseFile(extension) {
      const options: Electron.OpenDialogOptions = {
        defaultPath: app.getPath('documents'),
        filters: [filterOf(extension), { name: words().files.all, extensions: ['*'] }],
        properties: ['openFile'],
      };
      const parent = window();
      const answer = await (parent === null
        ? dialog.showOpenDialog(options)
        : dialog.showOpenDialog(parent, options));
      return answer.canceled ? null : (answer.filePaths[0] ?? null);
    },
  };
}
