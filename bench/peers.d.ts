/**
 * As much of the peers as we use. They are installed only when something is measured, and types must be checked
 * without them.
 */

interface PeerMessage {
  readonly lastEventId: string;
  readonly data: string;
}

interface PeerEventSource {
  addEventListener(name: string, listener: (event: PeerMessage) => void): void;
  close(): void;
}

declare module 'eventsource' {
  export const EventSource: new (url: string) => PeerEventSource;
}

declare module 'undici' {
  export const EventSource: new (url: string) => PeerEventSource;
}

declare module 'launchdarkly-eventsource' {
  export const EventSource: new (
    url: string,
  ) => PeerEventSource & { onerror: ((error: unknown) => void) | null };
}

declare module '@microsoft/fetch-event-source' {
  export function fetchEventSource(
    url: string,
    options: {
      readonly signal: AbortSignal;
      readonly openWhenHidden: boolean;
      readonly fetch: typeof fetch;
      onmessage(event: { readonly id: string; readonly event: string; readonly data: string }): void;
    },
  ): Promise<void>;
}

declare module 'eventsource-parser' {
  export function createParser(callbacks: {
    onEvent(event: { readonly id?: string; readonly event?: string; readonly data: string }): void;
  }): { feed(text: string): void };
}
