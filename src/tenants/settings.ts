import { z } from 'zod';

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'write the time as HH:MM');

/** A tenant's own settings, laid over the defaults. Each change is a new version. */
export const settingsSchema = z.strictObject({
  /** Local hours of the customer in which automated messages leave; the law may narrow them. */
  sendHours: z.strictObject({ start: time, end: time }).default({ start: '09:00', end: '20:00' }),
  /** Local time of the later steps. */
  stepTime: time.default('10:00'),
  /** How a licence photo reaches us: in the modal, or by a one-time link that a phone opens. */
  licencePhoto: z.enum(['modal', 'link']).default('modal'),
  /** Slack channel of the activity feed; null posts it to the admin. */
  feedChannel: z.string().nullable().default(null),
  /** Slack channel of new lead cards; null posts them to the owner. */
  cardChannel: z.string().nullable().default(null),
  /** The page the day-0 message points to. */
  termsUrl: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null),
  /** What a customer may call; shown in help texts. */
  contact: z.string().max(60).nullable().default(null),
});

export type Settings = z.infer<typeof settingsSchema>;
