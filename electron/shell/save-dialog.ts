import { app, dialog, type BrowserWindow } from 'electron';
import { basename, extname, join } from 'node:path';
import type { CoreDependencies } from '../app/core-types.ts';
import { saveWhole } from './save-file.ts';

/** Asks by the system's dialog where a file is to be saved, and saves it there. */
export function createSaveFile(window: () => BrowserWindow | null): CoreDependencies['saveFile'] {
  async function choose(suggestedName: string): Promise<string | null> {
    const extension = extname(suggestedName).slice(1);
    const options = {
      defaultPath: join(app.getPath('documents'), basename(suggestedName)),
      filters: [{ name: extension.toUpperCase(), extensions: [extension] }],
    };
    const parent = window();
    const answer = await (parent === null
      ? dialog.showSaveDialog(options)
      : dialog.showSaveDialog(parent, options));
    return answer.canceled || answer.filePath === '' ? null : answer.filePath;
  }

  return async (suggestedName, write) => {
    const path = await choose(suggestedName);
    if (path !== null) await saveWhole(path, write);
    return path;
  };
}
