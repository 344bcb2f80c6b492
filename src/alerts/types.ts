import type { AlertId, LeadId, StaffId } from '../lib/ids.ts';
import type { AlertKindKey } from './kinds.ts';

/** What begins the subject of something parked that is no effect: a kind of raw webhook, or the host that ours go to. */
export const FROM_OUTSIDE = 'from/';
export const TO_OTHERS = 'to/';

/** One thing that is so now. */
export interface AlertItem {
  subject: string;
  leadId: LeadId | null;
  /** Codes and figures, by kind. */
  about: string;
  since: Date;
}

export interface Alert {
  id: AlertId;
  kind: AlertKindKey;
  openedAt: Date;
  /** Everything that ever belonged to it. */
  total: number;
  rings: number;
  acknowledgedBy: StaffId | null;
  acknowledgedAt: Date | null;
  closedAt: Date | null;
  ended: 'over' | 'followed' | null;
  /** What is so now, the longest first. */
  items: readonly AlertItem[];
}

/** Where an alert stands in Slack. `receiver` is the channel or the person it was meant for. */
export interface AlertPost {
  receiver: string;
  ring: number;
  channel: string;
  ts: string;
}
