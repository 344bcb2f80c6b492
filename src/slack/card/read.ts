import type { Tx } from '../../db/index.ts';
import { findLead } from '../../leads/index.ts';
import type { Clock } from '../../lib/clock.ts';
import type { LeadId } from '../../lib/ids.ts';
import { threadOf } from '../../messaging/index.ts';
import type { Playbooks, Tenant } from '../../tenants/index.ts';
import { knownZone } from '../format.ts';
import type { CardView, Photo } from './view.ts';

interface Facts {
  stageAt: Date;
  endedAt: Date | null;
  customerZone: string;
  smsFallback: boolean;
  owner: { slackUserId: string; name: string; zone: string | null } | null;
  authors: Record<string, string> | null;
  original: string | null;
  fetching: 'coming' | 'failed' | null;
  linkExpires: Date | null;
}

const FACTS = {
  name: 'card-facts',
  // enrolments_lead, assets_lead, the unique key of effects; upload_links has a row for few leads
  text: `select l.stage_at as "stageAt", p.zone as "customerZone",
      (select e.ended_at from enrolments e where e.lead_id = l.id order by e.started_at desc limit 1) as "endedAt",
      exists (select from routes r where r.tenant_id = l.tenant_id and r.channel = 'sms') as "smsFallback",
      case when s.role is not null then
        jsonb_build_object('slackUserId', s.slack_user_id, 'name', s.name, 'zone', s.zone) end as owner,
      (select jsonb_object_agg(a.id, a.name) from staff a where a.id = any($2::uuid[])) as authors,
      (select a.original from assets a where a.lead_id = l.id and a.kind = 'licence') as original,
      (select case when f.parked_at is null then 'coming' else 'failed' end from effects f
        where f.tenant_id = l.tenant_id and f.kind = 'licence.fetch' and f.key = l.id::text) as fetching,
      (select max(u.expires_at) from upload_links u where u.lead_id = l.id and u.used_at is null) as "linkExpires"
    from leads l join persons p on p.id = l.person_id left join staff s on s.id = l.owner_id
    where l.id = $1`,
};

/** Reads all that a lead's card shows; null when there is no such lead. Times are written for its owner. */
export async function readCard(
  tx: Tx,
  deps: { clock: Clock; playbooks: Playbooks },
  tenant: Tenant,
  leadId: LeadId,
): Promise<CardView | null> {
  const lead = await findLead(tx, leadId);
  if (!lead) return null;
  const messages = await threadOf(tx, leadId);
  const authors = messages.flatMap((message) => (message.authorId ? [message.authorId] : []));
  const [facts] = await tx.query<Facts>(FACTS, [leadId, authors]);
  if (!facts) return null;
  const now = deps.clock.now();
  return {
    lead,
    playbook: deps.playbooks.get(lead.playbook),
    messages,
    owner: facts.owner,
    authors: facts.authors ?? {},
    stageAt: facts.stageAt,
    endedAt: facts.endedAt,
    photo: photoOf(facts, now),
    smsFallback: facts.smsFallback,
    customerZone: facts.customerZone,
    reader: { zone: knownZone(facts.owner?.zone ?? null, tenant.zone), country: tenant.country, now },
  };
}

function photoOf(facts: Facts, now: Date): Photo {
  if (facts.original) return `stored:${facts.original}`;
  if (facts.fetching) return facts.fetching;
  if (!facts.linkExpires) return 'none';
  return facts.linkExpires > now ? 'link_open' : 'link_expired';
}
