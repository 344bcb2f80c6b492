import type { Alert } from '../../alerts/index.ts';
import type { Report } from '../../reports/index.ts';
import type { Playbooks, Staff } from '../../tenants/index.ts';
import { ACKNOWLEDGE, alertHead, alertMark } from '../alerts/index.ts';
import { bold, inline } from '../card/index.ts';
import { grouped, plural } from '../format.ts';
import { APPROVALS } from '../settings/index.ts';
import { type Button, button, buttons, context, section } from '../views.ts';

/** What a manager decides, beside their own leads. */
export interface Decisions {
  /** Messages that may have left and nobody can say, and those that wait for a person. */
  unconfirmed: number;
  held: number;
  /** Answers of the agent that somebody has to decide about. */
  drafts: number;
  /** WhatsApp templates that were taken away or refused. */
  templates: number;
  /** Things that keep failing. */
  parked: number;
  /** What other systems and customers sent and could not be taken in. */
  incoming: number;
  /** Changes of settings, and erasures, that wait for a second person. */
  changes: number;
  erasures: number;
}

type Person = Pick<Staff, 'id' | 'name'>;

/** Open alerts, each with the button that says that somebody sees to it. Pure. */
export function alertRows(alerts: readonly Alert[], staff: readonly Person[]): object[] {
  return alerts.slice(0, 8).map((alert) => {
    const by = staff.find(({ id }) => id === alert.acknowledgedBy);
    const seen = alert.acknowledgedAt ? `\n${inline(by?.name ?? 'Somebody')} sees to it.` : '';
    const see = alert.acknowledgedAt
      ? undefined
      : button({ text: 'I see to it', actionId: ACKNOWLEDGE, value: alert.id });
    return section(`${alertMark(alert)} ${bold(alertHead(alert))}${seen}`, see);
  });
}

/** What waits for somebody, and where it is decided. Pure. */
export function decisionRows(waiting: Decisions): object[] {
  const line = (count: number, one: string, many: string) => (count > 0 ? [`• ${plural(count, one, many)}`] : []);
  const lines = [
    ...line(waiting.changes, 'change of settings needs a second person', 'changes of settings need a second person'),
    ...line(
      waiting.erasures,
      'erasure needs a second person: `/rescue privacy`',
      'erasures need a second person: `/rescue privacy`',
    ),
    ...line(
      waiting.drafts,
      "answer of the assistant's waits for a decision",
      "answers of the assistant's wait for a decision",
    ),
    ...line(
      waiting.unconfirmed,
      'message may have left, and nobody can say: its card asks',
      'messages may have left, and nobody can say: their cards ask',
    ),
    ...line(waiting.held, 'message waits for a person', 'messages wait for a person'),
    ...line(
      waiting.templates,
      'WhatsApp template cannot be used: `/rescue templates`',
      'WhatsApp templates cannot be used: `/rescue templates`',
    ),
    ...line(
      waiting.incoming,
      'thing from outside could not be taken in: `/rescue webhooks parked`',
      'things from outside could not be taken in: `/rescue webhooks parked`',
    ),
    ...line(waiting.parked, 'thing keeps failing: `/rescue status`', 'things keep failing: `/rescue status`'),
  ];
  if (lines.length === 0) return [];
  const approve: Button[] = waiting.changes > 0 ? [{ text: 'Approvals', actionId: APPROVALS, style: 'primary' }] : [];
  return [section(['*Waits for a decision*', ...lines].join('\n')), ...buttons(...approve)];
}

const BAR = 12;

/** Where the leads of the period stand now, as bars in the order of the pipelines. Pure. */
export function pipelineRows({ period, now }: Report, { all }: Playbooks): object[] {
  const labels = new Map(all.flatMap(({ pipeline }) => pipeline.stages.map(({ key, label }) => [key, label] as const)));
  const stages = [...labels].flatMap(([key, label]) => {
    const n = now.stages[key] ?? 0;
    return n > 0 ? [{ label, n }] : [];
  });
  const head = `*Pipeline*, leads of ${inline(period.title)}`;
  if (stages.length === 0) return [section(`${head}\nNo leads yet.`)];
  const most = Math.max(...stages.map(({ n }) => n));
  const lines = stages.map(({ label, n }) => {
    const filled = Math.max(1, Math.round((BAR * n) / most));
    return `\`${'█'.repeat(filled)}${'░'.repeat(BAR - filled)}\`  ${grouped(n)}  ${inline(label)}`;
  });
  return [section([head, ...lines].join('\n'))];
}

/** Who did what in the period, most deals first. Pure. */
export function teamRows({ period, people }: Report, staff: readonly Person[]): object[] {
  const lines = people.slice(0, 8).flatMap(({ ownerId, captured, replies, won, asked, quick }) => {
    const who = staff.find(({ id }) => id === ownerId);
    if (!who) return [];
    const facts = [
      `${grouped(captured)} logged`,
      plural(replies, 'reply', 'replies'),
      `${grouped(won)} won`,
      ...(asked > 0 ? [`${grouped(quick)} of ${grouped(asked)} answered within 5 min`] : []),
    ];
    return [`*${inline(who.name)}*  ${facts.join(' · ')}`];
  });
  return lines.length > 0
    ? [section([`*Team*, ${inline(period.title)}`, ...lines].join('\n')), context('`/kpi` shows all of it.')]
    : [];
}
