import { ipcMain, type IpcMainInvokeEvent } from 'electron';
import { requestSchemas, type Answer, type RequestChannel, type RequestMap } from '../../protocol/ipc.ts';
import type { Log } from '../ports/log.ts';
import { answerRequest } from './safe-message.ts';

export interface IpcHost {
  /** Checks the argument; see Core.handle. */
  handle<C extends RequestChannel>(channel: C, argument: unknown): Promise<RequestMap[C]['response']>;
  /** Whether the message came from the main frame of our window, at our origin. */
  isTrusted(event: IpcMainInvokeEvent): boolean;
  /** The page has opened a view. */
  onReading(): void;
  readonly log: Log;
}

/** Answers every request channel of the contract, and nothing else. */
export function serveRequests(host: IpcHost): void {
  for (const channel of Object.keys(requestSchemas) as RequestChannel[]) {
    ipcMain.handle(channel, async (event, argument: unknown): Promise<Answer<unknown>> => {
      if (!host.isTrusted(event)) {
        host.log.warn(`a request on ${channel} did not come from our window and was refused`);
        return { ok: false, failure: { code: 'ownFault', params: {}, detail: 'from another page' } };
      }
      const answer = await answerRequest(channel, host.log, () => host.handle(channel, argument));
      if (answer.ok && channel === 'view:open') host.onReading();
      return answer;
    });
  }
}
