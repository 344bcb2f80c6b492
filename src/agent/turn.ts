import type { EffectHandler } from '../events/index.ts';
import { isId, type PersonId, type TenantId } from '../lib/ids.ts';
import { spokenDay, spokenTime } from '../lib/spoken-time.ts';
import { agentModeOf, type Settings, type Tenant } from '../tenants/index.ts';
import { bargaining, rulesOf } from './check-rules.ts';
import { checkText, cleanText, type Deed, type Finding } from './checks/index.ts';
import { type Committed, commitTurn, type Outcome, SlotTaken } from './commit.ts';
import type { TurnDeps } from './deps.ts';
import { NO_NOTES, openNotes } from './notes.ts';
import { permitted } from './permitted.ts';
import type { Appointment, FreeSlot, Proposal, TimeTalk, Tools, TurnContext } from './port.ts';
import { ownNotes } from './qualify.ts';
import { isAnswerWanted, readSnapshot, type Snapshot, unansweredOf } from './read.ts';
import { fromNote } from './rules/booking.ts';
import { answer, introduced } from './rules/compose.ts';
import { speechOf } from './speech.ts';

/** Thinking takes at most this long, tools and retries included. */
const THINK_MS = 20_000;
/** Longest answer in characters: two SMS, and a WhatsApp message that is still read. */
const LIMITS: Record<string, number> = { sms: 320, whatsapp: 1000 };
/** While the agent thinks, a slot may be taken, or words be taken back; then it thinks once more. */
const TRIES = 2;

/** What is known about a turn before the agent thinks. */
interface Prepared {
  turn: TurnContext;
  snapshot: Snapshot;
  tenant: Tenant;
  settings: Settings;
  staff: string[];
}

/** The agent's part of a conversation, as the effect `agent.turn`: reads, thinks, checks, and commits in one transaction. */
export function createTurns(deps: TurnDeps): EffectHandler {
  const { clock, log } = deps;

  async function take(tenantId: TenantId, personId: PersonId, messageId: string): Promise<Outcome | undefined> {
    for (let attempt = 1; ; attempt++) {
      const prepared = await prepare(deps, tenantId, personId, messageId);
      if (!prepared) return undefined;
      const tools = toolsOf(deps, tenantId, personId, prepared);
      const committed = await judge(deps, prepared, tools, { tenantId, personId, messageId });
      try {
        const outcome = await commitTurn(deps, committed);
        if (outcome.reason !== 'withdrawn' || attempt === TRIES) return outcome;
      } catch (error) {
        if (!(error instanceof SlotTaken)) throw error;
        if (attempt === TRIES) return commitTurn(deps, givenUp(committed));
      }
    }
  }

  return async ({ tenantId, key, data }) => {
    const messageId = data.messageId;
    if (!isId(key) || !isId(messageId)) throw new Error('a turn without a person or a message');
    const since = clock.machine();
    const outcome = await take(tenantId, key as PersonId, messageId);
    if (!outcome) return;
    const ms = Math.round(clock.machine() - since);
    deps.observe?.({ agent: outcome.agent, outcome: outcome.outcome, ms });
    log.info({ tenant: tenantId, ms, ...outcome }, 'agent turn');
  };
}

/** Undefined when there is nothing for the agent to do. */
async function prepare(
  deps: TurnDeps,
  tenantId: TenantId,
  personId: PersonId,
  messageId: string,
): Promise<Prepared | undefined> {
  const [tenant, settings, keys, staff] = await Promise.all([
    deps.tenants.byId(tenantId),
    deps.tenants.settings(tenantId),
    deps.tenants.keys(tenantId),
    deps.staff.list(tenantId),
  ]);
  const { snapshot, appointment } = await deps.db.inTenant(tenantId, async (tx) => ({
    snapshot: await readSnapshot(tx, keys.data, personId, messageId),
    appointment: await deps.bookings?.next(tx, personId),
  }));
  if (!snapshot || snapshot.done || snapshot.lastInboundId !== messageId) return undefined;
  if (snapshot.taken || snapshot.optedOutAt || !snapshot.leadId || !snapshot.playbook) return undefined;
  if (!isAnswerWanted(snapshot.said)) return undefined; // they took back what they had written
  const definition = deps.definitions.of(snapshot.playbook);
  if (!definition || agentModeOf(settings, snapshot.playbook) === 'off') return undefined;

  const unanswered = unansweredOf(snapshot.said);
  const understood = deps.classify(unanswered, { language: snapshot.language });
  const { words, wanted } = speechOf(
    definition,
    { language: snapshot.language, tenantLanguage: tenant.language },
    understood,
    snapshot.said,
  );
  const channel = snapshot.channel === 'sms' ? 'sms' : 'whatsapp';
  const notes = snapshot.notes ? openNotes(keys.data, tenantId, personId, snapshot.notes) : NO_NOTES;
  const turn: TurnContext = {
    leadId: snapshot.leadId,
    now: deps.clock.now(),
    zone: tenant.zone,
    language: words.language,
    wanted,
    channel,
    limit: LIMITS[channel] ?? 320,
    business: tenant.name,
    customer: firstWord(snapshot.name),
    salesperson: snapshot.salesperson ? firstWord(snapshot.salesperson) : null,
    contact: settings.contact,
    subject: snapshot.fields?.[definition.subject] ?? '',
    history: snapshot.said,
    unanswered,
    understood,
    notes,
    introduced: snapshot.introducedAt !== null,
    facts: settings.facts,
    appointment: appointment ? spoken(appointment, words.language, tenant) : null,
    definition,
    words,
    bookable: deps.bookings !== undefined,
  };
  return { turn, snapshot, tenant, settings, staff: staff.map(({ name }) => name) };
}

const firstWord = (name: string) => /\S+/.exec(name)?.[0] ?? name;

function spoken(at: { id: string; startsAt: Date; zone: string }, language: string, tenant: Tenant): Appointment {
  return { id: at.id, startsAt: at.startsAt, words: timeWords(at.startsAt, at.zone, language, tenant.country) };
}

function timeWords(at: Date, zone: string, language: string, country: string): string {
  const speech = { language, country };
  return `${spokenDay(at, zone, speech)} ${spokenTime(at, zone, speech)}`;
}

function toolsOf(deps: TurnDeps, tenantId: TenantId, personId: PersonId, { turn, tenant }: Prepared): Tools {
  const { bookings } = deps;
  const { zone, country } = tenant;
  const { leadId, language } = turn;
  const inWords = <Slot extends Pick<FreeSlot, 'startsAt' | 'endsAt' | 'staffId'>>(slot: Slot): FreeSlot => ({
    startsAt: slot.startsAt,
    endsAt: slot.endsAt,
    staffId: slot.staffId,
    zone,
    words: timeWords(slot.startsAt, zone, language, country),
  });
  let talk: Promise<TimeTalk> | undefined;

  async function decide(): Promise<TimeTalk> {
    if (!bookings) return { kind: 'nothing' };
    const offered = turn.notes.offered.map(fromNote);
    const about = { personId, leadId, language, offered, text: turn.unanswered, intent: turn.understood.intent };
    const decided = await deps.db.inTenant(tenantId, (tx) => bookings.talk(tx, about));
    if ('slots' in decided) return { ...decided, slots: decided.slots.map(inWords) };
    return decided.kind === 'book' ? { ...decided, slot: inWords(decided.slot) } : decided;
  }

  return {
    talkTimes() {
      talk ??= decide();
      return talk;
    },
    async freeSlots(text) {
      if (!bookings) return [];
      const found = await deps.db.inTenant(tenantId, (tx) => bookings.offer(tx, { leadId, language, text }));
      return found.map(inWords);
    },
  };
}

/** The time that the customer chose was taken again and again: a person agrees on one with them. */
function givenUp(committed: Committed): Committed {
  const { turn, proposal } = committed;
  const actions = [{ kind: 'hand_over', reason: 'slot_taken' }] as const;
  return { ...committed, proposal: { ...proposal, text: introduced(turn, answer(turn, 'time_wish')), actions } };
}

/** Lets the agent think, and decides in code what may become of what it proposes. */
async function judge(
  deps: TurnDeps,
  { turn, snapshot, settings, staff }: Prepared,
  tools: Tools,
  { tenantId, personId, messageId }: Pick<Committed, 'tenantId' | 'personId' | 'messageId'>,
): Promise<Committed> {
  const signal = AbortSignal.timeout(THINK_MS);
  const { proposal: thought, failed } = await think(deps, turn, tools, signal);
  const talk = await tools.talkTimes();
  const raw = await heard(deps, turn, thought, talk, tools, signal);
  const tidy = (proposal: Proposal): Proposal => ({
    ...proposal,
    text: proposal.text === null ? null : cleanText(proposal.text),
    ...permittedOf(proposal, turn, talk),
  });
  const proposal = tidy(raw);
  const rules = rulesOf(deps, turn, settings, staff);
  const check = ({ agent, text, notes, actions }: Proposal): Finding[] => {
    if (text === null) return [];
    // the rules never agree to a sum
    const bargain = agent === 'rules' ? 'no' : bargaining(turn.history);
    const times = [...turn.notes.offered, ...notes.offered].map(({ words }) => words);
    const booked = actions.flatMap((action) => (action.kind === 'book' ? [action.slot.words] : []));
    const deeds = deedsOf(turn, actions);
    return checkText(text, { ...rules, bargain, deeds, times: [...rules.times, ...times, ...booked] });
  };
  const findings = check(proposal);
  const held: Finding | undefined = findings[0] ?? unspoken(turn, snapshot, settings);
  const base = { tenantId, personId, messageId, turn, snapshot, ...(failed && { failed }) };
  if (findings.length === 0 || !deps.model || proposal.agent === 'rules') return { ...base, proposal, held };
  // what the model wrote does not pass: people are offered what the rules would say, if that does
  const safe = tidy(await deps.rules.propose(turn, tools, signal));
  const usable = safe.text !== null && check(safe).length === 0;
  // what the model asked people to look at, they look at all the same
  const grave = proposal.actions.filter(({ kind }) => kind === 'opt_out' || kind === 'hand_over');
  const actions = [...grave, ...safe.actions.filter(({ kind }) => !grave.some((other) => other.kind === kind))];
  const offered = { ...safe, actions, agent: proposal.agent, prompt: proposal.prompt };
  return { ...base, proposal: usable ? offered : proposal, held };
}

/** A cancellation that a model overlooked, or left to words alone: the rules' proposal stands for it. */
async function heard(
  deps: TurnDeps,
  turn: TurnContext,
  proposal: Proposal,
  talk: TimeTalk,
  tools: Tools,
  signal: AbortSignal,
): Promise<Proposal> {
  const seen = proposal.actions.some(({ kind }) => kind !== 'book');
  if (proposal.agent === 'rules' || seen || (talk.kind !== 'cancel' && talk.kind !== 'unclear')) return proposal;
  const { text, actions, notes } = await deps.rules.propose(turn, tools, signal);
  return { ...proposal, text, actions, notes: { ...proposal.notes, asked: notes.asked, offered: notes.offered } };
}

/** What of a proposal the customer's own words allow: actions, and notes that move something. */
function permittedOf(proposal: Proposal, turn: TurnContext, talk: TimeTalk): Pick<Proposal, 'actions' | 'notes'> {
  const actions = permitted(proposal.actions, turn, talk);
  return { actions, notes: ownNotes(turn, actions, proposal.notes) };
}

/** What a text may say has been done: what happens with it, and the appointment that stands. */
function deedsOf(turn: TurnContext, actions: Proposal['actions']): ReadonlySet<Deed> {
  const acts = actions.some(({ kind }) => kind === 'book' || kind === 'cancel');
  return new Set<Deed>([
    ...(acts ? (['booked', 'changed', 'done'] as const) : []),
    ...(turn.appointment ? (['booked'] as const) : []),
  ]);
}

/** Reasons that lie in the conversation and not in the words. */
function unspoken(turn: TurnContext, snapshot: Snapshot, settings: Settings): Finding | undefined {
  if (snapshot.turns >= settings.agentTurns) {
    const words = `it has answered ${snapshot.turns} times in a row, and a person should look`;
    return { code: 'turns', found: String(snapshot.turns), words };
  }
  if (turn.wanted) {
    const words = `the customer's language (${turn.wanted}) has no texts here, so it fell back to another one`;
    return { code: 'translation', found: turn.wanted, words };
  }
  return undefined;
}

async function think(
  deps: TurnDeps,
  turn: TurnContext,
  tools: Tools,
  signal: AbortSignal,
): Promise<{ proposal: Proposal; failed?: true }> {
  if (deps.model) {
    try {
      return { proposal: await deps.model.agent.propose(turn, tools, signal) };
    } catch (error) {
      deps.log.warn({ err: error, model: deps.model.name }, 'the model gave no answer, the rules answer instead');
      return { proposal: await deps.rules.propose(turn, tools, signal), failed: true };
    }
  }
  return { proposal: await deps.rules.propose(turn, tools, signal) };
}
