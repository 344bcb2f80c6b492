import { isAlertKind, kindOf } from '../../alerts/index.ts';
import type { EVENTS, EventData, EventType } from '../../events/index.ts';
import { channelName, reasonInWords } from '../../messaging/index.ts';
import type { Playbook } from '../../tenants/index.ts';
import { inline, stepName, subjectOf } from '../card/index.ts';
import { plural } from '../format.ts';
import { receiptInWords } from '../privacy/receipts.ts';
import { minutesInWords } from '../tell/frame.ts';
import type { AuditEvent } from './read.ts';

/** What an event needs besides its facts to be told. */
interface Around {
  /** `Day 2`, `reply`. */
  what: string;
  subject: string;
}

type Telling = { [T in EventType]?: (data: EventData<T>, around: Around) => string };

const by = (way: string) => inline(way.replaceAll('_', ' '));
const why = (code: string) => inline(reasonInWords(code), 200);
const on = (channel: string) => inline(channelName(channel));
const role = (name: string | null) => (name ? inline(name) : 'no role');
const alert = (kind: string) => inline(isAlertKind(kind) ? kindOf(kind).label : kind.replaceAll('_', ' '));
/** `250 → 1000`. */
const between = (from: string | null, to: string | null) => `${inline(from ?? 'none')} → ${inline(to ?? 'none')}`;
const again = (attempt: number) => (attempt > 1 ? `, attempt ${attempt}` : '');

/** Each kind of event in a few words. Facts are codes of ours, but are escaped all the same. */
const TELLING: Telling = {
  'tenant.created': ({ source }) => `Business set up (${by(source)})`,
  'tenant.described': ({ keys, facts = [] }) => {
    const plain = keys.filter((key) => facts.every((fact) => fact.key !== key)).map((key) => inline(key));
    return `Business changed: ${[...plain, ...facts.map(({ key, from, to }) => `${inline(key)} ${between(from, to)}`)].join(', ')}`;
  },
  'tenant.went_live': ({ released }) => `Went live: ${plural(released, 'message')} that waited may leave`,
  'tenant.restored': ({ doubted }) =>
    `Restored from a backup: nothing leaves by itself; ${plural(doubted, 'message')} may have left since it was made`,
  'parked.decided': ({ what, decision, count }) => `${plural(count, 'parked item')} ${by(decision)} (${by(what)})`,
  'tenant.released': ({ released }) =>
    `Released after the restore: ${plural(released, 'message')} that waited may leave`,
  'tenant.disconnected': () => 'Taken out of Slack: nothing leaves by itself',
  'tenant.reconnected': () => 'Back in Slack: waits for somebody to go live',
  'staff.role_changed': ({ from, to }, { subject }) => `Role of ${subject}: ${role(from)} → ${role(to)}`,
  'staff.covered': ({ coverId }, { subject }) =>
    coverId ? `A colleague stands in for ${subject}` : `${subject} is back: nobody stands in any more`,
  'settings.changed': ({ version, keys }) => `Settings changed: ${inline(keys.join(', '))} (version ${version})`,
  'settings.asked': ({ keys }) =>
    `Change of settings asked for: ${inline(keys.join(', '))}; it waits for a second person`,
  'settings.decided': ({ decision }) => `Change of settings: ${by(decision)}`,
  'alert.raised': ({ kind }) => `Alert raised: ${alert(kind)}`,
  'alert.acknowledged': ({ kind }) => `Alert acknowledged: ${alert(kind)}`,
  'alert.ended': ({ kind }) => `Alert over: ${alert(kind)}`,
  'template.changed': ({ template, language, state }) =>
    `WhatsApp template ${inline(template)} (${inline(language)}) is ${by(state)}`,
  'lead.captured': ({ source }) => `Lead logged (${by(source)})`,
  'lead.moved': ({ from, to }) => `Stage: ${by(from)} → ${by(to)}`,
  'lead.merged': ({ source, changed }) =>
    `Asked again (${by(source)})${changed.length > 0 ? `; new: ${inline(changed.join(', '))}` : ''}`,
  'lead.scored': ({ points, band }) => `Score ${points} (${by(band)})`,
  'lead.alerted': ({ by: way, ms }) =>
    `Managers told by ${way === 'sms' ? 'SMS' : 'Slack'} within ${Math.ceil(ms / 1000)} s`,
  'sender.rested': ({ channel, reason, next }) =>
    `Sender of ${on(channel)} rests: ${why(reason)}${next ? `; ${by(next)} takes over` : ''}`,
  'sender.recovered': ({ channel }) => `Sender of ${on(channel)} works again`,
  'sender.changed': ({ channel, vendor, what, from, to }) =>
    `Sender of ${on(channel)} (${by(vendor)}) ${by(what)}${from === undefined || to === undefined ? '' : `: ${between(from, to)}`}`,
  'api.key_made': ({ role: as }) => `API key made (${by(as)})`,
  'api.key_revoked': () => 'API key revoked',
  'api.key_locked': () => 'API key locked after too many wrong secrets',
  'api.sign_in_revoked': ({ reason }) => `API sign-in ended (${by(reason)})`,
  'hook.made': ({ events }) => `Outgoing webhook made: ${inline(events.join(', ') || 'all events')}`,
  'hook.removed': () => 'Outgoing webhook removed',
  'lead.amended': ({ changed, staffId }, { subject }) =>
    changed.includes('owner')
      ? `Lead given to ${staffId ? subject : 'nobody'}`
      : `Facts changed: ${inline(changed.join(', '))}`,
  'lead.withdrawn': () => 'Lead removed: the file it came in was taken back',
  'lead.restored': ({ changed }) =>
    `Put back as it was before a file came in${changed.length > 0 ? `: ${inline(changed.join(', '))}` : ''}`,
  'import.started': ({ rows, playbook }) => `File with ${plural(rows, 'lead')} brought in (${by(playbook)})`,
  'import.ended': ({ captured, merged, refused }) =>
    `File came in: ${captured} new, ${merged} merged, ${refused} refused`,
  'import.withdrawing': () => 'File being taken back',
  'import.withdrawn': ({ removed, restored, kept }) =>
    `File taken back: ${plural(removed, 'lead')} removed, ${restored} put back, ${kept} kept`,
  'leads.exported': ({ leads }) => `${plural(leads, 'lead')} taken out as a file`,
  'conversation.noted': ({ keys }) => `Noted of the conversation: ${inline(keys.join(', '))}`,
  'form.made': ({ playbook }) => `Form made for ${by(playbook)}`,
  'form.revoked': () => 'Form revoked',
  'form.changed': ({ origins }) => `Form changed; ${plural(origins, 'website')} may show it`,
  'source.connected': ({ kind, playbook }) => `Leads of ${by(kind)} connected, as ${by(playbook)}`,
  'source.mapped': ({ fields }) => `Fields of a lead source set: ${inline(fields.join(', ') || 'none')}`,
  'source.removed': () => 'Lead source removed',
  'webhook.seen': () => 'A raw webhook was looked at',
  'webhooks.retried': ({ kind, count }) => `${plural(count, 'webhook')} (${by(kind)}) tried again`,
  'consent.given': ({ textVersion, channels, source }) =>
    `Consent given for ${channels.map(on).join(', ')} (text ${inline(textVersion)}, ${by(source)})`,
  'enrolment.started': ({ cadence, steps }) =>
    `Follow-up ${inline(cadence)} started: ${plural(steps.length, 'message')} planned`,
  'enrolment.paused': ({ held }) => `Follow-up paused: ${plural(held, 'message waits', 'messages wait')}`,
  'enrolment.resumed': () => 'Follow-up resumed',
  'enrolment.replanned': ({ version, moved, added, dropped }) =>
    `Follow-up moved to version ${version} of the settings: ${moved} planned anew, ${added} added, ${dropped} taken out`,
  'enrolment.ended': ({ state, cancelled }) =>
    `Follow-up ended (${by(state)}): ${plural(cancelled, 'planned message', 'planned messages')} cancelled`,
  'sequence.passed': ({ stage, why: reason }) => `No follow-up began in ${by(stage)}: ${why(reason)}`,
  'message.sent': ({ channel, attempt }, { what }) => `${what} sent by ${on(channel)}${again(attempt)}`,
  'message.refused': ({ channel, code }, { what }) => `${what} refused by ${on(channel)}: ${why(code)}`,
  'message.uncertain': ({ channel }, { what }) => `${what} by ${on(channel)} got no answer: it may have left`,
  'message.reconciled': ({ verdict }, { what }) => `${what}: the gateway was asked, ${by(verdict)}`,
  'message.delivered': (_, { what }) => `${what} delivered`,
  'message.read': (_, { what }) => `${what} read`,
  'message.signal': ({ kind }, { what }) =>
    `${what} ${kind === 'open' ? 'opened' : 'had a link followed'} (as its mail program says)`,
  'message.failed': ({ code }, { what }) => `${what} not delivered: ${why(code)}`,
  'message.skipped': ({ reason }, { what }) => `${what} left out: ${why(reason)}`,
  'message.held': ({ reason }, { what }) => `${what} waits: ${why(reason)}`,
  'message.received': ({ channel, understood }) =>
    `Customer wrote by ${on(channel)}${understood === 'message' ? '' : ` (understood as ${by(understood)})`}`,
  'message.withdrawn': ({ channel }) => `Customer took back what they wrote by ${on(channel)}`,
  'phone.changed': ({ state }) => `Linked phone: ${by(state)}`,
  'message.decided': ({ decision }, { what }) => `${what}: somebody decided “${by(decision)}”`,
  'person.opted_out': ({ scope, by: way, cancelled }) =>
    `Opted out of ${scope === 'all' ? 'everything' : on(scope)} (${by(way)}): ${plural(cancelled, 'planned message')} cancelled`,
  'person.opted_in': ({ channel }) => `Opted in again by ${on(channel)}`,
  'person.unsure': () => 'May have asked to stop: everything waits for a person',
  'conversation.taken': ({ by: way }) => `Conversation taken over (${by(way)})`,
  'conversation.handed_back': () => 'Conversation handed back to the assistant',
  'conversation.settled': () => 'No answer needed, somebody said',
  'person.renumbered': () => 'Phone number corrected',
  'conversation.reminded': ({ minutes, escalated }) =>
    `${escalated ? 'Managers told' : 'Reminded'}: an answer is owed since ${minutesInWords(minutes)} of opening hours`,
  'agent.turned': ({ outcome, reason }) => `Assistant: ${by(outcome)}${reason ? ` (${by(reason)})` : ''}`,
  'draft.decided': ({ decision }) => `Draft ${by(decision)}`,
  'booking.made': ({ kind, by: way }) => `Appointment made: ${by(kind)} (${by(way)})`,
  'booking.moved': ({ by: way }) => `Appointment moved (${by(way)})`,
  'booking.cancelled': ({ by: way }) => `Appointment cancelled (${by(way)})`,
  'media.stored': ({ mime }) => `Customer's file stored (${inline(mime)})`,
  'media.refused': ({ reason }) => `Customer's file refused: ${by(reason)}`,
  'licence.stored': ({ by: way }) => `Licence photo stored (${by(way)})`,
  'licence.original': ({ outcome }) =>
    outcome === 'deleted'
      ? 'Original of the licence photo deleted'
      : 'Uploader asked to delete the original of the licence photo',
  'licence.purged': () => 'Licence photo deleted for good',
  'licence.viewed': () => 'Licence photo looked at',
  'licence.deleted': ({ why }) =>
    why === 'asked' ? 'Licence photo deleted on demand' : 'Licence photo deleted with its customer',
  'person.exported': () => 'Everything held of a customer looked at (export)',
  'erasure.asked': () => 'Erasure of a customer asked for',
  'erasure.decided': ({ decision }) => `Erasure of a customer ${by(decision)}`,
  'person.erased': () => 'Customer erased',
  'erasure.receipt': (receipt) => `Deletion after an erasure: ${inline(receiptInWords(receipt), 200)}`,
  'retention.ran': ({ removed }) =>
    `Kept long enough: ${plural(
      Object.values(removed).reduce((sum, n) => sum + n, 0),
      'entry',
      'entries',
    )} deleted`,
};

/** What happened, in words; a kind that has none is told by its name and facts. Pure. */
export function happening(event: AuditEvent, playbook: Playbook | undefined): string {
  const tell = TELLING[event.type] as ((data: unknown, around: Around) => string) | undefined;
  const around: Around = {
    what: whatOf(event, playbook),
    subject: event.subject ? inline(event.subject) : 'somebody',
  };
  return tell?.(event.data, around) ?? plainly(event);
}

/** `Day 2` of a follow-up, else what kind of message it was. */
function whatOf({ step, data }: AuditEvent, playbook: Playbook | undefined): string {
  if (step) return inline(playbook ? stepName({ playbook }, step) : step.replaceAll('_', ' '));
  const purpose = typeof data.purpose === 'string' ? data.purpose.replaceAll('_', ' ') : 'message';
  return inline(purpose === 'reply' ? 'Reply' : purpose === 'agent' ? "Assistant's answer" : 'Message');
}

function plainly({ type, data }: AuditEvent): string {
  const facts = Object.entries(data).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  const words = type.replaceAll(/[._]/g, ' ');
  return inline(
    `${words.charAt(0).toUpperCase()}${words.slice(1)}${facts.length > 0 ? `: ${facts.join(', ')}` : ''}`,
    300,
  );
}

const ACTORS: Record<string, string> = { system: 'LeadRescue', customer: 'Customer', gateway: 'Gateway' };

/** Who did it. Pure. */
export function actorOf({ actor, colleague }: AuditEvent): string {
  return colleague ? inline(colleague) : (ACTORS[actor] ?? 'A former colleague');
}

/** `Anna Karlsson (BMW X5)`; empty for what concerns no customer. Pure. */
export function customerOf({ name, fields }: AuditEvent, playbook: Playbook | undefined): string {
  if (!name) return '';
  const subject = playbook && fields ? inline(subjectOf({ fields }, playbook)) : '';
  return `${inline(name)}${subject ? ` (${subject})` : ''}`;
}

/** The kinds that have words of their own. */
export const TOLD = Object.keys(TELLING) as (keyof typeof EVENTS)[];
