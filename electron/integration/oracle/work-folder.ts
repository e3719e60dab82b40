import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** Where a world's files are written: in memory where the system has a place for that, so that no disk is waited for. */
export const WORK_FOLDER = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
