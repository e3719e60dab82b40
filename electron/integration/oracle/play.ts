import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createApp } from './app.ts';
import type { Tampering } from './app.ts';
import { createJudge, newCounts } from './judge.ts';
import type { Counts, Violation } from './judge.ts';
import { createModelReader } from './model.ts';
import type { Model } from './model.ts';
import type { WorldPlan } from './plans.ts';
import { seeded } from './seeded.ts';
import { sentencesOf, WORD_MAKERS } from './said.ts';
import type { Said, WordMakers } from './said.ts';
import { SENTENCES } from './sentences/table.ts';
import { playStep } from './steps.ts';
import type { Stage } from './steps.ts';
import { createToastJudge } from './toasts.ts';
import { createVirtualClock } from './virtual-clock.ts';
import { WORK_FOLDER } from './work-folder.ts';
import { NO_FAULTS } from './weather.ts';
import { createWire } from './wire.ts';
import type { ServeRequest } from './wire.ts';
import { createWorldServer } from './world-server.ts';

/** A planted lie: what is put between app and person, or between the app's own parts. */
export interface Lie {
  readonly name: string;
  readonly tampering?: Tampering;
  readonly words?: Partial<WordMakers>;
}

export interface Played {
  /** The first of each sentence. */
  readonly violations: readonly Violation[];
  /** What happened, line by line; after the first violation also the facts of the model. */
  readonly trace: readonly string[];
  /** Of virtual time, ms. */
  readonly passedMs: number;
}

const START = Date.parse('2026-11-23T10:00:00Z');
/** At the end everything is given time to come right. */
const CALM_END_MS = 150_000;
/** Where nothing happens, it is looked at so often: half of what the strictest sentence has to become true. */
const SOON_MS = 1_000;

/** Plays one world and compares, at each moment at which nothing is under way, what is said with what is so. */
export async function playWorld(plan: WorldPlan, counts: Counts = newCounts(), lie?: Lie): Promise<Played> {
  const folder = mkdtempSync(join(WORK_FOLDER, 'pulse-oracle-'));
  const clock = createVirtualClock(START);
  const random = seeded(plan.seed);
  const server = createWorldServer(plan.traits, clock, random);
  const serve: ServeRequest = (request, reply) => server.serve(request, reply);
  const wire = createWire(clock, plan.lagMs, serve);
  const app = createApp({
    folder,
    clock,
    wire,
    random: seeded(plan.seed + 1),
    ...(lie?.tampering === undefined ? {} : { tampering: lie.tampering }),
  });
  const words = { ...WORD_MAKERS, ...lie?.words };
  const reader = createModelReader({ clock, server, wire, app });
  const judge = createJudge(SENTENCES, counts);
  const toasts = createToastJudge(counts);
  const trace: string[] = [];
  const violations: Violation[] = [];
  let lastLine = '';
  let lastSeen: readonly unknown[] = [];
  let lastLookAt = -Infinity;

  function note(line: string): void {
    trace.push(`${String(Math.round((clock.now() - START) / 100) / 10).padStart(8)} s  ${line}`);
  }

  function noteSaid(said: readonly Said[]): void {
    const line = said
      .filter(({ key }) =>
        /^(connection\.(?!text|trouble)|receipt\.(?!today|missing|hole\.since|absence)|empty|contract|away)/.test(
          key,
        ),
      )
      .map(({ key, args }) => (args['n'] === undefined ? key : `${key}(${String(args['n'])})`))
      .join(', ');
    const { connection } = app.shown;
    const detail = connection?.state.phase === 'waiting' ? ` — ${connection.state.failure.detail}` : '';
    if (line !== lastLine) note(`says: ${line}${detail}`);
    lastLine = line;
  }

  /** Nothing has happened since the last look, and that was a moment ago: nothing can be seen. */
  function isAsBefore(): boolean {
    const { session, connection, receipt, contract, away, total, badge } = app.shown;
    const now = [session, connection, receipt, contract, away, total, badge, app.shown.toasts.length];
    const { published, life } = server;
    const all = [...now, wire.changes, published.length, life, app.runningSince, clock.computerAhead()];
    const isSame = all.every((one, index) => one === lastSeen[index]) && clock.now() - lastLookAt < SOON_MS;
    if (isSame) return true;
    lastSeen = all;
    lastLookAt = clock.now();
    return false;
  }

  function look(): void {
    if (app.runningSince === null || isAsBefore()) return;
    const model = reader.read();
    const said = sentencesOf(app.shown, clock.computer.now(), words);
    noteSaid(said);
    for (const violation of [...judge.look(model, said), ...toasts.look(model, app.shown)]) {
      note(`CAUGHT: ${violation.text}`);
      if (violations.length === 0) trace.push(...describe(model));
      violations.push(violation);
    }
  }

  async function settle(): Promise<void> {
    await app.settle();
    look();
  }
  /** One of a lie's untrue sentences is enough. */
  const isCaught = (): boolean => lie !== undefined && violations.length > 0;
  const pass = (ms: number): Promise<void> => clock.pass(ms, settle);

  const stage: Stage = {
    app,
    server,
    wire,
    clock,
    pass,
    async restart(how, meanwhile) {
      if (how === 'kill') app.kill();
      else await app.quit();
      judge.reset();
      toasts.reset();
      await meanwhile();
      await app.start();
    },
    newest: () => server.published.at(-1)?.contractId ?? null,
  };

  try {
    for (let count = 0; count < plan.before; count += 1) server.publish();
    if (plan.firstLook !== null) wire.faults.answers = plan.firstLook;
    note(`a server ${JSON.stringify(plan.traits)}, ${plan.before} changes before, lag ${plan.lagMs} ms`);
    if (plan.firstLook !== null) note(JSON.stringify(plan.firstLook));
    await app.start();
    await app.signIn();
    await pass(SOON_MS);
    for (let count = 0; count < (plan.missed ?? 0); count += 1) server.publish();
    await pass((plan.firstLook?.ms ?? 15_000) - SOON_MS);
    wire.faults.answers = null;
    if (plan.firstLook !== null) await pass(30_000);
    for (const step of plan.steps) {
      if (isCaught()) break;
      note(JSON.stringify(step));
      await playStep(stage, step);
    }
    note('calm');
    Object.assign(wire.faults, NO_FAULTS);
    clock.setComputerAhead(0);
    if (!isCaught()) await pass(CALM_END_MS);
    return { violations, trace, passedMs: clock.now() - START };
  } finally {
    app.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Facts by which a person can judge the judge. */
function describe(model: Model): readonly string[] {
  const { server, file, wire } = model;
  const short = (
    events: Iterable<{ id: string; contractId: string; version: number; form: string }>,
  ): string =>
    [...events]
      .slice(-8)
      .map(
        ({ id, contractId, version, form }) =>
          `${id} ${contractId}v${version}${form === 'good' ? '' : ` ${form}`}`,
      )
      .join(', ') || 'none';
  return [
    `--- so is it: ${server.published.length} published, ${file.stored.size} stored, ${file.setAside.size} set aside, baseline ${model.baseline ?? 'none'}, life ${server.life}`,
    `missing: ${short(model.missing())}`,
    `known to be missing: ${short(model.knownMissing)}`,
    `dropped: ${short(model.dropped)}`,
    `connected for ${model.connectedMs ?? 'no'} ms, waiting for ${model.waitingMs} ms, usually ${model.usualLatenessMs ?? '?'} ms late`,
    `open holes: ${JSON.stringify(file.gaps.filter((gap) => gap.healedAt === null))}`,
    `outbox: ${JSON.stringify([...file.outbox])}`,
    `published: ${server.published
      .map(
        ({ n, id, life, contractId, version, form, gone, undone }) =>
          `${n}=${id} ${contractId}v${version} L${life}${form === 'good' ? '' : ` ${form}`}${gone ? ' gone' : ''}${undone ? ' undone' : ''}${file.stored.has(server.published[n - 1]!) ? '' : ' -'}`,
      )
      .slice(-40)
      .join(', ')}`,
    'wire, newest last:',
    ...wire.log.slice(-14).map(
      (one) =>
        `  ${Math.round((one.startedAt - START) / 100) / 10} s ${one.kind} ${one.cursor ?? ''} → ${one.answer === null ? '-' : `${one.answer.status} by ${one.answer.by}`}${one.ended === null ? ', open' : `, ${one.ended.how} at ${Math.round((one.ended.at - START) / 100) / 10} s`}, carried ${one.carried
          .map((part) => (part.what === 'event' ? part.event.id : part.what))
          .slice(-6)
          .join(' ')}`,
    ),
  ];
}
