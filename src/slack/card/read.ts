import type { Tx } from '../../db/index.ts';
import { type Enriched, findLead, type Score } from '../../leads/index.ts';
import type { Clock } from '../../lib/clock.ts';
import type { LeadId } from '../../lib/ids.ts';
import { type NewPeople, threadOf } from '../../messaging/index.ts';
import {
  agentModeOf,
  may,
  type Playbooks,
  type Role,
  type RoutingBook,
  type Tenant,
  type Tenants,
  tenantPlaybook,
} from '../../tenants/index.ts';
import { knownZone } from '../format.ts';
import { mastheadOf } from './masthead.ts';
import { type CardView, isOpen, type Photo, stepsOf, type Talk } from './view.ts';
import { type WayFacts, wayOf } from './ways.ts';

interface Facts {
  stageAt: Date;
  enriched: Enriched;
  quiet: boolean;
  score: Score | null;
  endedAt: Date | null;
  settingsVersion: number | null;
  customerZone: string;
  language: string;
  country: string | null;
  closed: string[];
  addresses: WayFacts['addresses'] | null;
  agreed: string[];
  inboundAt: Date | null;
  openedAt: Date | null;
  approvals: Record<string, string> | null;
  appointment: { startsAt: string; staffName: string } | null;
  owedSince: Date | null;
  takenBy: Talk['takenBy'];
  cover: CardView['cover'];
  owner: { slackUserId: string; name: string; zone: string | null; role: Role } | null;
  authors: Record<string, string> | null;
  original: string | null;
  fetching: 'coming' | 'failed' | null;
  linkExpires: Date | null;
}

const FACTS = {
  name: 'card-facts',
  // enrolments_lead, assets_lead, addresses_person, consents_person, the unique key of effects; few leads have upload_links
  text: `select l.stage_at as "stageAt", l.enriched, l.source = 'import' and c.person_id is null as quiet,
      (select jsonb_build_object('points', c.points, 'band', c.band, 'parts', c.parts) from scores c where c.lead_id = l.id) as score,
       p.zone as "customerZone", p.language, p.place->>'country' as country,
      p.opted_out_channels as closed,
      (select jsonb_agg(jsonb_build_object('kind', a.kind, 'unreachable', a.unreachable) order by a.created_at)
        from addresses a where a.person_id = p.id) as addresses,
      array(select distinct unnest(g.channels) from consents g where g.person_id = p.id and g.withdrawn_at is null) as agreed,
      (select max(w.last_inbound_at) from service_windows w join addresses a on a.id = w.address_id
        where a.person_id = p.id) as "inboundAt",
      -- whatsapp_openings_address
      (select max(o.at) from whatsapp_openings o join addresses a on a.id = o.address_id where a.person_id = p.id) as "openedAt",
      (select jsonb_object_agg(t.template_key || '/' || t.version || '/' || t.language, t.state)
        from whatsapp_templates t join routes r on r.tenant_id = t.tenant_id and r.account_id = t.account_id
        where t.tenant_id = l.tenant_id and r.channel = 'whatsapp' and t.state <> 'approved'
          and t.template_key = any($3::text[])) as approvals,
      -- bookings_person
      (select jsonb_build_object('startsAt', k.starts_at, 'staffName', w.name) from bookings k join staff w on w.id = k.staff_id
        where k.person_id = l.person_id and k.lead_id = l.id and k.state = 'booked' and k.ends_at > $4
        order by k.starts_at limit 1) as appointment,
      c.owed_since as "owedSince",
      case when b.id is not null then jsonb_build_object('slackUserId', b.slack_user_id, 'name', b.name) end as "takenBy",
      (select e.ended_at from enrolments e where e.lead_id = l.id order by e.started_at desc limit 1) as "endedAt",
      (select e.settings_version from enrolments e where e.lead_id = l.id order by e.started_at desc limit 1) as "settingsVersion",
      case when s.role is not null then
        jsonb_build_object('slackUserId', s.slack_user_id, 'name', s.name, 'zone', s.zone, 'role', s.role) end as owner,
      case when v.id is not null then jsonb_build_object('slackUserId', v.slack_user_id, 'name', v.name) end as cover,
      (select jsonb_object_agg(a.id, a.name) from staff a where a.id = any($2::uuid[])) as authors,
      (select a.original from assets a where a.lead_id = l.id and a.kind = 'licence') as original,
      (select case when f.parked_at is null then 'coming' else 'failed' end from effects f
        where f.tenant_id = l.tenant_id and f.kind = 'licence.fetch' and f.key = l.id::text) as fetching,
      (select max(u.expires_at) from upload_links u where u.lead_id = l.id and u.used_at is null) as "linkExpires"
    from leads l join persons p on p.id = l.person_id left join staff s on s.id = l.owner_id
      left join staff v on v.id = s.covered_by
      left join conversations c on c.person_id = l.person_id left join staff b on b.id = c.taken_by
    where l.id = $1`,
};

/** Reads all that a lead's card shows; null when there is no such lead. Times are written for its owner. */
export async function readCard(
  tx: Tx,
  deps: {
    clock: Clock;
    playbooks: Playbooks;
    tenants: Tenants;
    routing: RoutingBook;
    newPeople: Pick<NewPeople, 'fullUntil'>;
    publicUrl: string;
  },
  tenant: Tenant,
  leadId: LeadId,
): Promise<CardView | null> {
  const lead = await findLead(tx, leadId);
  if (!lead) return null;
  const messages = await threadOf(tx, leadId);
  const authors = messages.flatMap((message) => (message.authorId ? [message.authorId] : []));
  const open = stepsOf({ messages }).filter(isOpen);
  const templates = open.flatMap((message) => (message.templateKey ? [message.templateKey] : []));
  const now = deps.clock.now();
  const [facts] = await tx.query<Facts>(FACTS, [leadId, authors, templates, now]);
  if (!facts) return null;
  const { accounts, approved, routes = [] } = await deps.routing.of(tenant.id);
  const settings = await deps.tenants.settings(tenant.id);
  // the plan as it was made, so that a step is called what it was
  const planned = facts.settingsVersion === null ? settings : await deps.tenants.at(tenant.id, facts.settingsVersion);
  const playbook = tenantPlaybook(deps.playbooks.get(lead.playbook), planned);
  const windowUntil = openUntil(facts.inboundAt, now);
  const addresses = facts.addresses ?? [];
  const phones = addresses.filter((address) => address.kind === 'phone');
  const way: WayFacts = {
    playbook,
    accounts,
    approved,
    addresses,
    closed: facts.closed,
    agreed: facts.agreed,
    country: facts.country,
    language: facts.language,
    tenantLanguage: tenant.language,
    windowUntil,
    full: open.length > 0 ? await deps.newPeople.fullUntil(routes) : null,
    placeUntil: facts.openedAt && dayAfter(facts.openedAt),
    approvals: facts.approvals ?? {},
  };
  return {
    lead,
    playbook,
    score: facts.score,
    enriched: facts.enriched,
    serviceMiles: settings.serviceMiles,
    quiet: facts.quiet && !messages.some(({ state }) => LOUD.has(state)),
    messages,
    owner: facts.owner,
    mayGive: facts.owner === null || may(facts.owner.role, 'lead.see_all'),
    cover: facts.cover,
    authors: facts.authors ?? {},
    stageAt: facts.stageAt,
    endedAt: facts.endedAt,
    photo: photoOf(facts, now),
    ways: Object.fromEntries(open.map((message) => [message.id, wayOf(message, way)])),
    windowUntil,
    talk: {
      owedSince: lead.optedOutAt ? null : facts.owedSince,
      takenBy: facts.takenBy,
      agent: agentModeOf(settings, lead.playbook),
    },
    appointment: facts.appointment && { ...facts.appointment, startsAt: new Date(facts.appointment.startsAt) },
    wrongNumber: phones.length > 0 && phones.every(isClosed),
    customerZone: facts.customerZone,
    reader: { zone: knownZone(facts.owner?.zone ?? null, tenant.zone), country: tenant.country, now },
    masthead: await mastheadOf(deps, tenant.id),
  };
}

/** States of a message that somebody should see. */
const LOUD = new Set(['uncertain', 'unconfirmed', 'failed']);

const dayAfter = (at: Date): Date => new Date(at.getTime() + 86_400_000);

/** WhatsApp's customer service window: 24 hours from the customer's last message. */
function openUntil(inboundAt: Date | null, now: Date): Date | null {
  const until = inboundAt && dayAfter(inboundAt);
  return until && until > now ? until : null;
}

/** Found to reach nobody we know on any channel of a phone, as a wrong number is. */
const isClosed = ({ unreachable }: { unreachable: readonly string[] }) =>
  unreachable.includes('whatsapp') && unreachable.includes('sms');

function photoOf(facts: Facts, now: Date): Photo {
  if (facts.original) return `stored:${facts.original}`;
  if (facts.fetching) return facts.fetching;
  if (!facts.linkExpires) return 'none';
  return facts.linkExpires > now ? 'link_open' : 'link_expired';
}
