/*
 * What ties the model to the product: every file that changes the state of a message is named here with the step that
 * mirrors it, or with the reason why the model need not know it. A new one is looked at before it lands.
 */
export const WRITERS: Readonly<Record<string, string>> = {
  'bookings/notices.ts':
    'outside: plans and cancels notices of an appointment, the person locked, before they are claimed',
  'cadence/plan-store.ts': 'outside: moves what no gateway has heard of, the person and the rows locked',
  'cadence/pause.ts': 'people: pauses, resumes',
  'cadence/stage-change.ts':
    'outside: cancels what followed a stage, as a stop does; what comes back finds its follow-up over',
  'cadence/stop.ts': 'stop: cancels, finds in flight',
  'inbox/wrong-number.ts': 'outside: cancels what is planned to an address, the person locked, beside a stop',
  'leads/import/restore.ts': 'outside: holds what is planned to an address that is taken back, the person locked',
  'messaging/begin.ts': 'worker: begins',
  'messaging/desk.ts': 'people: sends again, leaves at that; undo cancels as a stop does',
  'messaging/drafts.ts': 'outside: cancels an answer of the agent that is claimed, as a stop does',
  'messaging/due.ts': 'worker: claims, gives back; time: a lease runs out',
  'messaging/live.ts': 'outside: what is held for a reason of the tenant is planned again; it was never tried',
  'messaging/record.ts': 'worker, reconciler, gateway: records',
  'messaging/retire.ts':
    'outside: holds what is planned for a sender that was put away, or gives it to another; the rows locked',
  'messaging/sender-terms.ts': 'outside: changes when, not whether; the rows locked',
  'messaging/status.ts': 'gateway: is reported',
  'messaging/templates.ts': 'outside: plans again what waited for a template; it was never tried',
  'phones/link.ts': 'outside: holds what is planned for a phone that is gone',
  'privacy/erase-person.ts': 'outside: comes after a stop that has settled',
};

/** States of the product that are one in the model: how far a message got after it was sent, and what came in. */
export const DELIVERY: readonly string[] = ['delivered', 'read', 'received'];
