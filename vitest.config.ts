import { globSync, readFileSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { relative } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Proofs that take minutes or need more of the machine: `npm run test:nightly` sets NIGHTLY=1. */
const isNightly = process.env['NIGHTLY'] === '1';

const include = ['{protocol,electron,renderer,server-mock,scripts,bench}/**/*.test.{ts,tsx}'];
/** Globs, separated by commas, of what is left out of this run: exclusions by the command line do not reach projects. */
const without = (process.env['TESTS_WITHOUT'] ?? '').split(',').filter((glob) => glob !== '');
const exclude = [...configDefaults.exclude, ...(isNightly ? [] : ['**/*.nightly.test.ts']), ...without];

/**
 * Files that change their process, or measure it, have one each. The others take turns in a few processes: half a second of CPU
 * for each file is half of all that the short ones take.
 */
const ALONE =
  /vi\.(?:mock|hoisted|stubGlobal|stubEnv)\(|process\.(?:cpuUsage|memoryUsage)\(|process\.env\['TZ'\]|setFlagsFromString\(/;
const alone = globSync(include, { cwd: import.meta.dirname, exclude: ['**/node_modules/**'] }).filter(
  (file) => ALONE.test(readFileSync(`${import.meta.dirname}/${file}`, 'utf8')),
);

/** Drawn into a document, without a browser. */
const components = ['renderer/**/*.test.tsx'];

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

/** Also on a machine that has never run them before. Those that share processes come one after the other, so that they do. */
class LongestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const weigh = ({ moduleId }: TestSpecification): number => {
      const at = LONG.indexOf(relative(import.meta.dirname, moduleId));
      return at === -1 ? statSync(moduleId).size : Number.MAX_SAFE_INTEGER - at;
    };
    const isShared = ({ project }: TestSpecification): number => (project.config.isolate ? 0 : 1);
    return Promise.resolve(files.toSorted((a, b) => isShared(a) - isShared(b) || weigh(b) - weigh(a)));
  }
}

export default defineConfig({
  test: {
    // When to give up, not how long it may take: a machine that is ten times slower for a while is no failure.
    testTimeout: 300_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    // Style sheets read as text (?raw) are checked too: contrast, one shape a family.
    css: true,
    tags: [
      { name: 'long', description: 'Seconds of work, not of waiting: npm test -- quick leaves it out.' },
    ],
    pool: 'forks',
    globalSetup: ['electron/ledger/testing/build-worker.ts'],
    sequence: { sequencer: LongestFirst },
    // Half of the time is waiting for delays, sockets and other processes.
    maxWorkers: Math.min(8, 2 * availableParallelism()),
    projects: [
      { extends: true, test: { name: 'alone', include: alone, exclude, isolate: true } },
      {
        extends: true,
        test: { name: 'together', include, exclude: [...exclude, ...alone, ...components], isolate: false },
      },
      {
        extends: true,
        test: { name: 'components', include: components, exclude, isolate: false, environment: 'happy-dom' },
      },
    ],
  },
});
