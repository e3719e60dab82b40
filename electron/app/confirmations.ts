import type { Settings, SettingsChange } from '../../protocol/settings.ts';
import { requestError } from '../../protocol/failures.ts';
import { createSerial } from '../ports/serial.ts';
import type { Question } from './core-types.ts';
import type { KeptAccount } from '../ledger/types.ts';

export interface ConfirmationOptions {
  /** Asks the person outside the window. */
  confirm(question: Question): Promise<boolean>;
  /** What the app was started with; '' for none. */
  readonly suggestedServer: string;
  /** The server at sign-in as the vault has it; '' for none. */
  storedServer(): string;
  /** Accounts whose history lies on this computer: their servers were confirmed once. */
  accounts(): Promise<readonly Pick<KeptAccount, 'server'>[]>;
}

export interface Confirmations {
  /**
   * Asks nothing about a server that is known on this computer. `issuers`: origins where the person signs in for it by the browser;
   * together with their server they are asked about once in a run.
   */
  server(server: string, issuers?: readonly string[]): Promise<boolean>;
  /** As `server`, for what is about to be asked anywhere at its origin, unless the server itself is known. */
  origin(server: string): Promise<boolean>;
  /** Rejects with `portalDeclined` when the person did not want it; asks nothing about an origin that is set for its server already. */
  portals(before: Settings, change: SettingsChange): Promise<void>;
  /** What was confirmed in this run is asked about again. */
  forget(): void;
}

/** Asks one question at a time. A portal is known by the settings, a server by the vault and the ledger. */
export function createConfirmations(options: ConfirmationOptions): Confirmations {
  const turns = createSerial();
  const confirmed = new Set<string>();

  async function isKnown(server: string): Promise<boolean> {
    if (confirmed.has(server) || server === options.storedServer()) return true;
    if (originOf(server) === originOf(options.suggestedServer) && options.suggestedServer !== '') return true;
    const accounts = await options.accounts().catch(() => []);
    return accounts.some((account) => account.server === server);
  }

  async function isMeant(server: string): Promise<boolean> {
    if (await isKnown(server)) return true;
    if (!(await options.confirm({ about: 'server', server }))) return false;
    confirmed.add(server);
    return true;
  }

  async function isMeantThrough(server: string, issuer: string): Promise<boolean> {
    const both = `${server} ${issuer}`;
    if (confirmed.has(both)) return true;
    if (!(await options.confirm({ about: 'issuer', server, issuer }))) return false;
    confirmed.add(both);
    return true;
  }

  return {
    server: (server, issuers = []) =>
      turns.run(() => (issuers.length === 0 ? isMeant(server) : isMeantThrough(server, issuers.join(', ')))),
    origin: (server) => turns.run(async () => (await isKnown(server)) || isMeant(originOf(server) ?? server)),
    portals: (before, { portals = {} }) =>
      turns.run(async () => {
        const fresh = Object.entries(portals).flatMap(([server, template]) => {
          const portal = portalOrigin(template);
          const kept = Object.hasOwn(before.portals, server) ? before.portals[server] : undefined;
          const same = kept !== undefined && portalOrigin(kept) === portal;
          return portal === null || same ? [] : [{ server, portal }];
        });
        // The question names the server: it must be the address of one, and no words of somebody else's.
        const odd = fresh.find(({ server }) => originOf(server) !== server);
        if (odd !== undefined) throw requestError('portalDeclined', 'not for the address of a server');
        // The window sets them one by one; many at once would only tire whoever is to answer.
        if (fresh.length > 1) throw requestError('portalDeclined', `${fresh.length} at once`);
        for (const { server, portal } of fresh) {
          if (!(await options.confirm({ about: 'portal', server, portal })))
            throw requestError('portalDeclined');
        }
      }),
    forget: () => confirmed.clear(),
  };
}

/** Where a template leads; null for what is never opened (see `portalAddress`). */
function portalOrigin(template: string): string | null {
  return originOf(template.replaceAll('{id}', () => 'x'));
}

function originOf(address: string): string | null {
  return URL.canParse(address) ? new URL(address).origin : null;
}
