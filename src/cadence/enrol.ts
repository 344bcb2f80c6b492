import type { Rows, Tx } from '../db/index.ts';
import { type NewEffect, type NewEvent, wake } from '../events/index.ts';
import type { CapturedLead, FollowUp } from '../leads/index.ts';
import { type AccountId, type AddressId, type EnrolmentId, type MessageId, newId, type PersonId } from '../lib/ids.ts';
import {
  type Cadence,
  type CadenceStep,
  isMeantFor,
  type Playbook,
  type RoutingBook,
  type Settings,
  type Tenants,
  templateKey,
  tenantPlaybook,
} from '../tenants/index.ts';
import { afterOpenTime, findOpening } from './hours.ts';
import { pauseFollowUp } from './pause.ts';
import { planSteps } from './plan.ts';
import { chooseRoute, type Route } from './route.ts';
import { trialOf, wordingFor } from './trial.ts';

/** How urgent a message is; lower leaves first. People before machines, a first message before a later one. */
export const PRIORITY = { now: 0, first: 1, later: 2, bulk: 3 } as const;

const HOUR_MS = 3_600_000;

/** Why a step is held for which the send hours and the law leave no time of day; other hours or another place let it go. */
export const NO_OPENING = 'no_opening';

/** One planned message as it is stored. */
export interface PlannedRow {
  id: MessageId;
  step: string;
  template: string;
  version: string;
  language: string;
  channel: string;
  accountId: AccountId | null;
  addressId: AddressId | null;
  priority: number;
  dueAt: Date;
  /** Which comparison of wordings it belongs to. */
  trial: string | null;
  state: 'scheduled' | 'held';
  reason: string | null;
}

const INSERT: Rows = {
  name: 'cadence-enrol',
  depth: 3,
  text: `with e as (
      insert into enrolments (id, tenant_id, person_id, lead_id, cadence, state, started_at, settings_version, stage)
      select e.id, $1, e.person_id, e.lead_id, e.cadence, 'active', e.started_at, e.version, e.stage
      from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[], $7::int[], $8::text[])
        as e(id, person_id, lead_id, cadence, started_at, version, stage)
      returning id, person_id, lead_id)
    insert into messages (id, tenant_id, person_id, lead_id, enrolment_id, direction, purpose, step_key, template_key,
      template_version, language, channel, account_id, address_id, priority, due_at, state, reason, trial, created_at)
    select m.id, $1, e.person_id, e.lead_id, e.id, 'out', 'cadence', m.step, m.template, m.version, m.language, m.channel,
      m.account_id, m.address_id, m.priority, m.due_at, m.state, m.reason, m.trial, m.created_at
    from unnest($9::uuid[], $10::uuid[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::uuid[],
      $17::uuid[], $18::smallint[], $19::timestamptz[], $20::text[], $21::text[], $22::text[], $23::timestamptz[])
      as m(enrolment_id, id, step, template, version, language, channel, account_id, address_id, priority, due_at, state,
        reason, trial, created_at)
      join e on e.id = m.enrolment_id`,
};

const BEFORE = {
  name: 'cadence-wordings-before',
  // messages_trials
  text: `select distinct on (step_key) step_key as step, template_key as template from messages
    where person_id = $1 and trial is not null order by step_key, created_at desc`,
};

/** The wordings that a person was given by earlier plans, by step. */
async function wordingsBefore(tx: Tx, { cadence }: Playbook, personId: PersonId): Promise<ReadonlyMap<string, string>> {
  if (cadence.steps.every(({ variants }) => variants === undefined)) return new Map();
  const given = await tx.query<{ step: string; template: string }>(BEFORE, [personId]);
  return new Map(given.map(({ step, template }) => [step, template]));
}

/**
 * Enrols leads: plans every step that follows their arrival, or the stage they entered, and stores the plan as messages.
 * Nothing begins where no step follows a stage for this lead.
 */
export function createFollowUp(deps: { tenants: Tenants; routing: RoutingBook }): Pick<FollowUp, 'start'> {
  return {
    async start(tx, lead) {
      const { settings, version } = await deps.tenants.latest(lead.tenant.id);
      const routing = await deps.routing.of(lead.tenant.id);
      // days are counted from the first message, which for one of many comes later
      const startsAt = turnOf(lead, settings);
      const playbook = tenantPlaybook(lead.playbook, settings);
      const before = lead.before ?? (await wordingsBefore(tx, playbook, lead.person.id));
      const rows = planRows({ ...lead, capturedAt: startsAt, playbook, before }, settings, routing);
      if (lead.after !== undefined && rows.length === 0) return { events: [], effects: [] };
      const enrolmentId = lead.id ?? newId<EnrolmentId>();
      await insert(tx, enrolmentId, { ...lead, startsAt }, rows, version);
      const paused = lead.waits ? await pauseFollowUp(tx, lead.person.id, 'many_at_once') : null;
      if (!lead.bulk) await wake(tx, 'messages'); // whoever brings many wakes once

      const ids = { leadId: lead.leadId, personId: lead.person.id };
      const steps = rows.map((row) => row.step);
      const events: NewEvent[] = [
        {
          type: 'enrolment.started',
          ...ids,
          data: { cadence: lead.playbook.cadence.key, steps, ...(lead.after !== undefined && { stage: lead.after }) },
        },
        ...rows
          .filter((row) => row.state === 'held')
          .map(
            (row): NewEvent => ({
              type: 'message.held',
              ...ids,
              messageId: row.id,
              data: { step: row.step, reason: row.reason ?? '' },
            }),
          ),
        ...(paused ? [{ type: 'enrolment.paused' as const, ...ids, data: { held: paused.held } }] : []),
      ];
      return { events, effects: [] as NewEffect[] };
    },
  };
}

/** When it is a lead's turn: at once, or after those of its file that come before. Pure. */
export function turnOf(lead: Pick<CapturedLead, 'bulk' | 'capturedAt' | 'person'>, settings: Settings): Date {
  const { bulk, capturedAt, person } = lead;
  if (!bulk || bulk.perHour === null || !findOpening(capturedAt, person.place, settings.sendHours)) return capturedAt;
  return afterOpenTime(capturedAt, (bulk.turn / bulk.perHour) * HOUR_MS, person.place, settings.sendHours);
}

/** The plan of one lead: when each step leaves, in which words, by which channel. Pure. */
export function planRows(
  lead: CapturedLead,
  settings: Settings,
  routing: Awaited<ReturnType<RoutingBook['of']>>,
): PlannedRow[] {
  const { cadence } = lead.playbook;
  const mails = routeOf(lead, routing, cadence.channels, false).channel === 'email';
  const steps = stepsFor(lead);
  const planned = planSteps({
    steps,
    enrolledAt: lead.capturedAt,
    place: lead.person.place,
    zone: lead.person.zone,
    hours: settings.sendHours,
    defaultTime: settings.stepTime ?? cadence.at,
    // somebody in a file did not write a moment ago
    anyHour: (step) => mails && step.answers === 'enquiry' && lead.bulk === undefined,
  });
  return planned.map((step) => {
    const template = lead.playbook.template(step.template, lead.person.language, lead.tenant.language);
    const approved = routing.approved.has(templateKey(template));
    const order = channelOrder(cadence, step.key);
    const route = routeOf(lead, routing, order, approved, template.category === 'MARKETING');
    const reason = route.channel === 'none' ? route.reason : step.closed ? NO_OPENING : null;
    const channel = route.channel === 'none' ? (order[0] ?? 'sms') : route.channel;
    const address = lead.addresses.find((each) => each.kind === (channel === 'email' ? 'email' : 'phone'));
    return {
      id: newId<MessageId>(),
      step: step.key,
      template: template.key,
      version: template.version,
      language: template.language,
      channel,
      accountId: routing.accounts[channel]?.id ?? null,
      addressId: address?.id ?? null,
      priority: step.day > 0 ? PRIORITY.later : lead.bulk ? PRIORITY.bulk : PRIORITY.first,
      dueAt: step.dueAt,
      trial: steps.find(({ key }) => key === step.key)?.trial ?? null,
      state: reason === null ? 'scheduled' : 'held',
      reason,
    };
  });
}

/** The channels in the order they are tried for a step: its own first, where it has one. Pure. */
export function channelOrder({ channels, steps }: Cadence, step: string | null): Cadence['channels'] {
  const own = steps.find(({ key }) => key === step)?.channel;
  return own === undefined ? channels : [own, ...channels.filter((channel) => channel !== own)];
}

/** A step with the words that this lead reads; `trial` where they are compared with others. */
type ChosenStep = CadenceStep & { trial?: string | undefined };

/**
 * The steps that are for this lead: those that follow its arrival or the stage it entered, of its score band, for what it
 * has answered, and without a consent only what answers the enquiry itself. Each with the words for its band, else with the
 * wording that this person is given. Pure.
 */
export function stepsFor(
  lead: Pick<CapturedLead, 'playbook' | 'fields' | 'band' | 'consented' | 'after' | 'before'> & {
    person: Pick<CapturedLead['person'], 'id'>;
    tenant: Pick<CapturedLead['tenant'], 'id'>;
  },
): ChosenStep[] {
  const { band, consented, fields, playbook, after, before } = lead;
  const reader = { tenantId: lead.tenant.id, playbook: playbook.key, personId: lead.person.id, before };
  return playbook.cadence.steps
    .filter((step) => step.after === after)
    .filter((step) => consented || playbook.consentRequired || step.answers === 'enquiry')
    .filter((step) => isOfBand(step, band))
    .filter((step) => isMeantFor(step, fields))
    .map((step) => {
      const ofBand = band !== undefined && step.byBand?.[band];
      if (ofBand) return { ...step, template: ofBand };
      return { ...step, template: wordingFor(step, reader), trial: trialOf(playbook, step) };
    });
}

/** Whether a step is for leads of a score band; without one it is. Pure. */
export const isOfBand = ({ bands }: CadenceStep, band: string | undefined): boolean =>
  bands === undefined || band === undefined || bands.includes(band);

function routeOf(
  lead: CapturedLead,
  routing: Awaited<ReturnType<RoutingBook['of']>>,
  order: Cadence['channels'],
  templateApproved: boolean,
  marketing = false,
): Route {
  return chooseRoute({
    addresses: usableAddresses(lead.addresses, lead.suppressed),
    accounts: {
      whatsapp: routing.accounts.whatsapp !== undefined,
      sms: routing.accounts.sms !== undefined,
      email: routing.accounts.email !== undefined,
    },
    windowOpen: routing.accounts.whatsapp?.freeText === true,
    templateApproved,
    order,
    ...(lead.person.place.country && { country: lead.person.place.country }),
    marketing,
  }).first;
}

/** Which channels can reach a person at all: an address of the right kind, not suppressed, not known to fail. */
export function usableAddresses(
  addresses: readonly { kind: string; unreachable: readonly string[] }[],
  suppressed: readonly string[],
): Record<'whatsapp' | 'sms' | 'email', boolean> {
  const usable = (kind: string, channel: string) =>
    !suppressed.includes(channel) &&
    addresses.some((each) => each.kind === kind && !each.unreachable.includes(channel));
  return { whatsapp: usable('phone', 'whatsapp'), sms: usable('phone', 'sms'), email: usable('email', 'email') };
}

async function insert(
  tx: Tx,
  enrolmentId: EnrolmentId,
  lead: CapturedLead & { startsAt: Date },
  rows: PlannedRow[],
  version: number,
): Promise<void> {
  await tx.writeRows(INSERT, [
    [enrolmentId],
    [lead.person.id],
    [lead.leadId],
    [lead.playbook.cadence.key],
    [lead.startsAt],
    [version],
    [lead.after ?? null],
    rows.map(() => enrolmentId),
    rows.map((row) => row.id),
    rows.map((row) => row.step),
    rows.map((row) => row.template),
    rows.map((row) => row.version),
    rows.map((row) => row.language),
    rows.map((row) => row.channel),
    rows.map((row) => row.accountId),
    rows.map((row) => row.addressId),
    rows.map((row) => row.priority),
    rows.map((row) => row.dueAt),
    rows.map((row) => row.state),
    rows.map((row) => row.reason),
    rows.map((row) => row.trial),
    rows.map(() => lead.capturedAt),
  ]);
}
