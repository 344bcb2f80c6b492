import type { EffectHandler } from '../../events/index.ts';
import type { StaffId } from '../../lib/ids.ts';
import { type CardDeps, createOutlets, inline, leaders } from '../card/index.ts';
import { section } from '../views.ts';
import { NAME_ADMIN, nobodyIsAdmin } from './admins.ts';
import type { RescueDeps } from './deps.ts';
import { leadsLeft, leavers } from './leads-of.ts';

/** Told one by one at most. */
const MAX_TOLD = 5;

/** Tells admins and managers that somebody has left Slack and lost their role, and what is to be done about it. May come twice. */
export function createStaffLeft(
  deps: Pick<RescueDeps, 'db' | 'staff' | 'whose'> & Pick<CardDeps, 'clientOf' | 'clock' | 'log'>,
): EffectHandler {
  const outlets = createOutlets(deps);
  return async ({ tenantId, key }) => {
    const people = await deps.staff.list(tenantId);
    const person = people.find(({ id }) => id === (key as StaffId));
    if (!person || person.role !== null) return; // somebody has given them a role again
    const words = `*${inline(person.name)}* has left your Slack, or is no full member of it any more, and so has no role in LeadRescue.`;
    const theirs = (await leavers(deps, tenantId)).filter((each) => each.person.id === person.id);
    const message = {
      text: words,
      blocks: [
        section(words),
        ...theirs.map(({ leads }) => leadsLeft(person, leads)),
        ...(nobodyIsAdmin(people) ? NAME_ADMIN : []),
      ],
    };
    const told = await outlets.tell(await deps.clientOf(tenantId), leaders(people), message, MAX_TOLD);
    if (told.length === 0) deps.log.warn({ tenant: tenantId }, 'somebody has left, and nobody is there to be told');
  };
}
