import { buildApp } from '../scripts/build.ts';
import { withDisplay } from '../scripts/display.ts';
import { runCommand } from '../scripts/lifetime.ts';
import {
  shootEmpty,
  shootFeed,
  shootHundredThousand,
  shootNarrow,
  shootSignIn,
  shootFailure,
} from './pictures/scenes.ts';
import { tellStory } from './pictures/story.ts';
import {
  shootAway,
  shootFilter,
  shootMany,
  shootOverview,
  shootPalette,
  shootSettings,
} from './pictures/work-scenes.ts';
import { signIn, withStudio, type Language } from './pictures/studio.ts';

/** Makes the pictures of README and docs: the real app against a seeded server, in both themes and languages. */
await runCommand(async () => {
  if (!process.argv.includes('--no-build')) await buildApp(console.log);
  await withDisplay({ log: console.log, always: true }, async (env) => {
    for (const language of ['en', 'ru'] as const satisfies readonly Language[]) {
      await withStudio({ language, env }, async (studio) => {
        for (const shoot of [shootSignIn, shootFeed, shootFailure, shootNarrow]) await shoot(studio);
      });
      await withStudio({ language, env }, async (studio) => {
        await signIn(studio);
        tellStory(studio);
        for (const shoot of [shootMany, shootFilter, shootPalette, shootSettings, shootOverview, shootAway])
          await shoot(studio);
      });
      await withStudio({ language, env, server: { contracts: 0, backlog: 0 } }, shootEmpty);
      const many = { contracts: 100_000, backlog: 2_000, heartbeatMs: 2_000 };
      await withStudio({ language, env, server: many }, shootHundredThousand);
    }
  });
  return 0;
});
