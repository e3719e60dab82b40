/** The oldest Electron that people are given; package.json pins it. */
const FIRST_SUPPORTED = 45;

/**
 * Whether this Electron is an older one, such as the registry's copy (scripts/electron-registry-copy.ts): somebody else's build,
 * without the engine's later corrections. It may be given no password that is worth something.
 */
export function isTestRuntime(version: string | undefined): boolean {
  return !(Number.parseInt(version ?? '', 10) >= FIRST_SUPPORTED);
}
