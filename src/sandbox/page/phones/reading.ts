import { useEffect, useRef } from 'react';
import type { TextChannel } from '../../wire.ts';
import { act } from '../state/server.ts';
import type { Entry } from '../state/store.ts';

/** A moment to be seen as delivered, before the ticks turn. */
const LOOK_MS = 1200;

/** Tells WhatsApp that what is on the screen has been read; no other app tells anybody. */
export function useReading(own: readonly Entry<'text'>[], app: TextChannel): void {
  const told = useRef(new Set<string>());
  useEffect(() => {
    if (app !== 'whatsapp') return;
    const unread = own.filter(
      ({ value }) =>
        value.channel === 'whatsapp' &&
        value.direction === 'in' &&
        value.status === 'delivered' &&
        !told.current.has(value.id),
    );
    if (unread.length === 0) return;
    const timer = setTimeout(() => {
      for (const { value } of unread) {
        told.current.add(value.id);
        void act({ act: 'read', text: value.id });
      }
    }, LOOK_MS);
    return () => clearTimeout(timer);
  }, [own, app]);
}
