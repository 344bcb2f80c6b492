import { type Report, type Returns, returnsOf, share } from '../../reports/index.ts';
import { may, type Settings, type Tenant, tenantPlaybooks } from '../../tenants/index.ts';
import { inline } from '../card/index.ts';
import type { Answer, Asked } from '../feature.ts';
import { grouped, plural } from '../format.ts';
import { context, plain, section } from '../views.ts';
import { readAsk } from './ask.ts';
import type { ReportDeps } from './deps.ts';
import { leadsName } from './lines.ts';
import { spanWords } from './view.ts';
import { money, percent } from './words.ts';

/** The numbers of one business of several. */
interface Part {
  tenant: Tenant;
  currency: Settings['currency'];
  leads: string;
  report: Report;
  returns: Returns | null;
}

/** The businesses whose numbers somebody may see in full: they are manager or admin there. */
export async function businessesSeen(deps: Pick<ReportDeps, 'staff'>, { tenant, staff }: Asked) {
  const places = await deps.staff.places(tenant.slackTeamId ?? '', staff.slackUserId);
  return places.filter(({ role }) => may(role, 'kpi.see_all')).map(({ tenantId }) => tenantId);
}

/** `/kpi all` of a person with several businesses: each by its own days, and what they come to together. */
export async function everywhere(deps: ReportDeps, businesses: readonly Tenant['id'][], text: string): Promise<Answer> {
  const parts = await Promise.all(
    businesses.map(async (id): Promise<Part> => {
      const [tenant, settings] = await Promise.all([deps.tenants.byId(id), deps.tenants.settings(id)]);
      const { period } = readAsk(text, deps.clock.now(), tenant.zone);
      const report = await deps.reports.read(id, null, period);
      return {
        tenant,
        currency: settings.currency,
        leads: leadsName(tenantPlaybooks(deps.playbooks, settings)).toLowerCase(),
        report,
        returns: returnsOf(report.now, settings, report.prices),
      };
    }),
  );
  const [first] = parts;
  if (!first) return { text: 'There is no business whose numbers you may see.' };
  const title = `${first.report.period.title} · all ${plural(parts.length, 'business', 'businesses')}`;
  const lines = parts.map((part) => `*${inline(part.tenant.name)}*\n${together([part])}`);
  const sum = `*Together*\n${together(parts)}`;
  return {
    text: [title, sum, ...lines].join('\n'),
    blocks: [
      { type: 'header', text: plain(title, 150) },
      context(`${spanWords(first.report)} · days are each business's own`),
      section(sum),
      ...lines.slice(0, MOST).map((line) => section(line)),
    ],
  };
}

/** A message takes 50 blocks. */
const MOST = 40;

/** `41 leads, 26 replied (63 %), 8 deals, 3 recovered, 84,000 kr and $1,200 revenue`. Pure. */
function together(parts: readonly Part[]): string {
  const sum = (of: (part: Part) => number) => parts.reduce((total, part) => total + of(part), 0);
  const [captured, replied] = [sum(({ report }) => report.now.captured), sum(({ report }) => report.now.replied)];
  const leads = parts.every((part) => part.leads === 'drives') ? 'drive' : 'lead';
  const revenue = amounts(parts, ({ report }) => report.now.revenue.total);
  const gain = amounts(parts, ({ returns }) => returns?.gain ?? 0);
  return [
    plural(captured, leads),
    captured > 0 && `${grouped(replied)} replied (${percent(share(replied, captured))})`,
    plural(
      sum(({ report }) => report.now.won),
      'deal',
    ),
    `${grouped(sum(({ report }) => report.now.recovered))} recovered`,
    `${grouped(sum(({ report }) => report.owed.n))} owed an answer now`,
    revenue !== '' && `${revenue} revenue`,
    gain !== '' && `${gain} return`,
  ]
    .filter((each) => each !== false)
    .join(', ');
}

/** Amounts of one currency are added; those of several are told one after the other. */
function amounts(parts: readonly Part[], of: (part: Part) => number): string {
  const sums = new Map<string | null, number>();
  for (const part of parts) sums.set(part.currency, (sums.get(part.currency) ?? 0) + of(part));
  return [...sums]
    .filter(([, amount]) => amount !== 0)
    .map(([currency, amount]) => money(amount, currency))
    .join(' and ');
}
