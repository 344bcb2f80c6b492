import path from 'node:path';
import type { LeadSummary } from '../../../src/leads/index.ts';
import { newId } from '../../../src/lib/ids.ts';
import type { ThreadMessage } from '../../../src/messaging/index.ts';
import type { CardView } from '../../../src/slack/card/index.ts';
import { loadPlaybooks, type Playbooks } from '../../../src/tenants/index.ts';

export const playbooks: Playbooks = loadPlaybooks(path.resolve(import.meta.dirname, '../../../conversations'));

/** A Stockholm time in November 2026. */
export const at = (day: number, time: string) => new Date(`2026-11-${String(day).padStart(2, '0')}T${time}+01:00`);

const LOGGED = at(21, '10:42:00');
const DUE = [LOGGED, at(23, '10:00:00'), at(28, '10:00:00'), new Date('2026-12-05T10:00:00+01:00')];
const DAYS = [0, 2, 7, 14];

/** A message of Anna's thread; planned for later unless told otherwise. */
export function aMessage(changes: Partial<ThreadMessage> = {}): ThreadMessage {
  return {
    id: newId(),
    direction: 'out',
    purpose: 'cadence',
    stepKey: 'day_2',
    templateKey: 'drive_follow_up_1',
    language: 'sv',
    channel: 'whatsapp',
    state: 'scheduled',
    reason: null,
    attempt: 0,
    dueAt: at(23, '10:00:00'),
    sentAt: null,
    deliveredAt: null,
    readAt: null,
    authorId: null,
    createdAt: LOGGED,
    ...changes,
  };
}

/** The four steps of a test drive; what is given for a step changes it. */
export function aPlan(changes: Partial<Record<'day_0' | 'day_2' | 'day_7' | 'day_14', Partial<ThreadMessage>>> = {}) {
  return DAYS.map((day, index) => {
    const stepKey = `day_${day}` as keyof typeof changes;
    const templateKey = index === 0 ? 'drive_thanks' : `drive_follow_up_${index}`;
    return aMessage({ stepKey, templateKey, dueAt: DUE[index] ?? LOGGED, ...changes[stepKey] });
  });
}

/** Day 0 as it stands once the customer has read it. */
export const readAtOnce: Partial<ThreadMessage> = {
  state: 'read',
  attempt: 1,
  sentAt: LOGGED,
  deliveredAt: at(21, '10:43:00'),
  readAt: at(21, '10:44:00'),
};

export function aLead(changes: Partial<LeadSummary> = {}): LeadSummary {
  return {
    id: newId(),
    personId: newId(),
    name: 'Anna Karlsson',
    phone: '+46701234567',
    playbook: 'test-drive',
    stage: 'contacted',
    fields: { car: 'BMW X5' },
    ownerId: newId(),
    coverId: null,
    loggedByOwner: true,
    capturedAt: LOGGED,
    state: 'active',
    nextAt: at(23, '10:00:00'),
    optedOutAt: null,
    ...changes,
  };
}

/** Anna's card two days after her drive, all well. */
export function aCard(changes: Partial<Omit<CardView, 'lead'>> & { lead?: Partial<LeadSummary> } = {}): CardView {
  const { lead, ...rest } = changes;
  const messages = rest.messages ?? aPlan({ day_0: readAtOnce });
  const way = { channel: 'whatsapp', free: false, fallback: 'sms' } as const;
  return {
    lead: aLead(lead),
    playbook: playbooks.get('test-drive'),
    score: null,
    enriched: {},
    messages,
    owner: { slackUserId: 'U0SOFIA', name: 'Sofia Lindqvist' },
    mayGive: true,
    cover: null,
    authors: {},
    stageAt: LOGGED,
    endedAt: null,
    photo: 'none',
    ways: Object.fromEntries(messages.map((message) => [message.id, way])),
    windowUntil: null,
    talk: { owedSince: null, takenBy: null, agent: 'off' },
    appointment: null,
    wrongNumber: false,
    customerZone: 'Europe/Stockholm',
    reader: { zone: 'Europe/Stockholm', country: 'SE', now: at(22, '12:00:00') },
    ...rest,
  };
}
