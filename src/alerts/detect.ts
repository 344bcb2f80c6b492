import { USED_TODAY } from '../messaging/index.ts';
import { FROM_OUTSIDE, TO_OTHERS } from './types.ts';

/*
 * What is so now, of all tenants and kinds, in one statement: `found` has a row for each item. Each part reads an index
 * that holds only what it looks for.
 */

/** Minutes after which a message that is still due is late; business time. */
const LATE_MINUTES = 10;
/** So many attempts that a gateway refused within ten minutes, whoever they went to, are its fault. */
const REFUSALS = 5;
/** An account rests for a minute when the gateway refuses it; the two seconds of a slow-down are nothing to tell of. */
const REST_SECONDS = 5;
/** A list that cannot be read for a moment is read the next time. */
const UNREAD_SECONDS = 60;
/** The share of a day's limit from which on it is told of. */
const NEAR = 0.8;
/** Opt-outs of a day below this are no spike, whatever their share. */
const OPT_OUTS = 4;
/** Share of opt-outs that is taken as usual while fewer messages than these were sent before, and the least that is. */
const KNOWN_SENDS = 100;
const USUAL_SHARE = 0.02;
const TIMES_USUAL = 3;

// conversations_owed
const SLA = `
  select c.tenant_id, 'sla' as kind, c.lead_id || '/' || extract(epoch from c.owed_since) as subject, c.lead_id,
    c.owed_since as since, '' as about
  from conversations c join persons p on p.id = c.person_id
  where c.owed_since is not null and c.escalated_at is not null and c.lead_id is not null and p.opted_out_at is null`;

// scores_urgent, messages_person
const HOT = `
  select s.tenant_id, 'hot_lead', s.lead_id::text, s.lead_id, l.captured_at, s.points::text
  from scores s join leads l on l.id = s.lead_id join persons p on p.id = l.person_id
  where s.alert_asked_at > clock_timestamp() - interval '1 day' and p.opted_out_at is null
    and not exists (select from messages m where m.person_id = l.person_id and m.purpose = 'reply' and m.author_id is not null)
    and not exists (select from conversations c where c.person_id = l.person_id and c.taken_by is not null)`;

// messages_unconfirmed
const UNCONFIRMED = `
  select m.tenant_id, 'unconfirmed', m.id::text, m.lead_id, m.due_at, m.channel from messages m where m.state = 'unconfirmed'`;

const TEMPLATE = `
  select t.tenant_id, 'template', concat_ws('/', t.template_key, t.version, t.language), null,
    min(coalesce(t.lost_at, t.checked_at, $1)), concat_ws('/', t.template_key, t.language, min(t.state))
  from whatsapp_templates t join routes r on r.tenant_id = t.tenant_id and r.account_id = t.account_id and r.retired_at is null
  where t.lost_at is not null or t.state in ('paused', 'rejected', 'disabled')
  group by t.tenant_id, t.template_key, t.version, t.language`;

// sends_refused; an address that does not work is not the gateway's fault, and why a sender rests says why nothing leaves
const GATEWAY = `
  select r.tenant_id, 'gateway', a.id::text, null, $1, concat_ws('/', a.vendor, a.channel,
      case when s.away then coalesce(a.rest_reason, 'rests') when s.unread then 'unread' when r.refused_at is not null then 'access'
        when a.rests > 0 then coalesce(a.rest_reason, 'refuses') else 'refuses' end)
  from accounts a join routes r on r.account_id = a.id and r.retired_at is null
    cross join lateral (select a.refilled_at > clock_timestamp() + interval '${REST_SECONDS} seconds'
      or coalesce(a.rests_until > clock_timestamp(), false) as away,
      not a.free_text and coalesce(a.unread_since < clock_timestamp() - interval '${UNREAD_SECONDS} seconds', false) as unread) s
  where s.away or s.unread or r.refused_at is not null or (select count(*) from sends x join addresses d on d.id = x.address_id
      where x.account_id = a.id and x.state = 'not_sent' and x.started_at > clock_timestamp() - interval '10 minutes'
        and not x.channel = any(d.unreachable)) >= ${REFUSALS}`;

// messages_due, one look for each lane; what goes out in bulk takes its time
const QUEUE_LATE = `
  select r.tenant_id, 'queue_late', r.account_id::text, null, min(m.due_at), r.channel
  from routes r cross join generate_series(0, 2) lane
    cross join lateral (select due_at from messages
      where account_id = r.account_id and priority = lane and tenant_id = r.tenant_id and state = 'scheduled'
        and due_at < $1::timestamptz - interval '${LATE_MINUTES} minutes'
      order by due_at limit 1) m
  group by r.tenant_id, r.account_id, r.channel`;

// whatsapp_openings_at, for the few senders that have such a limit; in whole tenths, so that not every message is news
const LIMIT_NEAR = `
  select r.tenant_id, 'limit_near', a.id::text, null, $1::timestamptz,
    concat_ws('/', a.vendor, a.channel, case when a.new_people_limit is null then 'day' else 'people' end,
      10 * floor(10.0 * u.used / u.most), u.most)
  from accounts a join routes r on r.account_id = a.id and r.retired_at is null
    cross join lateral (select case when a.new_people_limit is null then a.daily_limit else a.new_people_limit end as most,
      case when a.new_people_limit is null then ${USED_TODAY}
        else (select count(*) from whatsapp_openings o where o.portfolio = a.vendor || '/' || a.gateway_account
          and o.at > $1::timestamptz - interval '24 hours') end as used) u
  where (a.daily_limit is not null or a.new_people_limit is not null) and u.used >= ${NEAR} * u.most`;

// messages_many; one for each form, however many wait
const FORM_FLOOD = `
  select m.tenant_id, 'form_flood', l.source, null, min(m.created_at), ''
  from messages m join leads l on l.id = m.lead_id where m.state = 'held' and m.reason = 'many_at_once' group by m.tenant_id, l.source`;

// report_days' primary key for today, report_days_measure for the weeks before
const OPT_OUTS_TODAY = `
  select t.id, 'opt_outs', d.day::text, null, $1, concat_ws('/', o.n, greatest(s.today, o.n), round(100 * u.share, 1))
  from tenants t
    cross join lateral (select ($1::timestamptz at time zone t.zone)::date as day, generation from report_generations where live) d
    cross join lateral (select sum(n) as n from report_days
      where generation = d.generation and tenant_id = t.id and owner_id = '00000000-0000-0000-0000-000000000000'
        and day = d.day and measure = 'opted_out') o
    cross join lateral (select coalesce(sum(n) filter (where day = d.day and measure = 'sent'), 0) as today,
        coalesce(sum(n) filter (where day < d.day and measure = 'sent'), 0) as sent,
        coalesce(sum(n) filter (where day < d.day and measure = 'opted_out'), 0) as outs from report_days
      where generation = d.generation and tenant_id = t.id and owner_id = '00000000-0000-0000-0000-000000000000'
        and measure in ('sent', 'opted_out') and day between d.day - 28 and d.day and o.n >= ${OPT_OUTS}) s
    cross join lateral (select case when s.sent < ${KNOWN_SENDS} then ${USUAL_SHARE}
      else greatest(s.outs / s.sent, ${USUAL_SHARE / 2}) end as share) u
  where o.n >= ${OPT_OUTS} and o.n > ${TIMES_USUAL} * u.share * greatest(s.today, o.n)`;

// effects_parked, webhook_log_parked, hook_deliveries_parked; an alert that cannot be shown is told of by another one, but
// for the one that tells of such things itself; a webhook of nobody's is the business's while there is only one
const PARKED = `
  select e.tenant_id, 'parked', e.kind, null, min(e.parked_at), count(*)::text from effects e
  where e.parked_at is not null
    and not (e.kind = 'alert.show' and exists (select from alerts a where a.id::text = e.key and a.kind = 'parked'))
  group by e.tenant_id, e.kind
  union all
  select coalesce(w.belongs_to, o.id), 'parked', '${FROM_OUTSIDE}' || w.source, null, min(w.received_at), count(*)::text
  from webhook_log w left join lateral (select (array_agg(id))[1] as id from tenants having count(*) = 1) o on w.belongs_to is null
  where w.state = 'parked' and coalesce(w.belongs_to, o.id) is not null group by 1, w.source
  union all
  select d.tenant_id, 'parked', '${TO_OTHERS}' || substring(h.url from '^[a-z]+://([^/:?#]+)'), null, min(d.settled_at), count(*)::text
  from hook_deliveries d join hooks h on h.id = d.hook_id where d.state = 'parked' group by 1, 3`;

export const FOUND = [
  SLA,
  HOT,
  UNCONFIRMED,
  TEMPLATE,
  GATEWAY,
  QUEUE_LATE,
  LIMIT_NEAR,
  FORM_FLOOD,
  OPT_OUTS_TODAY,
  PARKED,
].join('\n  union all');
