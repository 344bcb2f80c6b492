import { validationError } from '../../lib/errors.ts';
import type { TenantId } from '../../lib/ids.ts';
import type { Whose } from '../../messaging/index.ts';
import type { Staff, StaffBook } from '../../tenants/index.ts';
import { inline } from '../card/index.ts';
import type { Action, Modal } from '../feature.ts';
import { firstName } from '../format.ts';
import { input, section } from '../views.ts';
import type { LeadDeps } from './deps.ts';
import { leadIdOf, modal, show } from './modals.ts';
import { confirmDone } from './open.ts';

const TAKE = 'lead_take';
const GIVE = 'lead_give';

/** The colleague chosen in a form's input `to`. Throws at it when nobody was chosen, or they have no role here. */
export async function colleagueAt(staff: StaffBook, tenantId: TenantId, userId: string): Promise<Staff> {
  if (userId === '') throw validationError([{ field: 'to', message: 'Choose somebody.' }]);
  const found = await staff.bySlackUser(tenantId, userId);
  if (found?.role) return found;
  const message = 'They have no role in LeadRescue here. Your admins give roles: /rescue people.';
  throw validationError([{ field: 'to', message }]);
}

/** Whose a lead is: anybody of the staff takes one that nobody looks after, managers give it to somebody. */
export function createWhoseButtons(deps: LeadDeps & { whose: Whose }): {
  actions: Record<string, Action>;
  modals: Record<string, Modal>;
} {
  const { desk, staff, whose } = deps;
  return {
    actions: {
      [TAKE]: {
        permission: 'lead.see_own',
        async run(asked, value, place) {
          const leadId = leadIdOf(value);
          const taken = await whose.take(asked.staff, leadId);
          const { name } = await desk.lead(asked.staff, leadId);
          const who = inline(firstName(name));
          const words = taken
            ? `You look after ${who} from now on: what they write comes to you, and what has not left yet is signed by you.`
            : `You look after ${who} already.`;
          await confirmDone(deps, asked, place, leadId, words);
        },
      },
      [GIVE]: {
        permission: 'lead.see_all',
        async run(asked, value, place) {
          const lead = await desk.lead(asked.staff, leadIdOf(value));
          const view = modal({
            id: GIVE,
            title: 'Give to …',
            submit: 'Give',
            close: 'Cancel',
            metadata: lead.id,
            blocks: [
              section(
                `Who looks after *${inline(lead.name)}* from now on? What they write comes to that colleague, and messages that have not left yet are signed by them.`,
              ),
              input('to', 'Colleague', { type: 'users_select' }),
            ],
          });
          await show(asked, place, view);
        },
      },
    },
    modals: {
      [GIVE]: {
        permission: 'lead.see_all',
        async submit(asked, values, metadata) {
          const leadId = leadIdOf(metadata);
          const to = await colleagueAt(staff, asked.tenant.id, values.choice('to'));
          const given = await whose.give(asked.staff, leadId, to.id);
          asked.afterwards(async () => {
            const { name } = await desk.lead(asked.staff, leadId);
            const [whom, who] = [inline(to.name), inline(name)];
            const words = given ? `${whom} looks after ${who} from now on.` : `${whom} looks after ${who} already.`;
            await asked.whisper({ text: words });
          });
          return { kind: 'close' };
        },
      },
    },
  };
}
