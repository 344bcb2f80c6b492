import { getTimezone } from 'countries-and-timezones';
import { z } from 'zod';
import type { Clock } from '../lib/clock.ts';
import { KnownError } from '../lib/errors.ts';
import type { TenantId } from '../lib/ids.ts';
import { memo } from '../lib/memo.ts';
import { parsePhone } from '../people/index.ts';
import type { NewTenant, Playbooks, Staff, StaffBook, StaffProfile, Tenant, Tenants } from '../tenants/index.ts';
import type { Background } from './background.ts';
import { type SlackClient, SlackRefusal } from './client.ts';
import type { Home } from './installation.ts';
import type { Workspace, Workspaces } from './workspaces.ts';

/** Who asks, as the rooms know them. */
export interface Who {
  tenant: Tenant;
  staff: Staff;
  locale: string;
  /** The Web API of their workspace. */
  client: SlackClient;
}

/**
 * Which tenant of a workspace a request acts in: the one the person has chosen, or the one that a card, a window or a
 * page belongs to.
 */
export type Scope = { kind: 'chosen' } | { kind: 'belongs'; to: TenantId | 'first' };

export interface Identity {
  /**
   * Works out the tenant and the person behind a request, and remembers both when they are new. Throws `forbidden` for
   * another workspace, for people Slack does not tell us about, and for a tenant in which the person has no place.
   */
  who(teamId: string, userId: string, scope?: Scope): Promise<Who>;
  /** Asks Slack who somebody is now, and remembers it. A full member who is new here becomes a salesperson. */
  meet(tenant: Tenant, userId: string): Promise<{ staff: Staff; fullMember: boolean }>;
  /**
   * Slack tells of somebody without being asked. Whoever is known here is remembered so: who has left loses their role, who
   * comes back gets it from an admin. People we have never met stay so.
   */
  heard(teamId: string, user: unknown): Promise<void>;
  /** Makes this person the tenant's first admin, unless there is one. */
  found(who: Who): Promise<{ who: Who; founded: boolean }>;
  /** A role or the choice of a tenant was changed here: the next request sees it. */
  forget(tenantId: TenantId, userId: string): void;
}

/** A user of `users.info`, as far as it decides who may do what. */
const slackUser = z.object({
  id: z.string(),
  team_id: z.string().optional(),
  name: z.string().default(''),
  real_name: z.string().optional(),
  profile: z.object({ real_name: z.string().optional(), phone: z.string().optional() }).optional(),
  tz: z.string().nullish(),
  locale: z.string().optional(),
  deleted: z.boolean().default(false),
  is_bot: z.boolean().default(false),
  is_restricted: z.boolean().default(false),
  is_ultra_restricted: z.boolean().default(false),
  is_stranger: z.boolean().default(false),
  enterprise_user: z.object({ teams: z.array(z.string()).default([]) }).optional(),
});
type SlackUser = z.infer<typeof slackUser>;

/** How long another process's change of a role may go unseen, in machine ms. */
const FRESH_MS = 1000;
/** Slack is asked again who somebody is after a day. */
const RECHECK_MS = 86_400_000;
/** And not more often than this, whatever it answers. */
const BETWEEN_CHECKS_MS = 600_000;

/** Guests, people of other workspaces, bots and those who left are no full members. Pure. */
export function isFullMember(user: SlackUser, teamId: string): boolean {
  const belongs = user.team_id === teamId || user.enterprise_user?.teams.includes(teamId) === true;
  const isGuest = user.is_restricted || user.is_ultra_restricted || user.is_stranger;
  return belongs && !isGuest && !user.is_bot && !user.deleted;
}

/** The number in somebody's profile, E.164; null where there is none that is right. Pure. */
function phoneOf(user: SlackUser, country: string): string | null {
  const phone = parsePhone(user.profile?.phone ?? '', country);
  return phone.ok ? phone.e164 : null;
}

/** What a new tenant starts with, from the first person who asks. Pure. */
export function firstSettings(home: Home, user: SlackUser, languages: readonly string[]): NewTenant {
  const zone = user.tz && getTimezone(user.tz) ? user.tz : 'Europe/London';
  const language = user.locale?.slice(0, 2).toLowerCase() ?? 'en';
  return {
    name: home.teamName,
    slackTeamId: home.teamId,
    zone,
    country: getTimezone(zone)?.countries[0] ?? 'GB',
    language: languages.includes(language) ? language : 'en',
  };
}

export function createIdentity(deps: {
  workspaces: Workspaces;
  tenants: Tenants;
  staff: StaffBook;
  playbooks: Playbooks;
  clock: Clock;
  background: Background;
}): Identity {
  const { workspaces, tenants, staff, playbooks, clock, background } = deps;
  const locales = new Map<string, string>();
  const checks = new Map<string, number>();
  const known = memo(clock, FRESH_MS, async (key: string) => {
    const [tenantId = '', userId = ''] = key.split('/');
    return staff.bySlackUser(tenantId as TenantId, userId);
  });
  const keyOf = (tenantId: TenantId, userId: string) => `${tenantId}/${userId}`;

  async function ask(client: SlackClient, userId: string): Promise<SlackUser> {
    try {
      const { user } = await client.call(
        'users.info',
        { user: userId, include_locale: true },
        z.object({ user: slackUser }),
      );
      return user;
    } catch (error) {
      // people of other workspaces whom Slack hides from us
      if (error instanceof SlackRefusal && /^user_not/.test(error.code)) throw stranger();
      throw error;
    }
  }

  async function remember(tenant: Tenant, user: SlackUser): Promise<{ staff: Staff; fullMember: boolean }> {
    const key = keyOf(tenant.id, user.id);
    checks.set(key, clock.machine());
    if (user.locale) locales.set(key, user.locale);
    const fullMember = isFullMember(user, tenant.slackTeamId ?? '');
    const group = await tenants.ofTeam(tenant.slackTeamId ?? '');
    const profile: StaffProfile = {
      slackUserId: user.id,
      name: (user.profile?.real_name || user.real_name || user.name || user.id).slice(0, 120),
      zone: user.tz ?? null,
      phone: phoneOf(user, tenant.country),
      fullMember,
      byInvitation: group.length > 1,
    };
    const found = await staff.remember(tenant.id, profile);
    known.forget(key);
    return { staff: found, fullMember };
  }

  /** The workspace's tenants; the first is made by the first who asks. */
  async function group({ teamId, name, client }: Workspace, userId: string): Promise<readonly Tenant[]> {
    const found = await tenants.ofTeam(teamId);
    if (found.length > 0) return found;
    const languages = playbooks.all.flatMap((playbook) => playbook.languages);
    const first = firstSettings({ teamId, teamName: name }, await ask(client, userId), languages);
    // who installed the app goes live when all is set up; who configured a token has set it up
    const wanted: NewTenant = workspaces.source === 'oauth' ? { ...first, waitsFor: 'go_live' } : first;
    return [await tenants.ensure(wanted, workspaces.source)];
  }

  /** Somebody without any place is met in the first tenant, where they have no role. */
  async function tenantFor(all: readonly Tenant[], userId: string, scope: Scope): Promise<Tenant> {
    const [first] = all;
    if (!first) throw new Error('a workspace without a tenant');
    const wanted = scope.kind === 'chosen' ? undefined : scope.to === 'first' ? first.id : scope.to;
    if (all.length === 1) {
      if (wanted !== undefined && wanted !== first.id) throw noPlace();
      return first;
    }
    const places = await staff.places(first.slackTeamId ?? '', userId);
    const place = places.find(({ tenantId }) => wanted === undefined || tenantId === wanted);
    const tenant = all.find(({ id }) => id === place?.tenantId);
    if (tenant) return tenant;
    if (wanted !== undefined) throw noPlace();
    return first;
  }

  /** Slack is asked once a day, and once after a start since nothing stored says which language somebody reads. */
  function isDue(key: string, found: Staff): boolean {
    const now = clock.machine();
    const waits = now - (checks.get(key) ?? Number.NEGATIVE_INFINITY) < BETWEEN_CHECKS_MS;
    return !waits && (now - found.checkedAt.getTime() > RECHECK_MS || !locales.has(key));
  }

  return {
    async who(teamId, userId, scope = { kind: 'chosen' }) {
      const workspace = await workspaces.of(teamId);
      const { client } = workspace;
      const tenant = await tenantFor(await group(workspace, userId), userId, scope);
      const key = keyOf(tenant.id, userId);
      const found = await known.get(key);
      if (found && isDue(key, found)) {
        checks.set(key, clock.machine());
        background.run('ask Slack who somebody is', async () => remember(tenant, await ask(client, userId)));
      }
      const person = found ?? (await remember(tenant, await ask(client, userId))).staff;
      return { tenant, staff: person, locale: locales.get(key) ?? tenant.language, client };
    },
    async meet(tenant, userId) {
      const { client } = await workspaces.of(tenant.slackTeamId ?? '');
      return remember(tenant, await ask(client, userId));
    },
    async heard(teamId, told) {
      const user = slackUser.parse(told);
      for (const tenant of await tenants.ofTeam(teamId)) {
        if (await staff.bySlackUser(tenant.id, user.id)) await remember(tenant, user);
      }
    },
    async found(who) {
      const { tenant, staff: person } = who;
      if (person.role === null || person.role === 'admin') return { who, founded: false };
      if (!(await staff.found(tenant.id, person))) return { who, founded: false };
      known.forget(keyOf(tenant.id, person.slackUserId));
      return { who: { ...who, staff: { ...person, role: 'admin' } }, founded: true };
    },
    forget: (tenantId, userId) => known.forget(keyOf(tenantId, userId)),
  };
}

function noPlace(): KnownError {
  const message = 'This belongs to a business in which you have no place. Its admins give places: `/rescue people`.';
  return new KnownError('forbidden', 'no place in this tenant', message);
}

function stranger(): KnownError {
  return new KnownError('forbidden', 'user not visible', 'Only members of this workspace can use LeadRescue.');
}
