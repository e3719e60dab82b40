/**
 * Messages that are in no log (acknowledgements, notices), for polls: each session gets those that came since its last
 * poll. The newest 200 of a user are kept.
 */
export interface SideMessages {
  add(userId: string, element: string): void;
  /** What came since this reader last asked; nothing at its first time. */
  take(userId: string, reader: string): readonly string[];
  hasNews(userId: string, reader: string): boolean;
}

const KEPT = 200;
const READERS = 1000;

export function createSideMessages(): SideMessages {
  const byUser = new Map<string, { readonly number: number; readonly element: string }[]>();
  const readers = new Map<string, number>();
  let last = 0;

  function since(userId: string, reader: string): readonly string[] {
    const known = readers.get(reader) ?? last;
    return (byUser.get(userId) ?? []).filter(({ number }) => number > known).map(({ element }) => element);
  }

  return {
    add(userId, element) {
      last += 1;
      byUser.set(userId, [...(byUser.get(userId) ?? []), { number: last, element }].slice(-KEPT));
    },
    take(userId, reader) {
      const found = since(userId, reader);
      readers.delete(reader);
      readers.set(reader, last);
      const [oldest] = readers.keys();
      if (readers.size > READERS && oldest !== undefined) readers.delete(oldest);
      return found;
    },
    hasNews: (userId, reader) => since(userId, reader).length > 0,
  };
}
