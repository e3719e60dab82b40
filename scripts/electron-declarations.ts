/** Declarations of members by interface, from Electron's own types: `Clipboard` → `writeText` → the lines that declare it. */
export type Declarations = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

/** Reads the layout that Electron's types are generated in: an interface or class with two spaces before it, its members with four. */
export function readDeclarations(text: string): Declarations {
  const found = new Map<string, Map<string, string[]>>();
  let members: Map<string, string[]> | null = null;
  for (const line of text.split('\n')) {
    const opened = /^ {2}(?:class|interface) (\w+)/.exec(line)?.[1];
    if (opened !== undefined) {
      members = found.get(opened) ?? new Map<string, string[]>();
      found.set(opened, members);
    } else if (line.startsWith('  }')) members = null;
    else if (members !== null) {
      const event = /^ {4}on\(event: ('[\w-]+')/.exec(line)?.[1];
      const name = event ?? /^ {4}(?:static |readonly )*(\w+)[?(:]/.exec(line)?.[1];
      if (name === undefined || (event === undefined && name === 'on')) continue;
      members.set(name, [...(members.get(name) ?? []), line.trim()]);
    }
  }
  return found;
}

/** Electron's modules and what the product calls their instances, by the interface that declares them. */
const INTERFACES: Readonly<Record<string, string>> = {
  app: 'App',
  clipboard: 'Clipboard',
  contents: 'WebContents',
  contextBridge: 'ContextBridge',
  dialog: 'Dialog',
  ipcMain: 'IpcMain',
  ipcRenderer: 'IpcRenderer',
  nativeTheme: 'NativeTheme',
  net: 'Net',
  notification: 'Notification',
  powerMonitor: 'PowerMonitor',
  protocol: 'Protocol',
  safeStorage: 'SafeStorage',
  screen: 'Screen',
  session: 'Session',
  shell: 'Shell',
  tray: 'Tray',
  webContents: 'WebContents',
  window: 'BrowserWindow',
};

/** A member of Electron that the product's text uses: `clipboard.writeText`, `app 'login'`. */
export interface Use {
  readonly api: string;
  readonly owner: string;
  readonly member: string;
}

export function findUses(text: string): readonly Use[] {
  const uses = new Map<string, Use>();
  for (const [object, owner] of Object.entries(INTERFACES)) {
    const calls = new RegExp(String.raw`\b${object}\??\.(\w+)(?:\(('[\w-]+'))?`, 'g');
    for (const [, name = '', event] of text.matchAll(calls)) {
      const isEvent = ['on', 'once', 'off'].includes(name) && event !== undefined;
      const member = isEvent ? event : name;
      const api = isEvent ? `${object} ${event}` : `${object}.${name}`;
      uses.set(api, { api, owner, member });
    }
  }
  return [...uses.values()];
}

/** Uses whose declarations differ; those of which one version has none are the type check's matter. */
export function differing(uses: readonly Use[], one: Declarations, other: Declarations): readonly Use[] {
  return uses.filter(({ owner, member }) => {
    const [a, b] = [one.get(owner)?.get(member), other.get(owner)?.get(member)];
    return a !== undefined && b !== undefined && a.join('\n') !== b.join('\n');
  });
}
