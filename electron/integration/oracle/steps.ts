import type { App } from './app.ts';
import type { Step } from './plans.ts';
import type { createVirtualClock } from './virtual-clock.ts';
import type { createWire } from './wire.ts';
import type { createWorldServer } from './world-server.ts';

/** What a step can act upon. */
export interface Stage {
  readonly app: App;
  readonly server: ReturnType<typeof createWorldServer>;
  readonly wire: ReturnType<typeof createWire>;
  readonly clock: ReturnType<typeof createVirtualClock>;
  pass(ms: number): Promise<void>;
  restart(how: 'quit' | 'kill', meanwhile: () => Promise<void>): Promise<void>;
  newest(): string | null;
}

export async function playStep(stage: Stage, step: Step): Promise<void> {
  const { app, server, wire, clock, pass } = stage;
  switch (step.do) {
    case 'pass':
      return pass(step.ms);
    case 'publish':
      for (let count = 0; count < step.events; count += 1) {
        // One of several is odd: a server all of whose events are is another server.
        server.publish({ form: count === 0 ? step.form : 'good' });
        if (step.everyMs > 0) await pass(step.everyMs);
      }
      await openNewest(stage);
      return pass(10_000);
    case 'steady':
      for (let count = 0; count < 60; count += 1) {
        if (count === 10) wire.cutOpen();
        server.publish();
        await pass(700);
      }
      return pass(5_000);
    case 'withhold':
      server.publish({ withhold: true });
      await pass(1_000);
      server.publish();
      return pass(20_000);
    case 'foreign':
      for (let count = 0; count < step.events; count += 1) server.publishForeign(step.name);
      return pass(10_000);
    case 'cut':
      wire.cutOpen();
      return pass(15_000);
    case 'freeze':
      wire.faults.frozen = true;
      wire.freezeOpen();
      server.publish();
      await pass(step.ms);
      wire.faults.frozen = false;
      return pass(30_000);
    case 'offline':
      await openNewest(stage);
      wire.faults.offline = true;
      wire.cutOpen();
      app.wake('network');
      await pass(2_000);
      if (step.acknowledge) {
        const contractId = await acknowledge(stage);
        // While it waits to be sent, the contract may move on.
        if (contractId !== null && step.ms > 60_000) server.publish({ contractId });
      }
      server.publish();
      await pass(step.ms);
      wire.faults.offline = false;
      app.wake('network');
      return pass(40_000);
    case 'server_away':
      wire.faults.down = true;
      wire.cutOpen();
      await pass(step.ms);
      server.beginLife(step.life);
      wire.faults.down = false;
      await pass(30_000);
      for (let count = 0; count < 3; count += 1) {
        server.publish();
        await pass(2_000);
      }
      return pass(30_000);
    case 'proxy_answers':
      wire.faults.answers = step;
      wire.cutOpen();
      await openNewest(stage);
      await acknowledge(stage);
      server.publish();
      await pass(step.ms);
      wire.faults.answers = null;
      await pass(60_000);
      return signInAgain(stage);
    case 'proxy_buffers':
      wire.faults.buffer = step.bytes;
      wire.cutOpen();
      for (let count = 0; count < step.events; count += 1) {
        server.publish();
        await pass(step.everyMs);
      }
      wire.faults.buffer = null;
      wire.cutOpen();
      return pass(30_000);
    case 'proxy_lags':
      wire.faults.lag = step.bytes;
      wire.cutOpen();
      for (let count = 0; count < step.events; count += 1) {
        server.publish();
        await pass(step.everyMs);
      }
      wire.faults.lag = null;
      wire.cutOpen();
      return pass(30_000);
    case 'proxy_cuts':
      wire.faults[step.idle ? 'cutIdleMs' : 'cutAfterMs'] = step.afterMs;
      wire.cutOpen();
      for (let count = 0; count < step.times; count += 1) {
        await pass(step.afterMs + 3_000);
        server.publish();
      }
      wire.faults.cutIdleMs = wire.faults.cutAfterMs = null;
      return pass(30_000);
    case 'clock_jumps':
      clock.setComputerAhead(step.by);
      await pass(step.ms);
      server.publish();
      await pass(70_000);
      clock.setComputerAhead(0);
      return pass(10_000);
    case 'app_away':
      await stage.restart(step.how, async () => {
        await clock.pass(step.ms / 2, app.settle);
        for (let count = 0; count < step.events; count += 1)
          server.publish({ form: count === 1 ? step.form : 'good' });
        await clock.pass(step.ms / 2, app.settle);
      });
      return pass(30_000);
    case 'acknowledge':
      await acknowledge(stage);
      return pass(20_000);
    case 'truncate':
      server.truncate(step.keep);
      return pass(1_000);
    case 'overtaken':
      wire.faults.offline = true;
      wire.cutOpen();
      await pass(2_000);
      for (let count = 0; count < 4; count += 1) server.publish();
      server.truncate(1);
      wire.faults.answers = { status: 503, form: 'page', kinds: ['snapshot', 'preview', 'history'] };
      wire.faults.offline = false;
      app.wake('network');
      await pass(30_000);
      wire.faults.answers = null;
      return pass(60_000);
    case 'revoke':
      server.revoke();
      await pass(60_000);
      server.allow();
      return signInAgain(stage);
    case 'refuse':
      server.refuseAll(true);
      server.endStreams();
      await pass(step.ms);
      server.refuseAll(false);
      await pass(30_000);
      return signInAgain(stage);
    case 'forbid':
      server.forbid(true);
      server.endStreams();
      await pass(step.ms);
      server.forbid(false);
      return signInAgain(stage);
    case 'expire':
      server.expireAccess();
      server.endStreams();
      return pass(20_000);
    case 'wake':
      app.sleep();
      app.wake(step.why);
      return pass(10_000);
  }
}

async function openNewest({ app, newest, pass }: Stage): Promise<void> {
  const contractId = newest();
  if (contractId === null) return;
  await app.finish(app.openContract(contractId));
  await pass(500);
}

/** A contract that waits for the person, if there is one, is opened and taken on. */
async function acknowledge({ app, server, pass }: Stage): Promise<string | null> {
  const waiting = [...server.contracts().values()].find(
    ({ last, acknowledged, version }) => last.actionRequired && acknowledged < version,
  );
  if (waiting === undefined) return null;
  const { contractId } = waiting;
  await app.finish(app.openContract(contractId));
  await app.finish(app.ask('actions:perform', { contractIds: [contractId], action: { do: 'acknowledge' } }));
  await pass(12_000);
  return contractId;
}

/** What a person does when the app says that only a person can go on. */
async function signInAgain({ app, pass }: Stage): Promise<void> {
  if (app.shown.session?.state === 'signed_out') await app.signIn();
  else if (app.shown.connection?.state.phase === 'stopped' || app.shown.connection?.state.phase === 'refused')
    await app.finish(app.ask('connection:retryNow', undefined));
  return pass(30_000);
}
