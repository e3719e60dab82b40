import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { createApi } from './state/api.ts';
import { connectStores, createStores } from './state/stores.ts';
import { afterPaint } from './ui/after-paint.ts';
import './ui/base.css';
import './ui/controls.css';
import './ui/chip.css';
import './ui/menu.css';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

const api = createApi(window.pulse);
const stores = createStores(api, window.localStorage, Date.now);
const connected = connectStores(stores, api, afterPaint);

createRoot(root).render(
  <StrictMode>
    <App stores={stores} connected={connected} />
  </StrictMode>,
);
