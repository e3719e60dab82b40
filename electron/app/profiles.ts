import { open } from 'node:fs/promises';
import type { ProfileChoice } from '../../protocol/ipc.ts';
import {
  describeProfile,
  MAX_PROFILE_LENGTH,
  readProfile,
  type ServerProfile,
} from '../../protocol/profile/profile.ts';

export interface Profiles {
  /** Asks the person for a file; a profile is kept for the next sign-in, and takes the place of the one before. */
  choose(): Promise<ProfileChoice>;
  /** The text of one in place of a file. */
  take(json: string): ProfileChoice;
  /** The one chosen last. */
  chosen(): ServerProfile | null;
}

/** The window names no file and sees of a profile only what a person is shown. */
export function createProfiles(chooseFile: (extension: string) => Promise<string | null>): Profiles {
  let chosen: ServerProfile | null = null;

  const no = (detail: string): ProfileChoice => ({ problem: { code: 'bad_profile', detail } });

  function take(json: string): ProfileChoice {
    const profile = readProfile(json);
    if (!profile.ok) return no(profile.reason);
    chosen = profile.value;
    return describeProfile(chosen);
  }

  return {
    take,
    chosen: () => chosen,
    async choose() {
      const path = await chooseFile('json');
      if (path === null) return null;
      let text: string;
      try {
        text = await readBeginning(path);
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
        return no(`the file cannot be read: ${code}`);
      }
      return take(text);
    },
  };
}

/** A character takes at most four bytes: what is longer is refused as too long. */
async function readBeginning(path: string): Promise<string> {
  const file = await open(path);
  try {
    const bytes = Buffer.alloc(4 * MAX_PROFILE_LENGTH + 1);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return bytes.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
