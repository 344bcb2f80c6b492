import type { PlannedRow } from '../../cadence/index.ts';
import { derivedId, type EnrolmentId, type MessageId } from '../../lib/ids.ts';
import type { DueMessage } from '../due.ts';
import type { ChannelName } from '../port.ts';
import type { SampleLead } from './customer.ts';
import type { Stage } from './types.ts';

/** What has left so far, for the guard. */
export interface Sent {
  at: Date;
  channel: ChannelName;
}

const DAY_MS = 86_400_000;

/** A planned row as the dispatcher reads it when it is due (see `READ_DUE`); undefined when no sender could carry it. */
export function dueMessage(
  stage: Stage,
  lead: SampleLead,
  row: PlannedRow,
  now: Date,
  sent: readonly Sent[],
): DueMessage | undefined {
  if (!row.accountId || !row.addressId) return undefined;
  return {
    ...common(stage, lead),
    id: row.id,
    enrolmentId: derivedId<EnrolmentId>('rehearsal', 'enrolment'),
    enrolmentState: 'active',
    purpose: 'cadence',
    stepKey: row.step,
    templateKey: row.template,
    language: row.language,
    channel: row.channel as ChannelName,
    accountId: row.accountId,
    addressId: row.addressId,
    dueAt: row.dueAt,
    expiresAt: null,
    optedOutAt: null,
    lastInboundAt: null,
    lastSentAt: sent.at(-1)?.at ?? null,
    sentLastDay: sent.filter(({ at }) => at.getTime() > now.getTime() - DAY_MS).length,
  };
}

/** The one confirmation of an opt-out, on the channel that the customer used; undefined without a sender there. */
export function confirmation(
  stage: Stage,
  lead: SampleLead,
  channel: ChannelName,
  now: Date,
  sent: readonly Sent[],
): DueMessage | undefined {
  const account = stage.routing.accounts[channel];
  const address = lead.addresses.find(({ kind }) => kind === (channel === 'email' ? 'email' : 'phone'));
  if (!account || !address) return undefined;
  return {
    ...common(stage, lead),
    id: derivedId<MessageId>('rehearsal', 'confirmation'),
    enrolmentId: null,
    enrolmentState: null,
    purpose: 'notice',
    stepKey: 'opt_out_confirmation',
    templateKey: 'opt_out_confirmation',
    language: lead.person.language,
    channel,
    accountId: account.id,
    addressId: address.id,
    dueAt: now,
    expiresAt: new Date(now.getTime() + 5 * 60_000),
    optedOutAt: now,
    lastInboundAt: channel === 'whatsapp' ? now : null,
    lastSentAt: sent.at(-1)?.at ?? null,
    sentLastDay: 0,
  };
}

function common(stage: Stage, lead: SampleLead) {
  return {
    tenantId: stage.tenant.id,
    personId: lead.person.id,
    leadId: lead.leadId,
    attempt: 0,
    body: null,
    name: lead.person.name,
    zone: lead.person.zone,
    personLanguage: lead.person.language,
    place: lead.person.place,
    optedOutChannels: [],
    addresses: lead.addresses,
    playbook: stage.playbook.key,
    fields: lead.fields,
    salesperson: stage.salesperson,
    consentChannels: [...lead.agreed],
    fellBack: false,
  };
}
