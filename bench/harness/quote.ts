import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { formatReport } from './report.ts';
import type { Benchmark, Report } from './types.ts';

const README = new URL('../README.md', import.meta.url);
const FRONT_PAGE = new URL('../../README.md', import.meta.url);
const ROOT = new URL('../../', import.meta.url);
const QUOTED = new URL('../quoted/', import.meta.url);

/** Throws an Error where a place for one of these is missing: better told before measuring than after. */
export function checkPlaces(benchmarks: readonly Benchmark[]): void {
  for (const { name, excerpt } of benchmarks) {
    for (const file of excerpt === undefined ? [README] : [README, FRONT_PAGE]) {
      const path = fileURLToPath(file);
      replaceQuote(readFileSync(path, 'utf8'), name, '', path);
    }
  }
}

/** Copied by a program, so that the README cannot say something else than was measured. */
export async function quoteReport(report: Report, { draw, excerpt }: Benchmark): Promise<void> {
  if (draw !== undefined) {
    const picture = fileURLToPath(new URL(draw.path, ROOT));
    mkdirSync(dirname(picture), { recursive: true });
    writeFileSync(picture, draw.svg(report));
  }
  mkdirSync(QUOTED, { recursive: true });
  writeFileSync(new URL(`${report.benchmark}.json`, QUOTED), `${JSON.stringify(report, null, 2)}\n`);
  await quoteInto(README, report.benchmark, formatReport(report, 3));
  if (excerpt !== undefined) await quoteInto(FRONT_PAGE, report.benchmark, excerpt(report));
}

async function quoteInto(file: URL, name: string, quote: string): Promise<void> {
  const path = fileURLToPath(file);
  const text = replaceQuote(readFileSync(path, 'utf8'), name, quote, path);
  writeFileSync(path, await format(text, { ...(await resolveConfig(path)), filepath: path }));
}

/** Replaces what stands between `<!-- quote NAME -->` and `<!-- end NAME -->`; throws an Error where they are missing. */
export function replaceQuote(text: string, name: string, quote: string, path = 'the text'): string {
  const start = `<!-- quote ${name} -->`;
  const end = `<!-- end ${name} -->`;
  const from = text.indexOf(start);
  const to = text.indexOf(end);
  if (from === -1 || to < from) throw new Error(`${path} has no place for ${name}: "${start}" … "${end}".`);
  return `${text.slice(0, from + start.length)}\n\n${quote}\n${text.slice(to)}`;
}
