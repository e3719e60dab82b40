import { describe, expect, it } from 'vitest';
import { createSessions } from './sessions.ts';
import { createThrottle } from './throttle.ts';

function make() {
  const clock = { now: Date.UTC(2026, 0, 1) };
  const ended: string[] = [];
  const sessions = createSessions(900, () => clock.now);
  sessions.onEnd((id) => ended.push(id));
  return { clock, sessions, ended };
}

describe('refreshing', () => {
  it('rotates: each refresh token gives the next', async () => {
    const { sessions } = make();
    const { tokens, sessionId } = await sessions.open('u42');
    const second = await sessions.refresh(tokens.refreshToken);
    const third = await sessions.refresh(second?.refreshToken ?? '');
    expect(new Set([tokens, second, third].map((pair) => pair?.refreshToken)).size).toBe(3);
    expect(await sessions.verifyAccess(third?.accessToken ?? '')).toEqual({ userId: 'u42', sessionId });
  });

  it('answers the previous token with the same successor, up to 60 s', async () => {
    const { sessions, clock } = make();
    const { tokens } = await sessions.open('u42');
    const second = await sessions.refresh(tokens.refreshToken);
    clock.now += 60_000;
    const again = await sessions.refresh(tokens.refreshToken);
    expect(again?.refreshToken).toBe(second?.refreshToken);
    expect(await sessions.verifyAccess(again?.accessToken ?? '')).not.toBeNull();
  });

  it('revokes the family when the previous token comes after 60 s', async () => {
    const { sessions, clock, ended } = make();
    const { tokens, sessionId } = await sessions.open('u42');
    const second = await sessions.refresh(tokens.refreshToken);
    clock.now += 60_001;
    expect(await sessions.refresh(tokens.refreshToken)).toBeNull();
    expect(ended).toEqual([sessionId]);
    expect(await sessions.refresh(second?.refreshToken ?? '')).toBeNull();
    expect(await sessions.verifyAccess(second?.accessToken ?? '')).toBeNull();
  });

  it('revokes the family when the successor has been used', async () => {
    const { sessions, ended } = make();
    const { tokens } = await sessions.open('u42');
    const second = await sessions.refresh(tokens.refreshToken);
    const third = await sessions.refresh(second?.refreshToken ?? '');
    expect(await sessions.refresh(tokens.refreshToken)).toBeNull();
    expect(ended).toHaveLength(1);
    expect(await sessions.refresh(third?.refreshToken ?? '')).toBeNull();
  });

  it('leaves other sessions of the user alone', async () => {
    const { sessions } = make();
    const [one, other] = [await sessions.open('u42'), await sessions.open('u42')];
    await sessions.refresh(one.tokens.refreshToken);
    sessions.close(one.sessionId);
    expect(await sessions.refresh(other.tokens.refreshToken)).not.toBeNull();
    expect(await sessions.refresh('made-up')).toBeNull();
  });
});

describe('tokens', () => {
  it('expire', async () => {
    const { sessions, clock } = make();
    const { tokens, sessionId } = await sessions.open('u42');
    clock.now += 899_000;
    expect(await sessions.verifyAccess(tokens.accessToken)).not.toBeNull();
    expect(sessions.hasAccess(sessionId)).toBe(true);
    clock.now += 2_000;
    expect(await sessions.verifyAccess(tokens.accessToken)).toBeNull();
    expect(sessions.hasAccess(sessionId)).toBe(false);
    await sessions.refresh(tokens.refreshToken);
    expect(sessions.hasAccess(sessionId)).toBe(true);
  });

  it('can all be made invalid at once, and refreshing still works', async () => {
    const { sessions } = make();
    const { tokens } = await sessions.open('u42');
    sessions.expireAccessTokens();
    expect(await sessions.verifyAccess(tokens.accessToken)).toBeNull();
    const next = await sessions.refresh(tokens.refreshToken);
    expect(await sessions.verifyAccess(next?.accessToken ?? '')).not.toBeNull();
  });

  it('are good for their purpose only, and not when forged or of another server', async () => {
    const { sessions } = make();
    const { tokens, sessionId } = await sessions.open('u42');
    const streamToken = await sessions.makeStreamToken({ userId: 'u42', sessionId });
    expect(await sessions.verifyStream(streamToken)).not.toBeNull();
    expect(await sessions.verifyAccess(streamToken)).toBeNull();
    expect(await sessions.verifyStream(tokens.accessToken)).toBeNull();
    expect(await make().sessions.verifyAccess(tokens.accessToken)).toBeNull();
    const [head, , signature] = tokens.accessToken.split('.');
    const claims = Buffer.from(JSON.stringify({ sub: 'u7', sid: sessionId, gen: 1, use: 'access' })).toString(
      'base64url',
    );
    expect(await sessions.verifyAccess(`${head}.${claims}.${signature}`)).toBeNull();
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    expect(await sessions.verifyAccess(`${none}.${claims}.`)).toBeNull();
  });

  it('end with the user', async () => {
    const { sessions, ended } = make();
    const [one, other] = [await sessions.open('u42'), await sessions.open('u7')];
    sessions.revokeUser('u42');
    expect(ended).toEqual([one.sessionId]);
    expect(await sessions.refresh(one.tokens.refreshToken)).toBeNull();
    expect(sessions.isOpen(other.sessionId)).toBe(true);
  });
});

describe('an access token', () => {
  it('is good for as long as is told, wherever in a second it was given', async () => {
    let now = 1_000_999;
    const sessions = createSessions(3, () => now);
    const { tokens } = await sessions.open('u1');
    now += tokens.expiresIn * 1000 - 1;
    expect(await sessions.verifyAccess(tokens.accessToken)).toMatchObject({ userId: 'u1' });
    now += 1_001;
    expect(await sessions.verifyAccess(tokens.accessToken)).toBeNull();
  });
});

describe('the throttle', () => {
  it('lets some failures pass, then one try at a time', () => {
    let now = 0;
    const throttle = createThrottle(3, 30_000, () => now);
    for (let failure = 0; failure < 3; failure += 1) {
      expect(throttle.waitFor('anna')).toBe(0);
      throttle.failed('anna');
    }
    expect(throttle.waitFor('anna')).toBe(30_000);
    expect(throttle.waitFor('ben')).toBe(0);
    now = 30_000;
    expect(throttle.waitFor('anna')).toBe(0);
    throttle.failed('anna');
    expect(throttle.waitFor('anna')).toBe(30_000);
    now = 60_000;
    throttle.succeeded('anna');
    throttle.failed('anna');
    expect(throttle.waitFor('anna')).toBe(0);
  });

  it('never forgets a user for made-up names', () => {
    const throttle = createThrottle(1, 1000, () => 0, new Set(['anna', 'ben']));
    throttle.failed('anna');
    for (let name = 0; name < 10_001; name += 1) throttle.failed(`name${name}`);
    expect(throttle.waitFor('anna')).toBe(1000);
    throttle.failed('ben');
    expect(throttle.waitFor('name10000')).toBe(1000);
  });

  it('does not remember names without bound', () => {
    const throttle = createThrottle(1, 1000, () => 0);
    throttle.failed('first');
    for (let name = 0; name < 10_000; name += 1) throttle.failed(`name${name}`);
    expect(throttle.waitFor('first')).toBe(0);
    expect(throttle.waitFor('name9999')).toBe(1000);
  });
});
