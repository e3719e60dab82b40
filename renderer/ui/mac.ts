import { createContext } from 'react';

/** Whether this computer shows ⌘ for Ctrl. */
export const MacContext = createContext(false);
