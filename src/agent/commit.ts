import { PRIORITY, pauseFollowUp } from '../cadence/index.ts';
import type { Tx } from '../db/index.ts';
import { append, type NewEffect, type NewEvent, request, wake } from '../events/index.ts';
import { findLead, openStages } from '../leads/index.ts';
import { isKnown, KnownError } from '../lib/errors.ts';
import type { LeadId, MessageId, PersonId, StaffId, TenantId } from '../lib/ids.ts';
import { seal } from '../lib/secrets.ts';
import { bodyPlace } from '../messaging/index.ts';
import { lockPerson, understand } from '../people/index.ts';
import { agentModeOf, movesTo } from '../tenants/index.ts';
import type { Finding } from './checks/index.ts';
import type { TurnDeps } from './deps.ts';
import { insertDraft } from './draft-store.ts';
import { sealNotes } from './notes.ts';
import type { Action, Proposal, TurnContext } from './port.ts';
import { answerId, type Snapshot, WITHDRAWN } from './read.ts';

/** A judged turn, ready to be committed. */
export interface Committed {
  tenantId: TenantId;
  personId: PersonId;
  messageId: string;
  turn: TurnContext;
  snapshot: Snapshot;
  proposal: Proposal;
  /** Why a person decides about it; undefined when it may leave by itself. */
  held: Finding | undefined;
  failed?: true;
}

export interface Outcome {
  agent: string;
  outcome: 'sent' | 'drafted' | 'booked' | 'handed_over' | 'stopped' | 'silent' | 'dropped';
  reason?: string;
}

/** The time was taken while the agent thought. Nothing was changed. */
export class SlotTaken extends KnownError {
  constructor(cause: unknown) {
    super('conflict', 'slot taken', 'That time has just been taken.', { cause });
  }
}

/** An answer that is older than this says nothing useful any more. */
const FRESH_MS = 30 * 60_000;
/** Keeps the agent silent where there is nobody to hand over to. */
const MUTED_TURNS = 9999;

/**
 * Commits a turn in one transaction, with the person locked: dropped when the conversation has moved on meanwhile, else a
 * message that leaves now, or a draft that a person decides about. Once for each message of the customer.
 */
export async function commitTurn(deps: TurnDeps, turn: Committed): Promise<Outcome> {
  const { db, tenants } = deps;
  const { leadId } = turn.turn;
  const { tenantId } = turn;
  const [settings, keys] = await Promise.all([tenants.settings(tenantId), tenants.keys(tenantId)]);
  return db.inTenant(tenantId, async (tx) => {
    const person = await lockPerson(tx, turn.personId);
    const state = await stateOf(tx, turn.personId, turn.messageId);
    const mode = agentModeOf(settings, turn.turn.definition.playbook);
    const moved = person ? movedOn(person, state, mode, turn) : 'gone';
    if (state?.done) return { agent: turn.proposal.agent, outcome: 'silent', reason: 'repeated' };
    const outcome: Outcome =
      moved || mode === 'off'
        ? { agent: turn.proposal.agent, outcome: 'dropped', reason: moved ?? 'off' }
        : await decide(deps, tx, { ...turn, mode, dataKey: keys.data, now: deps.clock.now() });
    await log(deps, tx, turn, leadId, outcome);
    return outcome;
  });
}

/** What happened since the agent began to think, if it makes the turn void. */
function movedOn(
  person: { optedOutAt: Date | null },
  state: State | undefined,
  mode: string,
  { messageId, snapshot }: Pick<Committed, 'messageId' | 'snapshot'>,
): string | undefined {
  if (person.optedOutAt) return 'opted_out';
  if (state?.lastInboundId !== messageId) return 'newer_message';
  if (state.taken) return 'taken_over';
  // somebody answered it, or said that it needs no answer
  if (!state.owed) return 'settled';
  if (state.withdrawn > snapshot.withdrawn) return 'withdrawn';
  return mode === 'off' ? 'off' : undefined;
}

interface Deciding extends Committed {
  mode: 'suggest' | 'auto';
  dataKey: Buffer;
  /** One instant for all that the turn writes: what it hands over is not taken over from it. */
  now: Date;
}

/** The conversation as it is by now. */
interface State {
  lastInboundId: string;
  taken: boolean;
  owed: boolean;
  done: boolean;
  withdrawn: number;
}

async function stateOf(tx: Tx, personId: PersonId, messageId: string): Promise<State | undefined> {
  const [row] = await tx.query<State>(
    `select c.last_inbound_id as "lastInboundId", c.taken_by is not null as taken,
       c.owed_since is not null as owed, exists (select from messages m where m.id = $2) or exists (select from drafts d where d.inbound_id = $3
         and d.tenant_id = c.tenant_id) as done, ${WITHDRAWN} as withdrawn
     from conversations c where c.person_id = $1`,
    [personId, answerId(tx.tenantId, messageId), messageId],
  );
  return row;
}

async function decide(deps: TurnDeps, tx: Tx, turn: Deciding): Promise<Outcome> {
  const { proposal, mode, held } = turn;
  const { agent } = proposal;
  const stop = find(proposal.actions, 'opt_out');
  if (stop) {
    await mayOptOut(deps, tx, turn, stop.quote);
    return { agent, outcome: 'stopped' };
  }
  await keepNotes(tx, turn);
  const over = find(proposal.actions, 'hand_over');
  if (mode === 'suggest' || held) return draft(deps, tx, turn, over?.reason);

  await moveQualified(deps, tx, turn); // an end of what is planned takes no answer that is written after it
  const booked = await book(deps, tx, turn);
  // the product itself confirms what was booked or moved, in words that stay true
  const text = booked && confirms(deps, turn) ? null : proposal.text;
  if (text !== null) await send(tx, turn, text);
  else if (booked) await deps.answers.settled(tx, turn.personId);
  if (over) await handOver(deps, tx, turn, over.reason, text);
  else if (text !== null) await answered(deps, tx, turn, text);
  if (over) return { agent, outcome: 'handed_over', reason: over.reason };
  if (booked && text === null) await keepQuiet(deps, tx, turn, 'booked');
  if (booked) return { agent, outcome: 'booked' };
  // the rules are silent only where nothing is to be said: a thumb up, thanks for thanks
  if (text === null) {
    if (agent === 'rules') await deps.answers.settled(tx, turn.personId);
    await keepQuiet(deps, tx, turn, 'silent');
  }
  return { agent, outcome: text === null ? 'silent' : 'sent', ...(turn.failed && { reason: 'model_failed' }) };
}

const find = <Kind extends Action['kind']>(actions: readonly Action[], kind: Kind) =>
  actions.find((action): action is Extract<Action, { kind: Kind }> => action.kind === kind);

async function draft(deps: TurnDeps, tx: Tx, turn: Deciding, over: string | undefined): Promise<Outcome> {
  const { proposal, held } = turn;
  const { agent } = proposal;
  const slot = find(proposal.actions, 'book')?.slot;
  if (proposal.text === null && !slot) {
    return { agent, outcome: 'handed_over', ...(over && { reason: over }) };
  }
  await insertDraft(deps, tx, turn.dataKey, turn, {
    text: proposal.text ?? slot?.words ?? '',
    reason: held?.code ?? 'suggest',
    state: 'open',
    detail: {
      ...(held && { held: held.words, found: held.found }),
      ...(over && { handOver: over }),
      ...(slot && { slot: { startsAt: slot.startsAt.toISOString(), staffId: slot.staffId, words: slot.words } }),
      ...(find(proposal.actions, 'cancel') && { cancels: true as const }),
    },
  });
  return { agent, outcome: 'drafted', reason: held?.code ?? 'suggest' };
}

/** Carries out what the customer chose. A time that is gone ends the transaction, and the agent thinks once more. */
async function book(deps: TurnDeps, tx: Tx, turn: Deciding): Promise<boolean> {
  const slot = find(turn.proposal.actions, 'book')?.slot;
  const cancels = find(turn.proposal.actions, 'cancel');
  if (!deps.bookings || (!slot && !cancels)) return false;
  return carryOut(
    deps,
    tx,
    { personId: turn.personId, leadId: turn.turn.leadId, kind: turn.turn.definition.books },
    slot,
  );
}

/** Books or moves to `slot`; without one cancels. Also used when a person sends a draft. */
export async function carryOut(
  deps: Pick<TurnDeps, 'bookings'>,
  tx: Tx,
  whom: { personId: PersonId; leadId: LeadId; kind: string },
  slot: { startsAt: Date; staffId: StaffId } | undefined,
): Promise<boolean> {
  const { bookings } = deps;
  if (!bookings) return false;
  try {
    if (slot) await bookings.bookInTx(tx, { ...whom, startsAt: slot.startsAt, staffId: slot.staffId });
    else await bookings.cancelInTx(tx, whom.personId);
  } catch (error) {
    if (isKnown(error) && error.code === 'conflict') throw new SlotTaken(error);
    throw error;
  }
  return slot !== undefined;
}

const confirms = (deps: TurnDeps, turn: Deciding): boolean =>
  deps.playbooks.get(turn.turn.definition.playbook).templates.some(({ key }) => key === 'booking_confirmation');

async function send(tx: Tx, turn: Deciding, text: string): Promise<void> {
  const { snapshot, personId, dataKey, now } = turn;
  const id = answerId(tx.tenantId, turn.messageId);
  await tx.query(
    `insert into messages (id, tenant_id, person_id, lead_id, direction, purpose, language, channel, account_id, address_id,
       priority, due_at, expires_at, state, body, created_at)
     values ($1, $2, $3, $4, 'out', 'agent', $5, $6, $7, $8, ${PRIORITY.now}, $9, $10, 'scheduled', $11, $9)`,
    [
      id,
      tx.tenantId,
      personId,
      turn.turn.leadId,
      turn.turn.language,
      snapshot.channel,
      snapshot.accountId,
      snapshot.addressId,
      now,
      new Date(now.getTime() + FRESH_MS),
      seal(dataKey, bodyPlace({ tenantId: tx.tenantId, id }), text),
    ],
  );
  await tx.query(
    `update conversations set agent_turns = agent_turns + 1, introduced_at = coalesce(introduced_at, $2)
     where person_id = $1`,
    [personId, now],
  );
  await wake(tx, 'messages');
}

/** Nothing is owed any more, and staff see in the thread what was said. */
async function answered(deps: TurnDeps, tx: Tx, turn: Deciding, text: string): Promise<void> {
  const messageId = answerId(tx.tenantId, turn.messageId);
  const answer = { personId: turn.personId, leadId: turn.turn.leadId, messageId, staffId: null };
  await deps.answers.answered(tx, answer, turn.now);
  await insertDraft(deps, tx, turn.dataKey, turn, { text, reason: 'auto', state: 'sent', detail: {} });
}

/** The turn is over although nothing was said: it is not had again. */
const keepQuiet = (deps: TurnDeps, tx: Tx, turn: Deciding, reason: string) =>
  insertDraft(deps, tx, turn.dataKey, turn, { text: '', reason, state: 'sent', detail: {}, quiet: true });

/** A person answers from now on; what the customer asked is still owed. */
async function handOver(deps: TurnDeps, tx: Tx, turn: Deciding, reason: string, text: string | null): Promise<void> {
  await tx.query(
    `update conversations c set taken_by = s.id, taken_at = $2, agent_turns = case when s.id is null then $3 else agent_turns end
     from (select (select o.id from leads l join staff o on o.id = l.owner_id and o.role is not null where l.id = $4
         union all select b.id from staff b where b.tenant_id = $5 and b.role in ('admin', 'manager') limit 1) as id) s
     where c.person_id = $1`,
    [turn.personId, turn.now, MUTED_TURNS, turn.turn.leadId, tx.tenantId],
  );
  const ids = { personId: turn.personId, leadId: turn.turn.leadId };
  await append(tx, tx.tenantId, turn.now, 'system', [{ type: 'conversation.taken', ...ids, data: { by: 'agent' } }]);
  await insertDraft(deps, tx, turn.dataKey, turn, {
    text: text ?? '',
    reason: 'handed_over',
    state: text === null ? 'discarded' : 'sent',
    detail: { handOver: reason },
  });
}

/** A model thinks that the customer wants no more messages: as doubtful as any other doubt, unless the rules agree. */
async function mayOptOut(deps: TurnDeps, tx: Tx, turn: Deciding, quote: string): Promise<void> {
  const { personId, turn: said } = turn;
  const { now } = turn;
  const messageId = turn.messageId as MessageId;
  if (understand(quote).kind === 'opt_out') {
    const { channel, accountId, addressId, language } = turn.snapshot;
    const confirm = { personId, leadId: said.leadId, channel, accountId, addressId, language };
    const by = { scope: 'all', by: 'words', actor: 'customer', rule: 'agent' } as const;
    await deps.optOuts.apply(tx, { personId, messageId, confirm, ...by });
    return;
  }
  await pauseFollowUp(tx, personId, 'unsure');
  const ids = { personId, leadId: said.leadId, messageId };
  await append(tx, tx.tenantId, now, 'customer', [{ type: 'person.unsure', ...ids, data: { rule: 'agent' } }]);
  const data = { leadId: said.leadId, messageId, what: 'unsure' };
  await request(tx, tx.tenantId, [{ kind: 'staff.tell', key: `agent_unsure/${messageId}`, data }]);
}

const keepNotes = (tx: Tx, { personId, dataKey, proposal, turn }: Deciding) =>
  tx.query('update leads set notes = $2, qualified = $3 where id = $1', [
    turn.leadId,
    sealNotes(dataKey, tx.tenantId, personId, proposal.notes),
    proposal.notes.qualified,
  ]);

/** A lead that this turn found qualified stands there from now on, where the playbook has such a stage and its way leads to it. */
async function moveQualified(deps: TurnDeps, tx: Tx, { turn, proposal }: Deciding): Promise<void> {
  if (proposal.notes.qualified !== true || turn.notes.qualified === true) return;
  const lead = await findLead(tx, turn.leadId);
  const playbook = deps.playbooks.get(turn.definition.playbook);
  const to = playbook.pipeline.qualified;
  // what is over is for people to open again
  if (!lead || to === undefined || !openStages(playbook).includes(lead.stage)) return;
  if (movesTo(playbook, to).includes(lead.stage)) await deps.moves.move(tx, { lead, to, actor: 'system' });
}

async function log(deps: TurnDeps, tx: Tx, turn: Committed, leadId: LeadId, outcome: Outcome): Promise<void> {
  const { prompt } = turn.proposal;
  const ids = { personId: turn.personId, leadId, messageId: turn.messageId as MessageId };
  const data = { agent: outcome.agent, outcome: outcome.outcome, ...(prompt && { prompt }) };
  const events: NewEvent[] = [
    { type: 'agent.turned', ...ids, data: { ...data, ...(outcome.reason && { reason: outcome.reason }) } },
  ];
  await append(tx, tx.tenantId, deps.clock.now(), 'system', events);
  const effects: NewEffect[] = [{ kind: 'card.refresh', key: leadId }];
  await request(tx, tx.tenantId, effects);
}
