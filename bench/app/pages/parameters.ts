/** What the page is told in its address. */
export interface Parameters {
  readonly url: string;
  readonly userId: string;
}

export function readParameters(): Parameters {
  const given = new URLSearchParams(location.search);
  const after = given.get('after');
  const url = new URL('/api/events', given.get('server') ?? location.href);
  if (after !== null) url.searchParams.set('after', after);
  return { url: url.href, userId: given.get('user') ?? '' };
}
