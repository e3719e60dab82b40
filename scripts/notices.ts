import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Somebody else's work in the package. */
export interface Component {
  readonly name: string;
  readonly version: string;
  /** SPDX expression. */
  readonly licence: string;
  /** The text of its licence, as it came. */
  readonly text: string;
}

/** What runs in the package; the rest are tools and tests. */
const ROOMS = ['electron', 'protocol', 'renderer'];
const NOT_PACKED = /(?:\.test\.tsx?|\.d\.ts)$|(?:^|\/)(?:testing|integration|third-party)\//;
const IMPORT =
  /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\(\s*)['"]((?:@[\w.-]+\/)?[a-z][\w.-]*)(?:\/[^'"]*)?['"]/g;
const OWN = new Set(['electron']);

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Names of the packages that the sources import. */
async function findImported(root: string): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const room of ROOMS) {
    for (const file of await readdir(join(root, room), { recursive: true })) {
      if (!/\.tsx?$/.test(file) || NOT_PACKED.test(file)) continue;
      const text = await readFile(join(root, room, file), 'utf8');
      for (const [, name = ''] of text.matchAll(IMPORT)) {
        if (!OWN.has(name) && existsSync(join(root, 'node_modules', name, 'package.json'))) names.add(name);
      }
    }
  }
  return names;
}

/** As Node finds it: in the dependent's own folder first. */
function findFolder(name: string, from: string, root: string): string {
  const nested = join(from, 'node_modules', name);
  return existsSync(nested) ? nested : join(root, 'node_modules', name);
}

/** @throws Error for a package without a licence: it may not be passed on */
function readComponent(folder: string): { readonly component: Component; readonly needs: readonly string[] } {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const { name, version, license } = manifest;
  if (typeof license !== 'string' || license === '') throw new Error(`${name} ${version} names no licence.`);
  const file = readdirSync(folder).find((each) => /^licen[cs]e(?:[.-]|$)/i.test(each));
  const text =
    file === undefined
      ? `(${license}; the package holds no text of it)`
      : readFileSync(join(folder, file), 'utf8');
  return {
    component: { name, version, licence: license, text: text.trim() },
    needs: Object.keys(manifest.dependencies ?? {}),
  };
}

/** All that the package holds of others, by name: what the sources import, and what that needs in turn. */
export async function findComponents(root: string): Promise<readonly Component[]> {
  const found = new Map<string, Component>();
  const waiting = [...(await findImported(root))].map((name) => findFolder(name, root, root));
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    if (found.has(folder) || !existsSync(join(folder, 'package.json'))) continue;
    const { component, needs } = readComponent(folder);
    found.set(folder, component);
    for (const name of needs) waiting.push(findFolder(name, folder, root));
  }
  return [...found.values()].toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
}

export function noticesText(components: readonly Component[]): string {
  const head =
    'Contract Pulse holds the work of others. Electron and Chromium bring their own notices beside the program.';
  const each = components.map(
    ({ name, version, licence, text }) => `${'-'.repeat(72)}\n${name} ${version} (${licence})\n\n${text}`,
  );
  return `${[head, ...each].join('\n\n')}\n`;
}

/** CycloneDX 1.5 (https://cyclonedx.org/docs/1.5/json/). The same for the same package: it holds no time and no random id. */
export function bomOf(components: readonly Component[], version: string, electron: string): object {
  const entry = (name: string, of: string, licence: string) => ({
    type: 'library',
    name,
    version: of,
    purl: `pkg:npm/${name.replace('@', '%40')}@${of}`,
    licenses: [{ expression: licence }],
  });
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: { type: 'application', name: 'contract-pulse', version } },
    components: [
      entry('electron', electron, 'MIT'),
      ...components.map(({ name, version: of, licence }) => entry(name, of, licence)),
    ],
  };
}

/** Puts both into `out/legal`, from where electron-builder.yml takes them. */
export async function writeNotices(root: string, electron: string): Promise<void> {
  const components = await findComponents(root);
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Manifest;
  const folder = join(root, 'out/legal');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'THIRD-PARTY-NOTICES.txt'), noticesText(components));
  await writeFile(
    join(folder, 'sbom.cdx.json'),
    `${JSON.stringify(bomOf(components, version, electron), null, 2)}\n`,
  );
}
