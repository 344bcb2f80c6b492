import type { TenantId } from '../../lib/ids.ts';
import { brandOf, type Tenants } from '../../tenants/index.ts';
import { context } from '../views.ts';
import { bold } from './text.ts';

/** Whose post it is: the line at its head. */
export interface Masthead {
  /** As people in Slack know it, which is how businesses of a group are told apart. */
  business: string;
  /** Address of its picture. */
  logo: string | null;
  /** Other businesses of the same workspace post as well, so that a notification has to say whose it is. */
  several: boolean;
}

export interface MastheadDeps {
  tenants: Pick<Tenants, 'byId' | 'ofTeam' | 'settings'>;
  publicUrl: string;
}

/** What heads a business's posts; null where nothing has to be said: it is alone in its workspace and has no logo. */
export async function mastheadOf({ tenants, publicUrl }: MastheadDeps, tenantId: TenantId): Promise<Masthead | null> {
  const [tenant, settings] = await Promise.all([tenants.byId(tenantId), tenants.settings(tenantId)]);
  const { logo } = brandOf(tenant, settings);
  const several = tenant.slackTeamId !== null && (await tenants.ofTeam(tenant.slackTeamId)).length > 1;
  if (!logo && !several) return null;
  return { business: tenant.name, logo: logo && `${publicUrl}${logo.path}`, several };
}

/** The same where only a name is worth a line: posts of a line or two. */
export async function nameOf(deps: MastheadDeps, tenantId: TenantId): Promise<Masthead | null> {
  const masthead = await mastheadOf(deps, tenantId);
  return masthead?.several ? masthead : null;
}

/** A message with its head; `logo: false` leaves the picture out. Pure. */
export function headed<T extends { text: string; blocks: object[] }>(
  { business, logo, several }: Masthead,
  message: T,
  shown: { logo: boolean },
): T {
  const line = context(bold(business));
  const picture = { type: 'image', image_url: logo, alt_text: `Logo of ${business}` };
  return {
    ...message,
    text: several ? `${bold(business)}: ${message.text}` : message.text,
    blocks: [logo && shown.logo ? { ...line, elements: [picture, ...line.elements] } : line, ...message.blocks],
  };
}
