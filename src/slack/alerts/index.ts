import type { EffectHandler } from '../../events/index.ts';
import { KnownError } from '../../lib/errors.ts';
import { type AlertId, isId } from '../../lib/ids.ts';
import { may } from '../../tenants/index.ts';
import { createOutlets } from '../card/index.ts';
import type { Answer, Asked, Feature } from '../feature.ts';
import { plural } from '../format.ts';
import { section } from '../views.ts';
import type { AlertDeps } from './deps.ts';
import { routeRows, routing } from './routes.ts';
import { contextOf, createShow } from './show.ts';
import { createUrgentHandlers, type UrgentDeps } from './urgent.ts';
import { ACKNOWLEDGE, alertHead, alertPost } from './words.ts';

export { ACKNOWLEDGE, alertHead, alertMark } from './words.ts';

export interface AlertsFeature {
  feature: Feature;
  handlers: Record<'alert.show' | 'alert.slack' | 'alert.keep' | 'alert.sms', EffectHandler>;
}

/** Shown in full in the list. */
const MOST_SHOWN = 3;
const DIVIDER = { type: 'divider' };

/** Alerts in Slack: posts that are kept up, acknowledged by button, and `/rescue alerts`, which routes them. */
export function createAlertsFeature(given: Omit<AlertDeps, 'outlets'> & UrgentDeps): AlertsFeature {
  const deps: AlertDeps = { ...given, outlets: createOutlets(given) };
  const routes = routing(deps);
  return {
    feature: {
      commands: [
        {
          name: '/rescue alerts',
          summary: 'What somebody should look at now, and where alerts of each kind go.',
          permission: 'alerts.see',
          run: (asked) => overview(deps, asked),
        },
      ],
      actions: {
        ...routes.actions,
        [ACKNOWLEDGE]: {
          permission: 'alerts.acknowledge',
          async run(asked, value) {
            if (!isId(value))
              throw new KnownError('not_found', 'a button without an alert', 'That alert does not exist.');
            await deps.alerts.acknowledge(asked.staff, value as AlertId);
          },
        },
      },
      modals: routes.modals,
    },
    handlers: { 'alert.show': createShow(deps), ...createUrgentHandlers(given) },
  };
}

async function overview(deps: AlertDeps, asked: Asked): Promise<Answer> {
  const { tenant, staff } = asked;
  const [settings, open] = await Promise.all([
    deps.tenants.settings(tenant.id),
    deps.db.inTenant(tenant.id, (tx) => deps.alerts.open(tx)),
  ]);
  const shown = open.slice(0, MOST_SHOWN);
  const page = await contextOf(deps, tenant.id, shown);
  const head = open.length > 0 ? `${plural(open.length, 'alert is', 'alerts are')} open.` : 'No alert is open.';
  const more = open.slice(MOST_SHOWN).map(alertHead);
  return {
    text: [head, ...open.map(alertHead)].join('\n'),
    blocks: [
      section(`*${head}*`),
      ...shown.flatMap((alert) => alertPost(alert, page).blocks),
      ...(more.length > 0 ? [section(more.join('\n'))] : []),
      DIVIDER,
      section('*Where alerts go*'),
      ...routeRows(settings, may(staff.role, 'settings.change')),
    ],
  };
}
