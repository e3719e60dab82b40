/** An answer's body, as its reader meets it: piece by piece, until its end or its failure. */
export interface Body {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** `taken` is called when the reader has it. */
  push(chunk: Uint8Array, taken: () => void): void;
  end(): void;
  fail(error: Error): void;
}

export function createBody(): Body {
  const waiting: { readonly chunk: Uint8Array; readonly taken: () => void }[] = [];
  let over: { readonly error: Error | null } | null = null;
  let wake = (): void => {};

  async function next(): Promise<IteratorResult<Uint8Array>> {
    for (;;) {
      // As on a socket: what came before it was cut is read first; after giving up, nothing is.
      const first = waiting.shift();
      if (first !== undefined) {
        first.taken();
        return { done: false, value: first.chunk };
      }
      if (over?.error) throw over.error;
      if (over !== null) return { done: true, value: undefined };
      await new Promise<void>((resolve) => (wake = resolve));
    }
  }
  return {
    chunks: {
      [Symbol.asyncIterator]: () => ({ next, return: async () => ({ done: true, value: undefined }) }),
    },
    push(chunk, taken) {
      waiting.push({ chunk, taken });
      wake();
    },
    end() {
      over ??= { error: null };
      wake();
    },
    fail(error) {
      over ??= { error };
      wake();
    },
  };
}
