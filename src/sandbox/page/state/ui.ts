import type { TextChannel } from '../../wire.ts';
import { fresh, type Tour } from '../tour/progress.ts';

/* What this page shows at the moment, for whom. Nobody else sees it; the person and the tour survive a reload. */

export type Pane = 'slack' | 'phones' | 'time';
export type Place = { at: 'home' } | { at: 'channel'; channel: string };

export interface Ui {
  /** Who of the staff looks; null until somebody chose. */
  person: string | null;
  /** Where each of them is in Slack. */
  places: Readonly<Record<string, Place>>;
  /** The open thread, by person. */
  threads: Readonly<Record<string, { channel: string; ts: string } | null>>;
  /** Newest message each of them has seen, by `person/channel`: a number as in `Entry.arrived`. */
  seen: Readonly<Record<string, number>>;
  /** The customer whose phone is shown, bare E.164. */
  number: string | null;
  /** What is open on each phone. */
  apps: Readonly<Record<string, TextChannel>>;
  lead: string | null;
  /** Shown where there is room for one pane only. */
  pane: Pane;
  tour: Tour;
}

const KEPT = 'leadrescue-sandbox';

let ui: Ui = {
  person: null,
  places: {},
  threads: {},
  seen: {},
  number: null,
  apps: {},
  lead: null,
  pane: 'slack',
  tour: fresh,
  ...remembered(),
};
const watchers = new Set<() => void>();

export const uiNow = (): Ui => ui;

export function watchUi(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export function setUi(changes: Partial<Ui>): void {
  ui = { ...ui, ...changes };
  try {
    localStorage.setItem(KEPT, JSON.stringify({ person: ui.person, tour: ui.tour }));
  } catch {
    // a browser that keeps nothing only forgets the tour
  }
  for (const watcher of [...watchers]) watcher();
}

function remembered(): Partial<Ui> {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? '{}') as Partial<Ui>;
    return { ...(kept.person && { person: kept.person }), ...(kept.tour && { tour: { ...fresh, ...kept.tour } }) };
  } catch {
    return {};
  }
}

export const choosePerson = (person: string): void => setUi({ person, pane: 'slack' });

export function go(person: string, place: Place): void {
  setUi({ places: { ...ui.places, [person]: place }, threads: { ...ui.threads, [person]: null }, pane: 'slack' });
}

export function openThread(person: string, channel: string, ts: string): void {
  setUi({
    places: { ...ui.places, [person]: { at: 'channel', channel } },
    threads: { ...ui.threads, [person]: { channel, ts } },
    pane: 'slack',
  });
}

export const closeThread = (person: string): void => setUi({ threads: { ...ui.threads, [person]: null } });

/** Looks at a customer: their phone, and the follow-up that goes with it. */
export const chooseCustomer = (number: string, lead: string | null): void => setUi({ number, lead, pane: 'phones' });

export const chooseApp = (number: string, app: TextChannel): void => setUi({ apps: { ...ui.apps, [number]: app } });

export function markSeen(person: string, channel: string, arrived: number): void {
  const key = `${person}/${channel}`;
  if ((ui.seen[key] ?? 0) < arrived) setUi({ seen: { ...ui.seen, [key]: arrived } });
}
