import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { listen } from './state/server.ts';

const root = document.getElementById('page');
if (!root) throw new Error('the page has no place for itself');
listen();
createRoot(root).render(<App />);
