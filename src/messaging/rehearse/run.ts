import { chooseRoute, type PlannedRow, planRows, usableAddresses } from '../../cadence/index.ts';
import { isKnown } from '../../lib/errors.ts';
import { isMeantFor, templateKey } from '../../tenants/index.ts';
import type { ChannelName } from '../port.ts';
import { type SampleLead, sampleLead } from './customer.ts';
import { confirmation, dueMessage, type Sent } from './due-message.ts';
import { askedTime, endingAt, wantedAt } from './times.ts';
import { createTurns, type TakeTurn } from './turn.ts';
import type { Ending, Entry, Fate, Rehearsal, Script, Stage, StepEntry } from './types.ts';

/** A message that finds no end after so many turns is a mistake of ours. */
const MAX_TURNS = 100;

/**
 * Plays a follow-up from its start to its end. The same stage and script give the same rehearsal. Throws `KnownError`
 * when there can be no such customer (see `sampleLead`); a plan that cannot be made is told in the rehearsal.
 */
export async function rehearse(stage: Stage, script: Script): Promise<Rehearsal> {
  const lead = sampleLead(stage, script);
  const { name, language, zone, place } = lead.person;
  const customer = { name, language, zone, place, phone: lead.addresses[0]?.value ?? '' };
  const about = { customer, start: script.start, after: script.after ?? null, answers: lead.fields };
  const planned = plan(stage, lead);
  if (typeof planned === 'string') {
    return { ...about, timeline: unplanned(stage, lead), failure: planned };
  }
  return { ...about, timeline: await play(stage, lead, planned, script.ending), failure: null };
}

/** What follows each stage that has a sequence, as if the lead entered it at the script's start; without what the customer does. */
export async function rehearseSequences(
  stage: Stage,
  { ending: _, after: __, answers: ___, ...script }: Script,
): Promise<Rehearsal[]> {
  const stages = new Set(stage.playbook.cadence.steps.flatMap(({ after }) => after ?? []));
  const played: Rehearsal[] = [];
  for (const after of stages) played.push(await rehearse(stage, { ...script, after }));
  return played;
}

function plan(stage: Stage, lead: SampleLead): PlannedRow[] | string {
  try {
    return planRows(lead, stage.settings, stage.routing);
  } catch (error) {
    if (isKnown(error)) return error.userMessage;
    throw error;
  }
}

/** A planned row on its way; its time and channel change with each turn. */
interface Waiting {
  row: PlannedRow;
  waited: string[];
  turns: number;
}

async function play(stage: Stage, lead: SampleLead, rows: PlannedRow[], ending?: Ending): Promise<Entry[]> {
  let now = lead.capturedAt;
  const take = createTurns(stage, () => now);
  const sent: Sent[] = [];
  const timeline: Entry[] = [];
  const endsAt = ending && endingAt(ending, lead.capturedAt, lead.person.zone);
  let waiting: Waiting[] = rows.map((row) => ({ row: { ...row }, waited: [], turns: 0 }));
  const close = (one: Waiting, fate: Fate, at: Date) => {
    timeline.push(stepEntry(stage, lead, one, fate, at));
    waiting = waiting.filter((other) => other !== one);
  };

  for (let next = earliest(waiting); next; next = earliest(waiting)) {
    const { dueAt } = next.row;
    if (endsAt && dueAt >= endsAt) break;
    if (dueAt > now) now = dueAt;
    const fate = await turn(stage, lead, next, now, sent, take);
    if (!fate) continue;
    if (fate.kind === 'sent') sent.push({ at: now, channel: fate.channel });
    close(next, fate, now);
  }
  if (ending && endsAt) {
    now = endsAt;
    const held = timeline.filter((entry) => entry.kind === 'step' && entry.fate.kind === 'held').length;
    timeline.push({ ...ending, at: endsAt, cancelled: waiting.length + held });
    if (ending.kind === 'opt_out') timeline.push(...(await confirm(stage, lead, rows, now, sent, take)));
    const reason = ending.kind === 'reply' ? 'replied' : 'opted_out';
    for (const one of [...waiting]) close(one, { kind: 'cancelled', reason }, one.row.dueAt);
  }
  return timeline;
}

/** By due time; of two that are due together the one planned first. */
function earliest(waiting: readonly Waiting[]): Waiting | undefined {
  return waiting.reduce<Waiting | undefined>(
    (best, one) => (best && best.row.dueAt <= one.row.dueAt ? best : one),
    undefined,
  );
}

/** One turn of a due row; undefined when it is due again, later or on another channel. */
async function turn(
  stage: Stage,
  lead: SampleLead,
  one: Waiting,
  now: Date,
  sent: readonly Sent[],
  take: TakeTurn,
): Promise<Fate | undefined> {
  const { row } = one;
  if (row.state === 'held') return { kind: 'held', reason: row.reason ?? 'internal' };
  const message = dueMessage(stage, lead, row, now, sent);
  if (!message) return { kind: 'held', reason: 'no_sender' };
  const result = await take(message);
  if ('fate' in result) return result.fate;
  if (++one.turns > MAX_TURNS) throw new Error(`${row.step} finds no end`);
  const { dueAt, channel, accountId, reason } = result.again;
  if (dueAt) row.dueAt = dueAt;
  if (dueAt && reason) one.waited.push(reason);
  if (channel) row.channel = channel;
  if (accountId) row.accountId = accountId;
  return undefined;
}

/** The one confirmation that somebody gets who asked in words to be left alone. */
async function confirm(
  stage: Stage,
  lead: SampleLead,
  rows: readonly PlannedRow[],
  now: Date,
  sent: readonly Sent[],
  take: TakeTurn,
): Promise<Entry[]> {
  const channel = sent.at(-1)?.channel ?? (rows[0]?.channel as ChannelName | undefined) ?? 'sms';
  const message = confirmation(stage, lead, channel, now, sent);
  if (!message) return [];
  const result = await take(message);
  const fate: Fate = 'fate' in result ? result.fate : { kind: 'held', reason: 'no_sender' };
  return [{ kind: 'notice', template: 'opt_out_confirmation', language: lead.person.language, at: now, fate }];
}

function stepEntry(stage: Stage, lead: SampleLead, { row, waited }: Waiting, fate: Fate, at: Date): StepEntry {
  const { playbook, settings } = stage;
  const step = playbook.cadence.steps.find((each) => each.key === row.step);
  if (!step) throw new Error(`no step ${row.step}`);
  return {
    kind: 'step',
    step: row.step,
    day: step.day,
    template: row.template,
    language: row.language,
    wanted: wantedAt(step.day, askedTime(step, playbook, settings), lead.capturedAt, lead.person.zone),
    at,
    fate,
    waited,
    instead: fate.kind === 'sent' ? insteadOf(stage, lead, row, fate.channel) : null,
  };
}

/** Why the playbook's first channel did not carry a message that went by another. */
function insteadOf(stage: Stage, lead: SampleLead, row: PlannedRow, used: ChannelName): StepEntry['instead'] {
  const { playbook, routing, tenant } = stage;
  const [channel] = playbook.cadence.channels;
  if (channel === undefined || channel === used) return null;
  const template = playbook.template(row.template, row.language, tenant.language);
  const { country } = lead.person.place;
  const { first } = chooseRoute({
    addresses: usableAddresses(lead.addresses, []),
    accounts: {
      whatsapp: routing.accounts.whatsapp !== undefined,
      sms: routing.accounts.sms !== undefined,
      email: routing.accounts.email !== undefined,
    },
    windowOpen: routing.accounts.whatsapp?.freeText === true,
    templateApproved: routing.approved.has(templateKey(template)),
    order: [channel],
    ...(country && { country }),
    marketing: template.category === 'MARKETING',
  });
  return first.channel === 'none' ? { channel, reason: first.reason } : null;
}

function unplanned(stage: Stage, lead: SampleLead): StepEntry[] {
  const { playbook, settings } = stage;
  const steps = playbook.cadence.steps.filter((step) => step.after === lead.after && isMeantFor(step, lead.fields));
  return steps.map((step) => {
    const wanted = wantedAt(step.day, askedTime(step, playbook, settings), lead.capturedAt, lead.person.zone);
    return {
      kind: 'step',
      step: step.key,
      day: step.day,
      template: step.template,
      language: null,
      wanted,
      at: wanted,
      fate: { kind: 'unplanned' },
      waited: [],
      instead: null,
    };
  });
}
