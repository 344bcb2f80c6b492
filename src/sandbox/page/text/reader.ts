import { createContext } from 'react';

/** Who reads: mentions of them stand out, times are theirs. */
export const Reader = createContext<{ person: string; zone: string }>({ person: '', zone: 'UTC' });
