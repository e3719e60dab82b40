/** What every server of this folder serves besides its stream: signing in, and a way for the proof to publish. */
export const EVENT_NAME = 'u42_ContractStatusChanged';

const TOKENS = {
  accessToken: 'access',
  refreshToken: 'refresh',
  expiresIn: 3600,
};
export const LOGIN = { ...TOKENS, user: { id: 'u42', name: 'Анна Петрова', locale: 'ru' } };

/** `id` as this server counts; the proof sends everything else. */
export function envelopeOf(text, id) {
  return { ...JSON.parse(text), id };
}

export async function readBody(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** @param {number} port */
export function listening(port) {
  process.stdout.write(`listening on ${port}\n`);
}
