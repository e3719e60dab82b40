import { isDeepStrictEqual } from 'node:util';
import { DEFAULT_SETTINGS } from '../../protocol/settings.ts';
import type { Settings, SettingsChange, SettingsProblem } from '../../protocol/settings.ts';
import type { Log } from '../ports/log.ts';
import { renameFile } from '../ports/replace-file.ts';
import { createRerun } from '../ports/serial.ts';
import { requestError } from '../../protocol/failures.ts';
import { findSettings, MAX_LENGTH, parseSettings, writeWhole } from './settings-file.ts';

/** The settings in use, and what is wrong with their file. */
export interface SettingsStore {
  current(): Settings;
  problem(): SettingsProblem | null;
  /**
   * Applied at once; resolves when the disk has taken or refused it. One it refused still holds for this run, and
   * `problem` says so. Never rejects for the disk's sake; with `settingsFull`, changing nothing, where the file would become too long
   * to be read again.
   */
  change(change: SettingsChange): Promise<Settings>;
  /** Resolves when nothing is being written any more; what the disk has refused is offered to it once more. */
  settled(): Promise<void>;
}

export interface SettingsOptions {
  /** `settings.json`; its folder exists. */
  readonly path: string;
  /** Client clock, epoch ms: names a file that is set aside. */
  readonly now: () => number;
  readonly log: Log;
  /** Settings or their problem have changed. */
  onChange(settings: Settings, problem: SettingsProblem | null): void;
}

/**
 * Opens the one file of settings. What cannot be read is set aside as `NAME.damaged-TIME`, never overwritten; single
 * fields that are garbage are as usual again; what a newer version has put there stays.
 */
export async function openSettings(options: SettingsOptions): Promise<SettingsStore> {
  const { path, log } = options;
  let settings: Settings = DEFAULT_SETTINGS;
  let rest: Readonly<Record<string, unknown>> = {};
  let problem: SettingsProblem | null = null;

  const found = findSettings(path);
  const read = found.state === 'read' ? parseSettings(found.text) : null;
  if (read !== null) {
    ({ settings, rest } = read);
    if (read.garbage.length > 0) problem = { code: 'partly', fields: read.garbage, setAsideAt: null };
  } else if (found.state !== 'absent') {
    problem = { code: 'unreadable', fields: [], setAsideAt: await setAside() };
  }
  if (problem !== null) log.warn(`settings: ${problem.code} ${problem.fields.join(', ')}`.trim());

  async function setAside(): Promise<string | null> {
    const target = `${path}.damaged-${new Date(options.now()).toISOString().replaceAll(/[:.]/g, '-')}`;
    try {
      await renameFile(path, target);
      return target;
    } catch (error) {
      log.warn(`settings: the unreadable file could not be set aside (${codeOf(error)})`);
      return null;
    }
  }

  const textOf = (all: Settings): string => `${JSON.stringify({ ...rest, ...all }, null, 2)}\n`;

  const saving = createRerun(async () => {
    try {
      await writeWhole(path, textOf(settings));
      setProblem(null);
    } catch (error) {
      log.warn(`settings: they could not be saved (${codeOf(error)})`);
      setProblem({ code: 'not_saved', fields: [], setAsideAt: null });
    }
  });

  function setProblem(next: SettingsProblem | null): void {
    if (isDeepStrictEqual(next, problem)) return;
    problem = next;
    options.onChange(settings, problem);
  }

  return {
    current: () => settings,
    problem: () => problem,
    async change(change) {
      const next = { ...settings, ...change };
      if (!isDeepStrictEqual(next, settings)) {
        if (textOf(next).length > MAX_LENGTH) throw requestError('settingsFull');
        settings = next;
        options.onChange(settings, problem);
      } else if (problem === null) {
        return settings;
      }
      await saving.ask();
      return settings;
    },
    async settled() {
      if (problem?.code === 'not_saved') await saving.ask();
      await saving.settled();
    },
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
