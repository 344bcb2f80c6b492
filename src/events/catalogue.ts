import { z } from 'zod';

/*
 * Every type of event and the facts it carries. Facts and ids only: no names, no numbers, no words of a customer.
 * Objects are strict, so a careless spread of a payload fails loudly instead of being kept for ever.
 */

const channel = z.enum(['whatsapp', 'sms', 'email']);
const code = z.string().max(120);

export const EVENTS = {
  'tenant.created': z.strictObject({ source: code }),
  /** The app was taken out of its Slack: nothing automated leaves. Back again, it waits for somebody to go live. */
  'tenant.disconnected': z.strictObject({}),
  'tenant.reconnected': z.strictObject({}),
  /** Its country, zone or language besides from what to what; a name is in the settings. */
  'tenant.described': z.strictObject({
    keys: z.array(code),
    facts: z.array(z.strictObject({ key: code, from: code.nullable(), to: code.nullable() })).optional(),
  }),
  'tenant.went_live': z.strictObject({ released: z.int() }),
  // the log was continued from a backup: how many messages may have left since then
  'tenant.restored': z.strictObject({ doubted: z.int() }),
  // somebody has decided on what kept failing: retried or skipped, how many of which kind
  'parked.decided': z.strictObject({ what: code, decision: code, count: z.int() }),
  'tenant.released': z.strictObject({ released: z.int() }),
  'staff.role_changed': z.strictObject({ staffId: z.uuid(), from: code.nullable(), to: code.nullable() }),
  /** Somebody stands in for them from now on; null: that is over. */
  'staff.covered': z.strictObject({ staffId: z.uuid(), coverId: z.uuid().nullable() }),
  'settings.changed': z.strictObject({ version: z.int(), keys: z.array(code), changeId: z.uuid().optional() }),
  /** A change waits for a second person; what they decided, or why nothing came of it. */
  'settings.asked': z.strictObject({ changeId: z.uuid(), keys: z.array(code) }),
  'settings.decided': z.strictObject({ changeId: z.uuid(), decision: code }),
  /** A sender of the tenant does not work and rests, so that the next one takes over where there is one; it is back. */
  'sender.rested': z.strictObject({ channel, vendor: code, reason: code, next: code.nullable() }),
  'sender.recovered': z.strictObject({ channel, vendor: code }),
  /** The tenant connected a sender of its own, gave its access anew, changed the order, its limits, rate or price, or put it away. */
  'sender.changed': z.strictObject({
    channel,
    vendor: code,
    what: z.enum(['connected', 'renewed', 'ordered', 'limited', 'priced', 'rated', 'removed']),
    accountId: z.uuid().optional(),
    /** What it was and became, in figures: `250`, `0.45 SEK`; the order as places, from 1. Null: none. */
    from: code.nullable().optional(),
    to: code.nullable().optional(),
  }),
  'alert.raised': z.strictObject({ alertId: z.uuid(), kind: code }),
  'alert.acknowledged': z.strictObject({ alertId: z.uuid(), kind: code }),
  /** Nothing of it is so any more, or a later one has taken it on. */
  'alert.ended': z.strictObject({ alertId: z.uuid(), kind: code }),

  'api.key_made': z.strictObject({ keyId: z.uuid(), role: code }),
  'api.key_revoked': z.strictObject({ keyId: z.uuid() }),
  /** Too many wrong secrets in a row. */
  'api.key_locked': z.strictObject({ keyId: z.uuid() }),
  /** A refresh token was used twice: whoever else has it is shut out, and so is everybody of that sign-in. */
  'api.sign_in_revoked': z.strictObject({ keyId: z.uuid(), reason: code }),
  'hook.made': z.strictObject({ hookId: z.uuid(), events: z.array(code) }),
  'hook.removed': z.strictObject({ hookId: z.uuid() }),

  'template.changed': z.strictObject({ template: code, language: code, version: code, state: code }),

  'lead.captured': z.strictObject({ playbook: code, source: code }),
  /** `value` in the tenant's currency; the reason, where one was given, is its private part. */
  'lead.moved': z.strictObject({ from: code, to: code, value: z.number().min(0).optional() }),
  /** Asked again: the enquiry was merged into the lead; which fields changed by it. */
  'lead.merged': z.strictObject({ source: code, changed: z.array(code) }),
  'lead.scored': z.strictObject({
    points: z.int(),
    band: code,
    why: z.enum(['captured', 'imported', 'merged', 'amended', 'weights']),
  }),
  /** Managers were told of a lead that cannot wait, so many machine milliseconds after it was known. */
  'lead.alerted': z.strictObject({ by: z.enum(['slack', 'sms']), ms: z.int() }),
  /** Somebody wrote other facts into the lead, or gave it to `staffId` (without one: to nobody); the keys of what changed. */
  'lead.amended': z.strictObject({ changed: z.array(code), staffId: z.uuid().optional() }),
  /** The import that made the lead was taken back, and the lead with it. */
  'lead.withdrawn': z.strictObject({ importId: z.uuid() }),
  /** What an import had merged into the lead was taken out again; the keys of what changed by that. */
  'lead.restored': z.strictObject({ importId: z.uuid(), changed: z.array(code) }),
  /** A file of leads: how many rows, and what became of them. */
  'import.started': z.strictObject({ importId: z.uuid(), playbook: code, rows: z.int() }),
  'import.ended': z.strictObject({
    importId: z.uuid(),
    captured: z.int(),
    merged: z.int(),
    refused: z.int(),
  }),
  /** Somebody takes it back; what became of that: leads that were removed, put back as they were, and that stay. */
  'import.withdrawing': z.strictObject({ importId: z.uuid() }),
  'import.withdrawn': z.strictObject({ importId: z.uuid(), removed: z.int(), restored: z.int(), kept: z.int() }),
  /** Leads left as a file. */
  'leads.exported': z.strictObject({ leads: z.int() }),
  'consent.given': z.strictObject({ textVersion: code, channels: z.array(channel), source: code }),

  /** `stage`: it follows the lead's entry there, not its arrival. */
  'enrolment.started': z.strictObject({ cadence: code, steps: z.array(code), stage: code.optional() }),
  'enrolment.paused': z.strictObject({ held: z.int() }),
  'enrolment.resumed': z.strictObject({ moved: z.int() }),
  /** Its plan follows another version of the settings. */
  'enrolment.replanned': z.strictObject({ version: z.int(), moved: z.int(), added: z.int(), dropped: z.int() }),
  'enrolment.ended': z.strictObject({ state: code, cancelled: z.int() }),
  /** Steps follow the stage that a lead entered, and none of them is for it. */
  'sequence.passed': z.strictObject({ stage: code, why: z.enum(['no_consent', 'other_scores', 'other_answers']) }),

  /** `trial`: several wordings are compared, and this message had `template`. */
  'message.sent': z.strictObject({
    channel,
    attempt: z.int(),
    step: code.optional(),
    purpose: code,
    template: code.optional(),
    trial: code.optional(),
  }),
  'message.refused': z.strictObject({ channel, attempt: z.int(), step: code.optional(), code, next: code }),
  'message.uncertain': z.strictObject({ channel, attempt: z.int(), step: code.optional() }),
  'message.reconciled': z.strictObject({ attempt: z.int(), verdict: code }),
  'message.delivered': z.strictObject({ attempt: z.int() }),
  'message.read': z.strictObject({ attempt: z.int() }),
  /** An e-mail was opened or a link in it followed, for the first time. A hint, no proof. */
  'message.signal': z.strictObject({ kind: z.enum(['open', 'click']) }),
  'message.failed': z.strictObject({ attempt: z.int(), code, next: code }),
  'message.skipped': z.strictObject({ step: code.optional(), reason: code }),
  'message.held': z.strictObject({ step: code.optional(), reason: code }),
  'message.received': z.strictObject({ channel, understood: code, rule: code.optional() }),
  /** A customer took back what they had written. */
  'message.withdrawn': z.strictObject({ channel }),
  'message.decided': z.strictObject({ decision: z.enum(['resend', 'leave', 'undo']) }),

  'person.opted_out': z.strictObject({ scope: code, by: code, rule: code.optional(), cancelled: z.int() }),
  'person.opted_in': z.strictObject({ channel, by: code }),
  'person.unsure': z.strictObject({ rule: code }),
  'person.renumbered': z.strictObject({}),

  'conversation.taken': z.strictObject({ by: code }),
  'conversation.handed_back': z.strictObject({}),
  /** What is known of the customer was written by somebody else than the agent. */
  'conversation.noted': z.strictObject({ keys: z.array(code) }),
  /** A person said that no answer is needed. */
  'conversation.settled': z.strictObject({}),
  'conversation.reminded': z.strictObject({ minutes: z.int(), escalated: z.boolean() }),

  /** `prompt` is its id and version; `outcome` sent, drafted, dropped, handed_over … */
  'agent.turned': z.strictObject({ agent: code, prompt: code.optional(), outcome: code, reason: code.optional() }),
  'draft.decided': z.strictObject({ draftId: z.uuid(), decision: z.enum(['sent', 'edited', 'discarded']) }),

  'booking.made': z.strictObject({ bookingId: z.uuid(), kind: code, by: code }),
  'booking.moved': z.strictObject({ bookingId: z.uuid(), by: code }),
  'booking.cancelled': z.strictObject({ bookingId: z.uuid(), by: code }),

  'media.stored': z.strictObject({ mediaId: z.uuid(), mime: code }),
  'media.refused': z.strictObject({ mediaId: z.uuid(), reason: code }),

  'form.made': z.strictObject({ formId: z.uuid(), playbook: code }),
  'form.revoked': z.strictObject({ formId: z.uuid() }),
  /** Its name, or the websites that may show it; how many these are now. */
  'form.changed': z.strictObject({ formId: z.uuid(), origins: z.int() }),

  /** Ads or another system whose leads come here. */
  'source.connected': z.strictObject({ sourceId: z.uuid(), kind: code, playbook: code }),
  /** Which of their fields is which of ours; our fields that somebody has chosen one for. */
  'source.mapped': z.strictObject({ sourceId: z.uuid(), fields: z.array(code) }),
  'source.removed': z.strictObject({ sourceId: z.uuid() }),
  /** Somebody looked at a raw webhook. */
  'webhook.seen': z.strictObject({ webhookId: z.uuid() }),
  /** Somebody put what was parked back in line; one, or all of a kind. */
  'webhooks.retried': z.strictObject({ kind: code, count: z.int() }),

  /** A phone of the business was linked, lost, logged out … */
  'phone.changed': z.strictObject({ phoneId: z.uuid(), state: code, reason: code.optional() }),

  'licence.stored': z.strictObject({ assetId: z.uuid(), by: code }),
  'licence.original': z.strictObject({ outcome: z.enum(['deleted', 'asked']) }),
  'licence.purged': z.strictObject({ assetId: z.uuid() }),
  /** Somebody looked at it by a one-time link. */
  'licence.viewed': z.strictObject({ assetId: z.uuid() }),
  /** Deleted before its time: `asked` by somebody, or with the person (`erased`). */
  'licence.deleted': z.strictObject({ assetId: z.uuid(), why: z.enum(['asked', 'erased']) }),

  /** Somebody was shown all that is held of the person. */
  'person.exported': z.strictObject({}),
  'erasure.asked': z.strictObject({ erasureId: z.uuid() }),
  'erasure.decided': z.strictObject({ erasureId: z.uuid(), decision: z.enum(['approved', 'refused']) }),
  /** `removed` counts rows by what they were. */
  'person.erased': z.strictObject({ erasureId: z.uuid(), removed: z.record(code, z.int()) }),
  /** What a service answered that was asked to delete what it keeps of an erased person; `deleted` counts by what it was. */
  'erasure.receipt': z.strictObject({
    erasureId: z.uuid(),
    service: code,
    channel: channel.nullable(),
    state: z.enum(['deleted', 'by_hand']),
    deleted: z.record(code, z.int()),
  }),
  /** What was deleted because its time was over, by class. */
  'retention.ran': z.strictObject({ removed: z.record(code, z.int()) }),
} as const;

export type EventType = keyof typeof EVENTS;
export type EventData<T extends EventType> = z.infer<(typeof EVENTS)[T]>;
