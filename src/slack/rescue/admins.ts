import { KnownError } from '../../lib/errors.ts';
import { may, type Staff } from '../../tenants/index.ts';
import { inline } from '../card/index.ts';
import type { Action, Asked, Modal } from '../feature.ts';
import { modal, show } from '../lead/modals.ts';
import { colleagueAt } from '../lead/whose.ts';
import { buttons, input, section } from '../views.ts';
import type { RescueDeps } from './deps.ts';

/*
 * A business whose admins have all left Slack: nobody could give roles any more. Its managers name an admin then, or who
 * runs LeadRescue, where no manager is left.
 */

const FORM = 'people_admin';

/** What is said where nobody is admin any more, with the button. */
export const NAME_ADMIN: readonly object[] = [
  section('*Nobody is admin here any more.* Nobody else can give roles or change settings, so name an admin now.'),
  ...buttons({ text: 'Name an admin', actionId: FORM, style: 'primary' }),
];

export const nobodyIsAdmin = (staff: readonly Pick<Staff, 'role'>[]): boolean =>
  !staff.some(({ role }) => role === 'admin');

/** Whether whoever asks also runs LeadRescue, and sees what is no business's. */
export const runsUs = ({ operators = [] }: Pick<RescueDeps, 'operators'>, { tenant, staff }: Asked): boolean =>
  operators.includes(`${tenant.slackTeamId}/${staff.slackUserId}`);

/** Whether somebody may name an admin, should there be none. */
export const mayName = (deps: Pick<RescueDeps, 'operators'>, asked: Asked): boolean =>
  may(asked.staff.role, 'people.see') || runsUs(deps, asked);

export function adminParts(deps: Pick<RescueDeps, 'staff' | 'operators' | 'identity'>): {
  actions: Record<string, Action>;
  modals: Record<string, Modal>;
} {
  function demandName(asked: Asked): void {
    if (mayName(deps, asked)) return;
    throw new KnownError('forbidden', 'may not name an admin', 'Only managers can do this. Ask one of them.');
  }
  return {
    actions: {
      [FORM]: {
        permission: 'lead.see_own',
        async run(asked, _value, place) {
          demandName(asked);
          const view = modal({
            id: FORM,
            title: 'Name an admin',
            submit: 'Make admin',
            close: 'Cancel',
            blocks: [
              section('Who gives roles and changes settings from now on? It is written down who named them.'),
              input('to', 'Colleague', { type: 'users_select' }),
            ],
          });
          await show(asked, place, view);
        },
      },
    },
    modals: {
      [FORM]: {
        permission: 'lead.see_own',
        async submit(asked, values) {
          demandName(asked);
          const { tenant } = asked;
          const to = await colleagueAt(deps.staff, tenant.id, values.choice('to'));
          await deps.staff.nameAdmin(tenant.id, to.id, asked.staff, { operator: runsUs(deps, asked) });
          deps.identity.forget(tenant.id, to.slackUserId);
          asked.afterwards(() => asked.whisper({ text: `${inline(to.name)} is admin now.` }));
          return { kind: 'close' };
        },
      },
    },
  };
}
