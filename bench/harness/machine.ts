import { cpus, totalmem } from 'node:os';

/** One line: figures mean nothing without the machine they are from. */
export function describeMachine(): string {
  const all = cpus();
  const model = all[0]?.model.trim() || 'unknown processor';
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${model}, ${all.length} cores, ${memory} GiB, ${process.platform} ${process.arch}, Node ${process.versions.node}`;
}
