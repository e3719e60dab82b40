import { stat } from 'node:fs/promises';
import { relative } from 'node:path';
import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';

/** Those that take longest, most of it waiting: begun last, they would keep the others waiting. */
const LONG = [
  'what-is-said',
  'property',
  'kill',
  'oracle/oracle',
  'oracle/lies',
  'session',
  'credentials',
].map((name) => `electron/integration/${name}.test.ts`);

async function weigh(path: string, root: string): Promise<number> {
  const at = LONG.indexOf(relative(root, path));
  return at === -1 ? (await stat(path)).size : Number.MAX_SAFE_INTEGER - at;
}

/** Also on a machine that has never run them before. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const root = this.ctx.config.root;
    const weighed = await Promise.all(
      files.map(async (file) => ({ file, weight: await weigh(file.moduleId, root) })),
    );
    // Those that share processes are together, so that they do.
    const isAlone = (file: TestSpecification): number => (file.project.name === 'alone' ? 0 : 1);
    return weighed
      .toSorted((a, b) => isAlone(a.file) - isAlone(b.file) || b.weight - a.weight)
      .map(({ file }) => file);
  }
}
