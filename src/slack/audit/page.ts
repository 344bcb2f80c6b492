import { DateTime } from 'luxon';
import { headOf } from '../../audit/index.ts';
import { type LeadSummary, searchLeads, searchWords } from '../../leads/index.ts';
import { isId } from '../../lib/ids.ts';
import { type Playbook, tenantPlaybooks } from '../../tenants/index.ts';
import { bold, inline, subjectOf } from '../card/index.ts';
import { timesOf } from '../commands/list.ts';
import type { Answer, Asked } from '../feature.ts';
import { grouped, knownZone, type Times } from '../format.ts';
import { button, buttons, context, section } from '../views.ts';
import type { AuditDeps } from './deps.ts';
import { sealedIn } from './proof.ts';
import { type Question, questionText, readQuestion } from './question.ts';
import { type AuditEvent, type AuditPage, readPage } from './read.ts';
import { actorOf, customerOf, happening } from './words.ts';

/** People of one name that are offered. */
const CHOICES = 5;

/** A page of the log for what was typed, or for what a button carries. */
export async function auditPage(deps: AuditDeps, asked: Asked, text: string): Promise<Answer> {
  const { tenant, staff } = asked;
  const now = deps.clock.now();
  const zone = knownZone(staff.zone, tenant.zone);
  const today = DateTime.fromJSDate(now, { zone }).toISODate() ?? '';
  const question = readQuestion(text, today);
  const named = await chosen(deps, asked, question);
  if ('text' in named) return named;
  const playbooks = tenantPlaybooks(deps.playbooks, await deps.tenants.settings(tenant.id)).all;
  return deps.db.inTenant(tenant.id, async (tx) => {
    const page = await readPage(tx, named, zone);
    const head = await headOf(tx, tenant.id);
    const times = timesOf(asked, now);
    const foot = head
      ? `Newest head \`${head.size}:${head.root.slice(0, 16)}…\`, batch ${grouped(head.batch)}, ${instant(times, new Date(head.at))}.`
      : 'Nothing is sealed yet: the first batch is made within seconds.';
    return shown({ question: named, page, times, foot, playbooks });
  });
}

/** The question with ids for names; an answer instead when nobody or several people are called so. */
async function chosen(deps: AuditDeps, { tenant }: Asked, question: Question): Promise<Question | Answer> {
  const part = question.lead !== undefined ? 'lead' : 'person';
  const name = question[part];
  if (name === undefined || isId(name)) return question;
  const found = await deps.db.inTenant(tenant.id, (tx) =>
    searchLeads(tx, searchWords(name, tenant.country), { limit: CHOICES + 1 }),
  );
  const idOf = (lead: LeadSummary) => (part === 'lead' ? lead.id : lead.personId);
  const each = found.filter((lead, i) => found.findIndex((other) => idOf(other) === idOf(lead)) === i);
  const [only, another] = each;
  if (!only) return { text: `Nobody found for “${inline(name, 80)}”. Try a part of the name, the car or the number.` };
  if (!another) return { ...question, [part]: idOf(only) };
  const heading = `Several ${part === 'lead' ? 'leads' : 'people'} fit “${inline(name, 80)}”. Whose log?`;
  const rows = each.slice(0, CHOICES).map((lead) => {
    const playbook = deps.playbooks.all.find(({ key }) => key === lead.playbook);
    const subject = playbook ? inline(subjectOf(lead, playbook)) : '';
    const value = questionText({ ...question, [part]: idOf(lead) });
    return section(
      `${bold(lead.name)}${subject && ` · ${subject}`}`,
      button({ text: 'Show', actionId: 'audit_show', value }),
    );
  });
  const more = each.length > CHOICES ? [context('There are more. Add a word to narrow it down.')] : [];
  return { text: heading, blocks: [section(heading), ...rows, ...more] };
}

interface Shown {
  question: Question;
  page: AuditPage;
  times: Times;
  foot: string;
  playbooks: readonly Playbook[];
}

function shown({ question, page, times, foot, playbooks }: Shown): Answer {
  const { events, seals, older, newer } = page;
  const heading = headingOf(question, events);
  if (events.length === 0) return { text: `${heading}\nNothing of the kind is in the log. ${foot}` };
  const playbookOf = (event: AuditEvent) => playbooks.find(({ key }) => key === event.playbook);
  const entries = events.map((event) => {
    const playbook = playbookOf(event);
    const about = [actorOf(event), customerOf(event, playbook)].filter(Boolean).join(' · ');
    return {
      words: `*${instant(times, event.at)}*  ${happening(event, playbook)}\n${about}`,
      proof: sealedIn(event.id, seals),
    };
  });
  const [newest, oldest] = [events.at(0), events.at(-1)];
  const { before: _before, after: _after, ...rest } = question;
  const turn = buttons(
    ...(newer && newest
      ? [{ text: '← Newer', actionId: 'audit_newer', value: questionText({ ...rest, after: newest.id }) }]
      : []),
    ...(older && oldest
      ? [{ text: 'Older →', actionId: 'audit_older', value: questionText({ ...rest, before: oldest.id }) }]
      : []),
  );
  return {
    text: [heading, ...entries.map(({ words }) => words.replaceAll('\n', ' · ')), foot].join('\n'),
    blocks: [
      section(heading),
      ...entries.flatMap(({ words, proof }) => [section(words), context(proof)]),
      ...turn,
      context(
        `${foot} Times are yours. Check all of it with \`npm run audit -- verify\`, one event with \`npm run audit -- prove ${newest?.id ?? ''}\`.`,
      ),
    ],
  };
}

/** `Mon 23 Nov 10:42:07`. */
const instant = (times: Times, at: Date) => `${times.day(at)} ${times.exact(at)}`;

function headingOf({ lead, person, kind, from, to }: Question, [event]: readonly AuditEvent[]): string {
  const whose = lead || person ? [event?.name ? inline(event.name) : 'one customer'] : [];
  const days = from === to ? from : `${from ?? 'the beginning'} to ${to ?? 'now'}`;
  return ['*Audit log*', ...whose, ...(kind ? [inline(kind)] : []), ...(from || to ? [days] : [])].join(' · ');
}
