import type { Answer } from '../protocol/ipc.ts';
import { createSocket } from 'node:dgram';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import type { Page } from 'playwright';
import { expect } from 'playwright/test';
import { getBen, test } from './fixtures/app.ts';
import { closeReceipt, openContract, openReceipt, signIn, signOut } from './fixtures/window.ts';

test('the window has no Node, no Electron, and two functions to main', async ({ app }) => {
  const found = await app.window.evaluate(() => ({
    globals: ['require', 'process', 'module', 'Buffer', 'global', 'electron'].filter(
      (name) => name in globalThis,
    ),
    pulse: Object.keys(pulse).toSorted(),
    isFrozen: Reflect.set(globalThis, 'pulse', 1),
    origin: globalThis.origin,
    secure: globalThis.isSecureContext,
  }));
  expect(found).toEqual({
    globals: [],
    pulse: ['on', 'request'],
    isFrozen: false,
    origin: 'app://contract-pulse',
    secure: true,
  });
  const preferences = await app.electron.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]!.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>;
    };
    const { sandbox, contextIsolation, nodeIntegration, webviewTag, webSecurity } =
      contents.getLastWebPreferences();
    return { sandbox, contextIsolation, nodeIntegration, webviewTag: webviewTag ?? false, webSecurity };
  });
  expect(preferences).toEqual({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
    webSecurity: true,
  });
});

test('no server is shown a client certificate, whatever the store holds', async ({ app }) => {
  // Electron asks for one of net's requests from version 44 on: what it would say is said here.
  const answered = await app.electron.evaluate(({ app, BrowserWindow }) => {
    const chosen: unknown[][] = [];
    const event = { isPrevented: false, preventDefault: () => void (event.isPrevented = true) };
    const choose = (...certificates: unknown[]): void => void chosen.push(certificates);
    app.emit(
      'select-client-certificate',
      event,
      BrowserWindow.getAllWindows()[0]!.webContents,
      'https://one.example/',
      [{ subjectName: 'Anna' }],
      choose,
    );
    return { isPrevented: event.isPrevented, chosen };
  });
  expect(answered).toEqual({ isPrevented: true, chosen: [[]] });
});

test('main answers only what the contract names, and only with arguments it allows', async ({ app }) => {
  const refusals = await app.window.evaluate(async () => {
    const ask = pulse.request as (channel: string, argument?: unknown) => Promise<Answer<unknown>>;
    const listen = pulse.on as (channel: string, listener: () => void) => unknown;
    const reason = (error: unknown) => (error instanceof Error ? error.message : String(error));
    const said: string[] = [];
    for (const [channel, argument] of [
      ['ELECTRON_BROWSER_REQUIRE', 'fs'],
      ['view:open', { filter: { view: 'everything', text: '' }, range: { offset: 0, limit: 10 } }],
      ['contract:open', { contractId: '' }],
      ['contract:open', { contractId: 'x', extra: 1 }],
      ['session:signIn', 'anna'],
    ] as const) {
      said.push(await ask(channel, argument).then((it) => (it.ok ? 'answered' : it.failure.detail), reason));
    }
    try {
      listen('ELECTRON_INTERNAL', () => undefined);
    } catch (error) {
      said.push(reason(error));
    }
    return said;
  });
  expect(refusals).toHaveLength(6);
  for (const said of refusals) expect(said).not.toBe('answered');
  expect(refusals.join('\n')).not.toMatch(/at \w+.*:\d+:\d+/);
});

test('injected code does not run and nothing leaves by the network, not even as the name of a host', async ({
  app,
}, testInfo) => {
  let reached = 0;
  const outside = createServer((_request, response) => {
    reached += 1;
    response.writeHead(200, { 'access-control-allow-origin': '*' }).end('reached');
  });
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(outside.address() as AddressInfo).port}/`;
  const { window, electron } = app;
  const netLog = testInfo.outputPath('net.json');
  await electron.evaluate(({ session }, path) => session.defaultSession.netLog.startLogging(path), netLog);
  const outcome = await window.evaluate(async (target) => {
    const name = document.createElement('link');
    name.rel = 'dns-prefetch';
    name.href = 'https://a-title.example.com/';
    const control = document.createElement('meta');
    control.httpEquiv = 'x-dns-prefetch-control';
    control.content = 'on';
    document.head.append(control, name);
    const blocked: string[] = [];
    Object.assign(globalThis, { blocked });
    document.addEventListener('securitypolicyviolation', (event) => blocked.push(event.effectiveDirective));
    const script = document.createElement('script');
    script.textContent = 'window.injected = true';
    document.head.append(script);
    const remote = document.createElement('script');
    remote.src = `${target}code.js`;
    const image = new Image();
    image.src = `${target}pixel.png`;
    const frame = document.createElement('iframe');
    frame.src = target;
    const style = document.createElement('link');
    style.rel = 'stylesheet';
    style.href = `${target}style.css`;
    const handler = document.createElement('div');
    handler.setAttribute('onclick', 'window.injected = true');
    document.body.append(remote, image, frame, style, handler);
    handler.click();
    const tries: Record<string, string> = {};
    tries['fetch'] = await fetch(target).then(
      () => 'reached',
      () => 'blocked',
    );
    tries['own'] = await fetch(location.href).then(
      () => 'reached',
      () => 'blocked',
    );
    tries['socket'] = await new Promise((resolve) => {
      try {
        const socket = new WebSocket(target.replace('http', 'ws'));
        socket.addEventListener('open', () => resolve('reached'));
        socket.addEventListener('error', () => resolve('blocked'));
      } catch {
        resolve('blocked');
      }
    });
    tries['events'] = await new Promise((resolve) => {
      const source = new EventSource(target);
      source.addEventListener('open', () => resolve('reached'));
      source.addEventListener('error', () => {
        source.close();
        resolve('blocked');
      });
    });
    tries['beacon'] = navigator.sendBeacon(target, 'x') ? 'sent' : 'blocked';
    try {
      // oxlint-disable-next-line typescript/no-implied-eval -- whether the page lets it is the question
      tries['eval'] = String(new Function('return "ran"')());
    } catch {
      tries['eval'] = 'blocked';
    }
    return { injected: 'injected' in globalThis, tries };
  }, url);
  expect(outcome.injected).toBe(false);
  expect(outcome.tries).toMatchObject({
    fetch: 'blocked',
    own: 'blocked',
    socket: 'blocked',
    events: 'blocked',
    eval: 'blocked',
  });
  const blocked = (): Promise<string[]> =>
    window.evaluate(() => (globalThis as unknown as { blocked: string[] }).blocked);
  await expect
    .poll(blocked)
    .toEqual(
      expect.arrayContaining(['script-src-elem', 'connect-src', 'img-src', 'style-src-elem', 'frame-src']),
    );
  expect(reached).toBe(0);
  // What Chromium has asked its resolver for is there; a name of our own shows that it would be.
  await electron.evaluate(({ session }) =>
    session.defaultSession.resolveHost('asked.localhost').catch(() => null),
  );
  await electron.evaluate(({ session }) => session.defaultSession.netLog.stopLogging());
  const log = await readFile(netLog, 'utf8');
  expect([log.includes('asked.localhost'), log.includes('a-title')]).toEqual([true, false]);
  outside.closeAllConnections();
  await new Promise((resolve) => outside.close(resolve));
});

/** Whether the page, as a person who got code into it would, can make the machine send a packet; the policy of a page does not cover WebRTC. */
async function tryPeers(window: Page, udpPort: number, tcpPort: number): Promise<readonly string[]> {
  return window.evaluate(
    async ([udp, tcp]) => {
      const secret = { username: 'a contract’s title', credential: 'x' };
      const peer = new RTCPeerConnection({
        iceServers: [
          { urls: `stun:127.0.0.1:${udp}` },
          { urls: `turn:127.0.0.1:${udp}`, ...secret },
          { urls: `turn:127.0.0.1:${tcp}?transport=tcp`, ...secret },
          { urls: `turns:127.0.0.1:${tcp}?transport=tcp`, ...secret },
        ],
      });
      const found: string[] = [];
      peer.addEventListener('icecandidate', ({ candidate }) => {
        if (candidate) found.push(candidate.candidate);
      });
      const gathered = new Promise((resolve) => {
        peer.addEventListener('icegatheringstatechange', () => {
          if (peer.iceGatheringState === 'complete') resolve(null);
        });
      });
      peer.createDataChannel('way out');
      await peer.setLocalDescription(await peer.createOffer());
      await gathered;
      peer.close();
      return found;
    },
    [udpPort, tcpPort] as const,
  );
}

test('nothing leaves by WebRTC, neither by UDP nor by TCP', async ({ app, server }) => {
  let packets = 0;
  const udp = createSocket('udp4', () => (packets += 1));
  await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve));
  let connections = 0;
  const tcp = createTcpServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
  expect(await tryPeers(app.window, udp.address().port, (tcp.address() as AddressInfo).port)).toEqual([]);
  expect({ packets, connections }).toEqual({ packets: 0, connections: 0 });
  // The app's own way to the server is another session's.
  await signIn(app.window, server);
  udp.close();
  await new Promise((resolve) => tcp.close(resolve));
});

test('in ordinary use the policy has nothing to forbid, and the page has no errors', async ({
  app,
  server,
}) => {
  const { window } = app;
  const complaints: string[] = [];
  window.on('pageerror', (error) => complaints.push(error.message));
  window.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  await window.reload();
  await signIn(window, server);
  server.control.publish(getBen(server).id, {
    contractId: 'C-use',
    title: 'Zeppelin charter',
    to: 'declined',
    actionRequired: true,
  });
  await openContract(window, 'C-use');
  await openReceipt(window);
  await closeReceipt(window);
  await window.getByLabel('Search contracts').fill('zeppelin');
  await expect(window.getByTestId('row')).toHaveCount(1);
  await window.getByLabel('Search contracts').fill('');
  await window.getByRole('button', { name: /^Unread/ }).click();
  await window.getByRole('button', { name: /^All/ }).click();
  await signOut(window);
  expect(complaints).toEqual([]);
});

test('the page carries its policy as a response header', async ({ app }) => {
  const policy = await app.electron.evaluate(async ({ session }) => {
    const answer = await session.defaultSession.fetch('app://contract-pulse/index.html');
    return answer.headers.get('content-security-policy');
  });
  expect(policy).toBe(
    "default-src 'self'; connect-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
  );
});

test('it opens no other window, goes nowhere, and is given no permission', async ({ app }) => {
  const { window, electron } = app;
  const page = window.url();
  const outcome = await window.evaluate(async () => {
    const link = document.createElement('a');
    link.href = 'https://example.com/';
    link.target = '_blank';
    document.body.append(link);
    link.click();
    const opened = globalThis.open('https://example.com/');
    const ask = (name: string) =>
      navigator.permissions.query({ name: name as PermissionName }).then(
        ({ state }) => state,
        () => 'denied',
      );
    return {
      opened: opened === null ? 'denied' : 'opened',
      notifications: await Notification.requestPermission(),
      position: await new Promise((resolve) => {
        navigator.geolocation.getCurrentPosition(
          () => resolve('given'),
          () => resolve('denied'),
        );
      }),
      camera: await navigator.mediaDevices.getUserMedia({ video: true, audio: true }).then(
        () => 'given',
        () => 'denied',
      ),
      clipboard: await navigator.clipboard.readText().then(
        () => 'given',
        () => 'denied',
      ),
      states: await Promise.all(['geolocation', 'notifications', 'camera', 'midi'].map(ask)),
    };
  });
  expect(outcome).toEqual({
    opened: 'denied',
    notifications: 'denied',
    position: 'denied',
    camera: 'denied',
    clipboard: 'denied',
    states: ['denied', 'denied', 'denied', 'denied'],
  });
  for (const target of [
    'https://example.com/',
    'file:///etc/passwd',
    'app://elsewhere/index.html',
    'data:text/html,x',
  ]) {
    await window.evaluate((url) => {
      location.href = url;
    }, target);
    await window.evaluate((url) => {
      const form = document.createElement('form');
      form.action = url;
      document.body.append(form);
      form.submit();
    }, target);
  }
  // Asked of main: Playwright would wait for the navigations that were denied.
  const look = () =>
    electron.evaluate(async ({ BrowserWindow }) => {
      const windows = BrowserWindow.getAllWindows();
      const { webContents } = windows[0]!;
      const stillThere: unknown = await webContents.executeJavaScript(
        'document.querySelector("form") !== null',
      );
      return {
        windows: windows.length,
        url: webContents.getURL(),
        loading: webContents.isLoading(),
        stillThere,
      };
    });
  await expect.poll(look).toEqual({ windows: 1, url: page, loading: false, stillThere: true });
  // Chromium asks nobody about an empty page. It is told nothing.
  await window.evaluate(() => {
    location.href = 'about:blank';
  });
  await expect.poll(() => window.url()).toBe('about:blank');
  expect(await window.evaluate(async () => pulse.request('app:bootstrap'))).toMatchObject({
    ok: false,
    failure: { code: 'ownFault' },
  });
});

test('files outside the window’s own folder cannot be had', async ({ app }) => {
  const statuses = await app.electron.evaluate(async ({ session }) => {
    const got: Record<string, number> = {};
    for (const path of [
      'index.html',
      '%2e%2e/main/main.js',
      '..%2fmain%2fmain.js',
      '..%5cmain%5cmain.js',
      'missing.js',
      '%2e%2e%2f%2e%2e%2fpackage.json',
    ]) {
      got[path] = (await session.defaultSession.fetch(`app://contract-pulse/${path}`)).status;
    }
    return got;
  });
  expect(statuses['index.html']).toBe(200);
  expect(Object.values(statuses).slice(1)).toEqual([404, 404, 404, 404, 404]);
});
