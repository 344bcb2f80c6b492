import type { ImportPreview } from '../../leads/index.ts';
import type { TenantId } from '../../lib/ids.ts';
import { type ChannelName, channelName } from '../../messaging/index.ts';
import { tenantPlaybook } from '../../tenants/index.ts';
import { grouped } from '../format.ts';
import type { ImportDeps } from './deps.ts';

/** More people than WhatsApp takes today. */
export interface Shortage {
  free: number;
  /** New people in 24 hours. */
  most: number;
  /** How many of them find no place; null where they are spread over hours, in which some come free. */
  beyond: number | null;
  /** How those are written to instead; null: they wait. */
  instead: ChannelName | null;
}

/** What a file that begins so many follow-ups at once meets: told before it is confirmed, not when it bites. */
export async function shortageOf(
  deps: Pick<ImportDeps, 'routing' | 'newPeople' | 'playbooks' | 'tenants'>,
  tenantId: TenantId,
  { about, planned }: ImportPreview,
): Promise<Shortage | null> {
  if (!about.confirmed || planned === 0) return null;
  const { accounts, approved, routes = [] } = await deps.routing.of(tenantId);
  const settings = await deps.tenants.settings(tenantId);
  const agreed = new Set<ChannelName>(about.confirmed.channels);
  const { channels } = tenantPlaybook(deps.playbooks.get(about.playbook), settings).cadence;
  const [first, ...others] = channels.filter((channel) => accounts[channel] !== undefined && agreed.has(channel));
  const room = first === 'whatsapp' && approved.size > 0 ? await deps.newPeople.room(routes) : null;
  if (!room || planned <= room.free) return null;
  const beyond = about.perHour === null || planned <= about.perHour ? planned - room.free : null;
  return { ...room, beyond, instead: others[0] ?? null };
}

/** In words. Pure. */
export function shortageWords({ free, most, beyond, instead }: Shortage): string {
  const places = `*WhatsApp takes ${grouped(most)} new people a day from you, and ${grouped(free)} ${free === 1 ? 'place is' : 'places are'} free.*`;
  const who = `Whoever finds none${beyond === null ? '' : `, about ${grouped(beyond)} of them,`}`;
  return instead
    ? `${places} ${who} is written to by ${channelName(instead)} instead, at once, where that reaches them.`
    : `${places} ${who} waits until there is one.`;
}
