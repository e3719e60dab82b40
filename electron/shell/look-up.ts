import { session } from 'electron';

/** The addresses of a host, by Chromium's own resolver; none where the system's proxy looks them up. Rejects where it has none. */
export async function lookUpHost(host: string): Promise<readonly string[]> {
  const { defaultSession } = session;
  const way = await defaultSession.resolveProxy(`https://${host}`);
  if (way !== 'DIRECT') return [];
  const { endpoints } = await defaultSession.resolveHost(host);
  return endpoints.map(({ address }) => address);
}
