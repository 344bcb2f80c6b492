import { isOpen } from '../../cadence/index.ts';
import { conditionWords } from '../../tenants/index.ts';
import { channelName, reasonInWords } from '../ledger.ts';
import { segments } from '../render.ts';
import type { EndingEntry, Fate, Rehearsal, SampleCustomer, Stage, StepEntry } from './types.ts';

/* What a rehearsal says, in plain words; times are handed in as words, since how a time is written depends on who reads it. */

/** Why an SMS to India never leaves, whatever a playbook says. */
export const UNREGISTERED = 'dlt_template_needed';

/** `WhatsApp template`, `SMS, 2 parts`. */
export function wayInWords(fate: Extract<Fate, { kind: 'sent' }>): string {
  const name = channelName(fate.channel);
  if (fate.channel === 'whatsapp') return `${name} ${fate.template ? 'template' : 'free text'}`;
  const parts = fate.channel === 'sms' ? segments(fate.body).segments : 1;
  return parts > 1 ? `${name}, ${parts} parts` : name;
}

/** Why a message did not leave: `not sent: the customer replied, …`. */
export function missInWords(fate: Exclude<Fate, { kind: 'sent' }>): string {
  switch (fate.kind) {
    case 'held':
      return `waits: ${reasonInWords(fate.reason)}`;
    case 'skipped':
    case 'cancelled':
      return `not sent: ${reasonInWords(fate.reason)}`;
    case 'unplanned':
      return 'not planned';
  }
}

/** What the customer does and what follows. */
export function endingInWords({ kind, cancelled }: EndingEntry, name: string): string {
  const does = kind === 'reply' ? `${name} replies` : `${name} asks in their own words to be left alone`;
  const end = kind === 'reply' ? 'the follow-up ends' : 'nothing more goes to them on any channel';
  const rest =
    cancelled === 0
      ? 'nothing was left to cancel'
      : `${cancelled} planned ${cancelled === 1 ? 'message is' : 'messages are'} cancelled`;
  return `${does}: ${end}, ${rest}`;
}

/** Why no WhatsApp (or whatever comes first), when another channel carries the message. */
const INSTEAD: Record<string, string> = {
  template_needed: 'WhatsApp has not approved this text yet',
  postal_address_needed: 'advertising by e-mail needs the business’s postal address',
  us_marketing: 'WhatsApp does not deliver marketing to US numbers',
  no_sender: 'no sender is connected for it',
  no_address: 'the customer cannot be reached there',
};

/** What is worth knowing about a step that leaves: why later than asked for, why by another channel. */
export function notesOf(stage: Stage, { customer }: Rehearsal, entry: StepEntry, time: (at: Date) => string): string[] {
  const { fate, wanted, at, instead } = entry;
  if (fate.kind !== 'sent') return [];
  const scores = scoresInWords(stage, entry.step);
  const step = stage.playbook.cadence.steps.find(({ key }) => key === entry.step);
  const why = lateBecause(stage, customer, entry);
  return [
    ...(scores ? [`only with a score of ${scores}`] : []),
    ...(step ? conditionWords(step) : []),
    ...(at > wanted ? [`later than ${time(wanted)}: ${why}`] : []),
    ...(instead
      ? [`not by ${channelName(instead.channel)}: ${INSTEAD[instead.reason] ?? reasonInWords(instead.reason)}`]
      : []),
  ];
}

/** `60 to 79 (warm) or 80 to 100 (hot)`: the bands that a step is for; undefined for a step that is for all. */
function scoresInWords({ playbook: { cadence, score } }: Stage, key: string): string | undefined {
  const wanted = cadence.steps.find((step) => step.key === key)?.bands;
  if (!wanted || !score) return undefined;
  const rising = [...score.bands].sort((a, b) => a.from - b.from);
  const ranges = rising.flatMap(({ key: band, label, from }, index) => {
    const to = (rising[index + 1]?.from ?? 101) - 1;
    return wanted.includes(band) ? [`${from} to ${to} (${label})`] : [];
  });
  return ranges.join(' or ');
}

/** What begins a sequence, and what ends it: `When the lead enters “Proposal sent”, until it moves on`. */
export function triggerInWords({ playbook }: Stage, after: string): string {
  const label = playbook.pipeline.stages.find(({ key }) => key === after)?.label ?? after;
  return `When the lead enters “${label}”, until it moves on`;
}

function lateBecause(stage: Stage, { place, zone }: SampleCustomer, { wanted, waited }: StepEntry): string {
  const { sendHours } = stage.settings;
  if (isOpen(wanted, place, sendHours)) {
    return (waited.length > 0 ? [...new Set(waited)] : ['too_soon']).map((reason) => reasonInWords(reason)).join(', ');
  }
  // a number of a country with many zones: it must be open in all of them
  const isOpenIn = (each: string) => isOpen(wanted, { ...place, zones: [each] }, sendHours);
  const closed = isOpenIn(zone) ? place.zones.filter((each) => !isOpenIn(each)) : [];
  return closed.length > 0
    ? `the number may also belong to ${closed.slice(0, 2).join(' or ')}, where it is not in the hours`
    : reasonInWords('outside_send_hours');
}
