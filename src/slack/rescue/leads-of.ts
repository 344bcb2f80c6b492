import { z } from 'zod';
import { KnownError } from '../../lib/errors.ts';
import { isId, type StaffId } from '../../lib/ids.ts';
import type { Staff } from '../../tenants/index.ts';
import { inline } from '../card/index.ts';
import type { Action, Asked, Modal } from '../feature.ts';
import { plural } from '../format.ts';
import { modal, show } from '../lead/modals.ts';
import { colleagueAt } from '../lead/whose.ts';
import { button, input, section } from '../views.ts';
import type { RescueDeps } from './deps.ts';

const GIVE_ALL = 'people_leads';

type LeadsOfDeps = Pick<RescueDeps, 'db' | 'staff' | 'whose'>;

/** A line about somebody without a role whose leads nobody looks after any more, with the button that gives them on. Pure. */
export const leadsLeft = (person: Pick<Staff, 'id' | 'name'>, leads: number): object =>
  section(
    `*${inline(person.name)}* has no role any more, and ${plural(leads, 'open lead is', 'open leads are')} still theirs: nobody hears what these customers write but you.`,
    button({ text: 'Give their leads to …', actionId: GIVE_ALL, value: person.id, style: 'primary' }),
  );

/** Those without a role who still have open leads. */
export async function leavers(
  deps: LeadsOfDeps,
  tenantId: Staff['tenantId'],
): Promise<{ person: Staff; leads: number }[]> {
  const gone = (await deps.staff.list(tenantId)).filter(({ role }) => role === null);
  if (gone.length === 0) return [];
  const counts = await deps.db.inTenant(tenantId, (tx) => deps.whose.counts(tx));
  return gone.flatMap((person) => {
    const leads = counts.get(person.id) ?? 0;
    return leads > 0 ? [{ person, leads }] : [];
  });
}

/** Giving all open leads of somebody to a colleague. */
export function leadsOfParts(deps: LeadsOfDeps): {
  actions: Record<string, Action>;
  modals: Record<string, Modal>;
} {
  async function stateOf(asked: Asked, value: string): Promise<{ from: Staff; leads: number }> {
    const from = isId(value) ? await deps.staff.byId(asked.tenant.id, value as StaffId) : undefined;
    if (!from) throw new KnownError('not_found', 'a button without a person', 'That person does not exist (any more).');
    const counts = await deps.db.inTenant(asked.tenant.id, (tx) => deps.whose.counts(tx));
    const leads = counts.get(from.id) ?? 0;
    if (leads > 0) return { from, leads };
    throw new KnownError('conflict', 'no leads left', `${from.name} has no open leads any more.`);
  }

  return {
    actions: {
      [GIVE_ALL]: {
        permission: 'lead.see_all',
        async run(asked, value, place) {
          const { from, leads } = await stateOf(asked, value);
          const view = modal({
            id: GIVE_ALL,
            title: 'Give leads to …',
            submit: 'Give all',
            close: 'Cancel',
            metadata: from.id,
            blocks: [
              section(
                `Who looks after the ${plural(leads, 'open lead')} of *${inline(from.name)}* from now on? What these customers write comes to that colleague, and messages that have not left yet are signed by them.`,
              ),
              input('to', 'Colleague', { type: 'users_select' }),
            ],
          });
          await show(asked, place, view);
        },
      },
    },
    modals: {
      [GIVE_ALL]: {
        permission: 'lead.see_all',
        async submit(asked, values, metadata) {
          const to = await colleagueAt(deps.staff, asked.tenant.id, values.choice('to'));
          const { from, leads } = await stateOf(asked, metadata);
          await deps.whose.giveAll(asked.staff, from.id, to.id);
          asked.afterwards(async () => {
            const what = plural(leads, 'open lead');
            await asked.whisper({
              text: `${inline(to.name)} looks after the ${what} of ${inline(from.name)} in a moment.`,
            });
            if (to.id === asked.staff.id) return;
            const text = `You look after the ${what} of ${inline(from.name)} from now on, says ${inline(asked.staff.name)}: \`/leads\` lists them.`;
            await asked.slack.call('chat.postMessage', { channel: to.slackUserId, text }, z.object({}));
          });
          return { kind: 'close' };
        },
      },
    },
  };
}
