import { findLeads, type LeadFilter, listLeads, readLead, searchLeads, searchWords } from '../../src/leads/index.ts';
import type { LeadId } from '../../src/lib/ids.ts';
import { daysBetween, type Milestone, type PeriodName, periodOf, readLeadsBehind } from '../../src/reports/index.ts';
import { readPeople } from '../../src/reports/read.ts';
import type { House } from './lab.ts';
import { PAST_DAYS } from './past.ts';
import type { Sample } from './samples.ts';

/** Asks for a view; how many rows it has. */
type Ask = (house: House, sample: Sample) => Promise<number>;

const PAGE = 11;
const API_PAGE = 51;
const DAY_MS = 86_400_000;

const period = ({ clock, tenant }: House, name: PeriodName) => periodOf(name, clock.now(), tenant.zone);

function twoYears({ clock, tenant }: House) {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  const now = clock.now();
  const days = daysBetween(day(now.getTime() - PAST_DAYS * DAY_MS), day(now.getTime()), now, tenant.zone);
  if (!days) throw new Error('two years are no period');
  return days;
}

const kpi =
  (name: PeriodName, whose: 'all' | 'own'): Ask =>
  async (house, { ownerId }) => {
    const owner = whose === 'own' ? ownerId : null;
    const report = await house.rooms.reports.read(house.tenant.id, owner, period(house, name));
    return report.series.days.length;
  };

const behind =
  (milestone: Milestone, name: PeriodName, whose: 'all' | 'own'): Ask =>
  (house, { ownerId }) =>
    house.db.inTenant(house.tenant.id, async (tx) => {
      const owner = whose === 'own' ? ownerId : null;
      const page = { owner, days: period(house, name), after: null, limit: PAGE };
      const places = await readLeadsBehind(tx, milestone, page);
      for (const { leadId } of places) await readLead(tx, leadId);
      return Math.max(1, places.length);
    });

const list =
  (whose: 'all' | 'own', from: 'newest' | 'deep'): Ask =>
  ({ db, tenant }, { ownerId, leadId }) =>
    db.inTenant(tenant.id, async (tx) => {
      const page = {
        limit: PAGE,
        ...(whose === 'own' && { ownerId }),
        ...(from === 'deep' && { before: { id: leadId } }),
      };
      return Math.max(1, (await listLeads(tx, page)).length);
    });

const search =
  (words: (sample: Sample) => string, whose: 'all' | 'own' = 'all'): Ask =>
  ({ db, tenant }, sample) =>
    db.inTenant(tenant.id, async (tx) => {
      const page = { limit: PAGE, ...(whose === 'own' && { ownerId: sample.ownerId }) };
      return (await searchLeads(tx, searchWords(words(sample), tenant.country), page)).length;
    });

/** The API's list with filters. Some find nothing in a small business, which is an answer too. */
const find =
  (filter: (sample: Sample) => LeadFilter, after?: (sample: Sample) => LeadId): Ask =>
  ({ db, tenant }, sample) =>
    db.inTenant(tenant.id, async (tx) => {
      const leads = await findLeads(tx, filter(sample), { after: after && { id: after(sample) }, limit: API_PAGE });
      return Math.max(1, leads.length);
    });

const firstName = ({ name }: Sample) => name.toLowerCase().split(' ').slice(0, 1);
const later = (at: Date, days: number) => new Date(at.getTime() + days * DAY_MS);

/** Everything that lists, counts or finds, as people and programs ask for it. */
export const VIEWS: Record<string, Ask> = {
  '/kpi today': kpi('today', 'all'),
  '/kpi this week': kpi('week', 'all'),
  '/kpi this month': kpi('month', 'all'),
  '/kpi this quarter': kpi('quarter', 'all'),
  '/kpi two years': async (house) => {
    const report = await house.rooms.reports.read(house.tenant.id, null, twoYears(house));
    return report.series.days.length;
  },
  '/kpi this quarter, own': kpi('quarter', 'own'),
  'leaderboard, this quarter': (house) =>
    house.db.inTenant(house.tenant.id, async (tx) => (await readPeople(tx, period(house, 'quarter'))).length),
  'leads behind: logged this quarter': behind('captured', 'quarter', 'all'),
  'leads behind: own, won this quarter': behind('won', 'quarter', 'own'),
  'leads behind: own, recovered this week': behind('recovered', 'week', 'own'),
  '/leads of a manager': list('all', 'newest'),
  '/leads of a manager, further back': list('all', 'deep'),
  '/leads of a salesperson': list('own', 'newest'),
  '/leads of a salesperson, further back': list('own', 'deep'),
  'search: a name': search(({ name }) => name),
  'search: a first name': search(({ name }) => name.split(' ')[0] ?? ''),
  'search: a first name, own leads': search(({ name }) => name.split(' ')[0] ?? '', 'own'),
  'search: the beginning of a name': search(({ name }) => name.slice(0, 3)),
  'search: a phone number': search(({ phone }) => phone),
  'search: the beginning of a number': search(({ phone }) => phone.slice(1, 6)),
  'search: an e-mail address': search(({ email, name }) => email ?? name),
  'search: a company': search(({ company }) => company),
  'search: the car that everybody drives': search(() => 'bmw'),
  'search: car and last name': search(({ name }) => `bmw ${name.split(' ')[1]}`),
  'API: all': find(() => ({})),
  'API: all, further back': find(
    () => ({}),
    ({ leadId }) => leadId,
  ),
  'API: by status': find(() => ({ stages: ['won'] })),
  'API: by two statuses': find(() => ({ stages: ['won', 'lost'] })),
  'API: by a day': find(({ capturedAt }) => ({ from: capturedAt, to: later(capturedAt, 1) })),
  'API: since a day': find(({ capturedAt }) => ({ from: capturedAt })),
  'API: before a day': find(({ capturedAt }) => ({ to: capturedAt })),
  'API: by owner': find(({ ownerId }) => ({ ownerId })),
  'API: by source': find(() => ({ source: 'google' })),
  'API: by a source without leads': find(() => ({ source: 'none' })),
  'API: without an e-mail address': find(() => ({ hasEmail: false })),
  'API: qualified': find(() => ({ qualified: true })),
  'API: qualified, by owner and status': find(({ ownerId }) => ({ qualified: true, ownerId, stages: ['won'] })),
  'API: best scores': find(() => ({ minScore: 95 })),
  'API: best scores, lost': find(() => ({ minScore: 99, stages: ['lost'] })),
  'API: middle scores': find(() => ({ minScore: 40, maxScore: 60 })),
  'API: by a first name and a month': find((sample) => ({
    words: firstName(sample),
    from: sample.capturedAt,
    to: later(sample.capturedAt, 30),
  })),
  'API: by a first name, before a day': find((sample) => ({ words: firstName(sample), to: sample.capturedAt })),
  'API: by words and status': find(({ name }) => ({ words: name.toLowerCase().split(' '), stages: ['won'] })),
};
