import { expect, test } from 'vitest';
import { ROOT } from './build.ts';
import { bomOf, findComponents, noticesText } from './notices.ts';

test('the package names all that it holds of others, with licence and text, and none of the tools', async () => {
  const components = await findComponents(ROOT);
  const names = components.map(({ name }) => name);
  for (const name of [
    '@base-ui/react',
    '@photostructure/sqlite',
    'i18next',
    'node-gyp-build',
    'react',
    'scheduler',
  ])
    expect(names).toContain(name);
  for (const name of [
    'electron',
    'fastify',
    'oidc-provider',
    'playwright',
    'typescript',
    'vitest',
    'fast-check',
  ])
    expect(names).not.toContain(name);
  expect(new Set(components.map(({ name, version }) => `${name} ${version}`)).size).toBe(components.length);
  for (const { name, version, licence, text } of components) {
    expect(licence, name).toMatch(/^[\w.\- ()]+$/);
    expect(text.length, name).toBeGreaterThan(10);
    expect(noticesText(components)).toContain(`${name} ${version} (${licence})`);
  }
  expect(bomOf(components, '1.0.0', '45.4.1')).toMatchObject({
    bomFormat: 'CycloneDX',
    components: [{ name: 'electron', version: '45.4.1' }, ...names.map((name) => ({ name }))],
  });
});
