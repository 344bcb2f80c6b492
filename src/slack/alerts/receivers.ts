import { type AlertKindKey, kindOf, routeOf } from '../../alerts/index.ts';
import type { TenantId } from '../../lib/ids.ts';
import type { Settings, Staff } from '../../tenants/index.ts';
import type { Outlets } from '../card/outlets.ts';
import type { SlackClient } from '../client.ts';

/** Where a receiver can be reached; undefined where they cannot. */
export async function placeOf(
  outlets: Outlets,
  client: SlackClient,
  tenantId: TenantId,
  { id, direct }: Receiver,
): Promise<string | undefined> {
  if (direct) return outlets.directMessage(client, [{ slackUserId: id }]);
  return (await outlets.usable(tenantId, id)) ? id : undefined;
}

/** Who gets an alert: `id` is a channel or a person of Slack. */
export interface Receiver {
  id: string;
  direct: boolean;
}

/** Told one by one at most. */
export const MAX_TOLD = 5;

/** Managers, then admins, or the other way round, each by direct message: who comes later stands in for who comes first. Pure. */
export function audiencesOf(kind: AlertKindKey, staff: readonly Staff[]): Receiver[][] {
  const of = (role: Staff['role']) =>
    staff.filter((each) => each.role === role).map(({ slackUserId }) => ({ id: slackUserId, direct: true }));
  const [managers, admins] = [of('manager'), of('admin')];
  const inOrder = kindOf(kind).audience === 'managers' ? [managers, admins] : [admins, managers];
  return inOrder.filter((each) => each.length > 0);
}

const audienceOf = (kind: AlertKindKey, staff: readonly Staff[]): Receiver[] => audiencesOf(kind, staff)[0] ?? [];

/** Where an alert of a kind goes; somebody who has no role any more gets none. Pure. */
export function receiversOf(
  kind: AlertKindKey,
  settings: Pick<Settings, 'alertRoutes'>,
  staff: readonly Staff[],
): Receiver[] {
  const route = routeOf(kind, settings);
  switch (route?.to) {
    case 'off':
      return [];
    case 'channel':
      return [{ id: route.channel, direct: false }];
    case 'person': {
      const person = staff.find((each) => each.slackUserId === route.person && each.role !== null);
      return person ? [{ id: person.slackUserId, direct: true }] : audienceOf(kind, staff);
    }
    case undefined:
      return audienceOf(kind, staff);
  }
}
