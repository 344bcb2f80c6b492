import type { Settings } from '../tenants/index.ts';

/*
 * Words of this room
 *   kind     what an alert is about; everything that is known of it stands here
 *   item     one thing that is so now: a customer who waits, a text that was lost
 *   alert    items of a kind that were found within its window, told as one post
 *   ring     a time that an alert is posted; again, while nobody acknowledges it
 *   route    where a tenant wants alerts of a kind
 */

export type Severity = 'critical' | 'warning';

export interface AlertKind {
  /** For people: `Customers wait too long`. */
  label: string;
  /** When it is raised and when it is over, in one sentence. */
  says: string;
  severity: Severity;
  /** Who gets it unless it is routed; managers are stood in for by admins, and the other way round. */
  audience: 'managers' | 'admins';
  /** What is found within so many minutes after the first joins its post; later things make a new one. Business time. */
  windowMinutes: number;
  /** Posted again after so many minutes without an acknowledgement, then after twice as many; null: never. */
  repeatMinutes: number | null;
  /** It is over once it has not been so for so many seconds of machine time: what comes and goes is one alert. */
  settleSeconds: number;
  mayBeOff: boolean;
  /** Each of its items is told at once, by a post of its own; the alert is only listed, and acknowledged there. */
  toldBySelf?: true;
}

export const ALERT_KINDS = {
  hot_lead: {
    label: 'Hot leads',
    says: 'A lead that cannot wait came in, and nobody has written to it. Each is told at once. Over when somebody has, or after a day.',
    severity: 'critical',
    audience: 'managers',
    windowMinutes: 30,
    repeatMinutes: null,
    settleSeconds: 0,
    mayBeOff: false,
    toldBySelf: true,
  },
  sla: {
    label: 'Customers wait too long',
    says: 'Nobody has answered a customer within your limit. Over when somebody has.',
    severity: 'critical',
    audience: 'managers',
    windowMinutes: 30,
    repeatMinutes: 60,
    settleSeconds: 0,
    mayBeOff: false,
  },
  unconfirmed: {
    label: 'Messages that may have left',
    says: 'The gateway cannot say whether a message left. Over when somebody has decided.',
    severity: 'warning',
    audience: 'managers',
    windowMinutes: 60,
    repeatMinutes: null,
    settleSeconds: 0,
    mayBeOff: true,
  },
  gateway: {
    label: 'Gateway fails',
    says: 'A gateway refuses our sender or most of what is sent, or cannot say what came in. Over when it works again.',
    severity: 'critical',
    audience: 'admins',
    windowMinutes: 240,
    repeatMinutes: 60,
    settleSeconds: 120,
    mayBeOff: false,
  },
  queue_late: {
    label: 'Messages leave late',
    says: 'A message that should have left ten minutes ago is still here. Over when nothing is late.',
    severity: 'critical',
    audience: 'admins',
    windowMinutes: 240,
    repeatMinutes: 60,
    settleSeconds: 30,
    mayBeOff: true,
  },
  limit_near: {
    label: 'A sender’s limit is near',
    says: 'A sender has used 80 % of what its platform or provider takes in a day. Over some hours after it has room again.',
    severity: 'warning',
    audience: 'admins',
    windowMinutes: 1440,
    repeatMinutes: null,
    settleSeconds: 6 * 3600,
    mayBeOff: true,
  },
  form_flood: {
    label: 'A form is flooded',
    says: 'A form brought more enquiries within an hour than are answered by themselves; what came after waits. Over when nothing of it waits.',
    severity: 'critical',
    audience: 'managers',
    windowMinutes: 1440,
    repeatMinutes: null,
    settleSeconds: 0,
    mayBeOff: false,
  },
  opt_outs: {
    label: 'Unusually many opt-outs',
    says: 'Far more customers opt out today than usual. Over with the day.',
    severity: 'warning',
    audience: 'managers',
    windowMinutes: 1440,
    repeatMinutes: null,
    settleSeconds: 0,
    mayBeOff: true,
  },
  template: {
    label: 'WhatsApp texts lost',
    says: 'WhatsApp paused, rejected or removed a text. Over when it is approved.',
    severity: 'warning',
    audience: 'managers',
    windowMinutes: 60,
    repeatMinutes: null,
    settleSeconds: 0,
    mayBeOff: true,
  },
  parked: {
    label: 'Things that keep failing',
    says: 'Something kept failing, or came from outside and could not be taken in. Over when it was retried or given up.',
    severity: 'warning',
    audience: 'admins',
    windowMinutes: 240,
    repeatMinutes: null,
    settleSeconds: 0,
    mayBeOff: true,
  },
} as const satisfies Record<string, AlertKind>;

export type AlertKindKey = keyof typeof ALERT_KINDS;

export const isAlertKind = (key: string): key is AlertKindKey => Object.hasOwn(ALERT_KINDS, key);

export const kindOf = (key: AlertKindKey): AlertKind => ALERT_KINDS[key];

export type AlertRoute = Settings['alertRoutes'][string];

/** Where alerts of a kind go; undefined: to its audience. One that may not be off goes to its audience as well. Pure. */
export function routeOf(key: AlertKindKey, { alertRoutes }: Pick<Settings, 'alertRoutes'>): AlertRoute | undefined {
  const route = alertRoutes[key];
  return route?.to === 'off' && !kindOf(key).mayBeOff ? undefined : route;
}
