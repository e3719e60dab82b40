/** What is wrong with a template of contracts' addresses in the web portal; null when it can be used. */
export type TemplateProblem = 'https' | 'id' | 'url' | 'long';

/** As the settings' schema has it. Characters. */
const MOST = 2000;
export const EXAMPLE_TEMPLATE = 'https://portal.example.com/contracts/{id}';

export function checkTemplate(template: string): TemplateProblem | null {
  if (template.length > MOST) return 'long';
  if (!template.startsWith('https://')) return 'https';
  if (!template.includes('{id}')) return 'id';
  return addressOf(template, 'C-1') === null ? 'url' : null;
}

/** The address of one contract, as main will open it; null where that is no https address with a host. */
export function addressOf(template: string, contractId: string): string | null {
  const text = template.replaceAll('{id}', encodeURIComponent(contractId));
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  // What stands before an @ looks like a host and is none.
  const plain =
    url.protocol === 'https:' && url.hostname !== '' && url.username === '' && url.password === '';
  return plain ? url.href : null;
}

/** Whose portal it is; null for what is no address. */
export function originOf(template: string): string | null {
  const address = addressOf(template, 'C-1');
  return address === null ? null : new URL(address).origin;
}
