import { z } from 'zod';
import type { EffectHandler } from '../../events/index.ts';
import { owedAnswers } from '../../inbox/index.ts';
import type { StaffId } from '../../lib/ids.ts';
import type { Staff } from '../../tenants/index.ts';
import { inline, post, said } from '../card/index.ts';
import { plural, timesFor } from '../format.ts';
import type { BookingDeps } from './deps.ts';

const handOver = z.object({
  staffId: z.uuid(),
  /** Who stands in from now on; null: the absence is over. */
  coverId: z.uuid().nullable(),
  before: z.uuid().nullable(),
  until: z.iso.datetime().nullable(),
});

/** Tells both when somebody begins to stand in for somebody, and when that is over. May come twice after a crash. */
export function createCoverTell(deps: BookingDeps): EffectHandler {
  const { cards } = deps;

  return async ({ tenantId, data }) => {
    const { staffId, coverId, before, until } = handOver.parse(data);
    const [tenant, client, staff] = await Promise.all([
      deps.tenants.byId(tenantId),
      deps.clientOf(tenantId),
      deps.staff.list(tenantId),
    ]);
    const person = (id: string | null) => staff.find((each) => each.id === id);
    const [away, cover, former] = [person(staffId), person(coverId), person(before)];
    if (!away) return;
    const { total } = await deps.db.inTenant(tenantId, (tx) =>
      owedAnswers(tx, { by: (coverId ?? staffId) as StaffId, limit: 1 }),
    );
    const times = timesFor({ zone: tenant.zone, country: tenant.country, now: deps.clock.now() });
    const end = until ? ` until ${times.full(new Date(until))}` : '';
    const owed = total > 0 ? ` You owe ${plural(total, 'answer')} now: App Home lists them.` : '';

    async function tell(to: Staff | undefined, words: string): Promise<void> {
      const channel = to && (await cards.outlets.directMessage(client, [to]));
      if (channel) await post(client, channel, said(words));
    }
    const name = inline(away.name);
    if (former && former.id !== cover?.id) {
      await tell(former, `You no longer stand in for *${name}*: the leads are theirs again. Thank you.`);
    }
    if (cover) {
      await tell(
        cover,
        `You stand in for *${name}*${end}: what their customers write comes to you, and you see and answer their leads (\`/leads\`).${owed}`,
      );
      await tell(
        away,
        `*${inline(cover.name)}* stands in for you${end}. Your leads stay yours, and come back by themselves.`,
      );
    } else {
      await tell(away, `You are back: what your customers write comes to you again.${owed}`);
    }
  };
}
