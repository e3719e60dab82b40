import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron';
import { MESSAGE_CHANNELS, requestSchemas, type MessageChannel, type PulseApi } from '../protocol/ipc.ts';

const requests: ReadonlySet<string> = new Set(Object.keys(requestSchemas));
const messages: ReadonlySet<string> = new Set(MESSAGE_CHANNELS);

async function request(channel: string, argument?: unknown): Promise<unknown> {
  if (!requests.has(channel)) throw new Error(`There is no request ${channel}.`);
  return ipcRenderer.invoke(channel, argument);
}

function on(channel: MessageChannel, listener: (message: never) => void): () => void {
  if (!messages.has(channel)) throw new Error(`There is no message ${channel}.`);
  const forward = (_event: IpcRendererEvent, message: unknown): void => listener(message as never);
  ipcRenderer.on(channel, forward);
  return () => void ipcRenderer.removeListener(channel, forward);
}

// The two maps of the contract type each channel's argument, answer and message for the window.
contextBridge.exposeInMainWorld('pulse', { request, on } as unknown as PulseApi);
