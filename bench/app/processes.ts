import { readdir, readFile } from 'node:fs/promises';

/** Every process of one app: the main one and all that descend from it. Empty where there is no /proc. */
async function listFamily(root: number): Promise<readonly number[]> {
  const names = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const children = new Map<number, number[]>();
  for (const name of names) {
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    // The command's name, in brackets, may hold anything; the parent's id is the second field after it.
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    if (Number.isInteger(parent)) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const family = [root];
  for (const pid of family) family.push(...(children.get(pid) ?? []));
  return family;
}

/**
 * Proportional set size of all processes of an app, bytes: pages that several of them share are counted once in all.
 * https://docs.kernel.org/filesystems/proc.html (smaps_rollup); Linux only.
 */
export async function readProportionalSet(root: number): Promise<number> {
  let sum = 0;
  for (const pid of await listFamily(root)) {
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
    sum += Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024;
  }
  if (sum === 0) throw new Error('The system tells no proportional set size (/proc/PID/smaps_rollup).');
  return sum;
}
